import { Field } from '@/components/Field';

interface ChoiceProps {
  readonly label: string;
  /** What the empty choice is called, such as: all schools. */
  readonly all: string;
  readonly value: string | undefined;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  readonly choose: (id: string) => void;
}

/** One of a few things to narrow a list to, or all. */
export function Choice({ label, all, value = '', options, choose }: ChoiceProps) {
  return (
    <Field label={label}>
      {(field) => (
        <select
          {...field}
          value={value}
          onChange={(event) => {
            choose(event.target.value);
          }}
        >
          <option value="">{all}</option>
          {value !== '' && !options.some(({ id }) => id === value) && <option value={value}>…</option>}
          {options.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
