import { useLingui } from '@lingui/react/macro';
import { NoteField } from '@/components/NoteField';

interface IncidentNoteProps {
  readonly note: string;
  readonly change: (note: string) => void;
}

/** Why it is done: it stands in the history of everybody who is reset. */
export function IncidentNote({ note, change }: IncidentNoteProps) {
  const { t } = useLingui();
  return (
    <NoteField
      label={t`Note (may be left out)`}
      hint={t`What happened, in a sentence. It stands in the history of everybody who is reset.`}
      atMost={500}
      note={note}
      change={change}
    />
  );
}

/** As the API takes it. */
export function noteOf(note: string): string | null {
  return note.trim() || null;
}
