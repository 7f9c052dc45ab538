import { Plural, useLingui } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { Failed } from '@/components/Failed';
import { Field } from '@/components/Field';
import { useWords } from '@/components/words';
import { CountButton } from './CountButton';
import { IncidentNote, noteOf } from './IncidentNote';
import { useCount } from './useCount';
import { PEOPLE_AT_ONCE, peopleIn } from './wish';

/** People by their ids, pasted from a spreadsheet or typed. */
export function ByPeople() {
  const { t } = useLingui();
  const words = useWords();
  const [pasted, setPasted] = useState('');
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const { count, isCounting, error } = useCount();
  const people = peopleIn(pasted);
  const send = () => {
    const [many, most] = [words.number(people.length), words.number(PEOPLE_AT_ONCE)];
    const fault =
      people.length === 0
        ? t`Type or paste at least one sourcedId.`
        : people.length > PEOPLE_AT_ONCE
          ? t`These are ${many}. Up to ${most} can be pasted: put them in a file instead.`
          : null;
    setWrong(fault);
    if (fault) area.current?.focus();
    else count({ users: people, note: noteOf(note) });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Field
        label={t`Their sourcedIds`}
        hint={t`One a line, or a column of a spreadsheet. All of a person's that staff may lift is lifted, of email and phone.`}
        error={wrong}
      >
        {(field) => (
          <textarea
            {...field}
            ref={area}
            rows={8}
            autoComplete="off"
            spellCheck={false}
            value={pasted}
            onChange={(event) => {
              setPasted(event.target.value);
            }}
          />
        )}
      </Field>
      {people.length > 0 && (
        <p>
          <Plural value={people.length} one="# person" other="# people" />
        </p>
      )}
      <IncidentNote note={note} change={setNote} />
      {error && <Failed error={error} />}
      <CountButton busy={isCounting} />
    </form>
  );
}
