import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Choice } from './Choice';
import { schoolsQuery } from './queries';

interface SchoolChoiceProps {
  readonly value: string | undefined;
  readonly choose: (id: string) => void;
}

/** One of the schools that one may see; nothing where there is but one. */
export function SchoolChoice({ value, choose }: SchoolChoiceProps) {
  const { t } = useLingui();
  const schools = useQuery(schoolsQuery).data ?? [];
  if (schools.length < 2 && !value) return null;
  return <Choice label={t`School`} all={t`All schools`} value={value} options={schools} choose={choose} />;
}
