import { Field } from './Field';

interface NoteFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly error?: string | null;
  readonly required?: boolean;
  /** Characters that the API takes. */
  readonly atMost: number;
  readonly note: string;
  readonly change: (note: string) => void;
}

/** Why something is done, in a sentence or two. */
export function NoteField({
  label,
  hint,
  error = null,
  required = false,
  atMost,
  note,
  change,
}: NoteFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => (
        <textarea
          {...field}
          rows={2}
          required={required}
          maxLength={atMost}
          value={note}
          onChange={(typed) => {
            change(typed.target.value);
          }}
        />
      )}
    </Field>
  );
}
