import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { schoolsQuery } from './queries';

interface SchoolFieldProps {
  readonly field: object;
  readonly value: string;
  readonly onChange: (event: React.ChangeEvent<HTMLSelectElement>) => void;
}

/** A school by name; while the names load, or where they cannot be had, all schools. */
export function SchoolField({ field, value, onChange }: SchoolFieldProps) {
  const { t } = useLingui();
  const { data: schools, isError } = useQuery(schoolsQuery);
  return (
    <>
      <select {...field} value={value} onChange={onChange}>
        <option value="">{t`Any`}</option>
        {schools?.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      {isError && (
        <p className="hint">
          <Trans>The schools' names could not be loaded. Load the page again to choose one.</Trans>
        </p>
      )}
    </>
  );
}
