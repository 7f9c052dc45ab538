import { useLingui } from '@lingui/react/macro';
import { Field } from '@/components/Field';

interface NoteFieldProps {
  readonly note: string;
  readonly change: (note: string) => void;
}

/** Why it is done: it stands in the history of everybody who is reset. */
export function NoteField({ note, change }: NoteFieldProps) {
  const { t } = useLingui();
  return (
    <Field
      label={t`Note (may be left out)`}
      hint={t`What happened, in a sentence. It stands in the history of everybody who is reset.`}
    >
      {(field) => (
        <textarea
          {...field}
          rows={2}
          maxLength={500}
          value={note}
          onChange={(event) => {
            change(event.target.value);
          }}
        />
      )}
    </Field>
  );
}

/** As the API takes it. */
export function noteOf(note: string): string | null {
  return note.trim() || null;
}
