import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Field } from '@/components/Field';
import { CountButton } from './CountButton';
import { lists } from './lists';
import { IncidentNote, noteOf } from './IncidentNote';
import { askForPlace } from './queries';
import { listFault, type ListFault } from './wish';

/** A list of people as a file; it is counted once it is there. */
export function ByFile() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);

  const faults: Record<ListFault, string> = {
    unreadable: t`This file cannot be read: it is a folder, or has been changed or moved since. Choose it again.`,
    empty: t`This file is empty.`,
    too_large: t`This file is too large for a list of 100,000 ids. Choose the one with the ids alone.`,
    no_text: t`This is no text. Save the spreadsheet as CSV, and choose that.`,
  };
  const judged = async (chosen: File | null) => {
    const fault = chosen ? await listFault(chosen).catch(() => 'unreadable' as const) : null;
    const words = chosen ? fault && faults[fault] : t`Choose a file first.`;
    setWrong(words);
    return words === null;
  };
  const send = async () => {
    if (!(await judged(file))) picker.current?.focus();
    else if (file) await lists.send(file, () => askForPlace(queries, noteOf(note)));
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field
        label={t`The list`}
        hint={t`A CSV with a column sourced_id, or a text with an id a line. No spreadsheet: save it as CSV.`}
        error={wrong}
      >
        {(field) => (
          <input
            {...field}
            ref={picker}
            type="file"
            accept=".csv,.txt,text/csv,text/plain"
            onChange={(event) => {
              const chosen = event.target.files?.[0] ?? null;
              setFile(chosen);
              setWrong(null);
              if (chosen) void judged(chosen);
            }}
          />
        )}
      </Field>
      <IncidentNote note={note} change={setNote} />
      <CountButton busy={false} />
    </form>
  );
}
