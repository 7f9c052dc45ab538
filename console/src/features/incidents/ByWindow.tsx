import { Trans, useLingui } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { clock, type Cause, type Channel } from '@/api';
import { Failed } from '@/components/Failed';
import { Field } from '@/components/Field';
import { EVERY_PROVIDER, providerName } from '@/components/providers';
import { EVERY_CAUSE, useWords } from '@/components/words';
import { CountButton } from './CountButton';
import { IncidentNote, noteOf } from './IncidentNote';
import { SchoolField } from './SchoolField';
import { useCount } from './useCount';
import { EMPTY, faultOf, whereOf, type Window, type WindowFault } from './wish';

/** What the person's own is no incident's. */
const CAUSES = EVERY_CAUSE.filter((cause) => !['complaint', 'opt_out', 'revocation'].includes(cause));
const CHANNELS: readonly Channel[] = ['email', 'sms', 'voice'];

/** A window of time, and whatever else is so of the wrong ones alone. */
export function ByWindow() {
  const { t } = useLingui();
  const words = useWords();
  const [window, setWindow] = useState<Window>(EMPTY);
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState<{ field: 'from' | 'to'; fault: WindowFault } | null>(null);
  const [from, to] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const { count, isCounting, error } = useCount();
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const faults: Record<WindowFault, string> = {
    no_beginning: t`Say when it began: a day and a time.`,
    not_yet: t`This is still to come. Say when it began.`,
    backwards: t`The end must be after the beginning.`,
  };
  const change = <Name extends keyof Window>(name: Name) => ({
    value: window[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLSelectElement>) => {
      setWindow({ ...window, [name]: event.target.value });
    },
  });
  const text = (name: 'account' | 'domain' | 'code' | 'text') => (field: object) => (
    <input {...field} {...change(name)} maxLength={200} autoComplete="off" autoCapitalize="none" />
  );
  const faultIn = (field: 'from' | 'to') => (wrong?.field === field ? faults[wrong.fault] : null);

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = faultOf(window, clock.now());
        setWrong(found);
        if (found) (found.field === 'from' ? from : to).current?.focus();
        else count({ where: whereOf(window), note: noteOf(note) });
      }}
    >
      <div className="beside">
        <Field label={t`From`} hint={t`Your time: ${zone}`} error={faultIn('from')}>
          {(field) => <input {...field} {...change('from')} ref={from} type="datetime-local" required />}
        </Field>
        <Field label={t`Until`} hint={t`Left out: until it is counted`} error={faultIn('to')}>
          {(field) => <input {...field} {...change('to')} ref={to} type="datetime-local" />}
        </Field>
      </div>
      <h2>
        <Trans>Narrow it down</Trans>
      </h2>
      <p>
        <Trans>
          Everything here may be left out. The more you say, the fewer addresses are marked good by mistake.
        </Trans>
      </p>
      <div className="beside">
        <Field label={t`Channel`}>
          {(field) => (
            <select {...field} {...change('channel')}>
              <option value="">{t`Any`}</option>
              {CHANNELS.map((channel) => (
                <option key={channel} value={channel}>
                  {words.channel(channel)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t`Domain of the address`} hint={t`Such as example.org`}>
          {text('domain')}
        </Field>
        <Field label={t`Provider that told it`}>
          {(field) => (
            <select {...field} {...change('provider')}>
              <option value="">{t`Any`}</option>
              {EVERY_PROVIDER.map((id) => (
                <option key={id} value={id}>
                  {providerName(id)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t`Account there`} hint={t`Only where there are several`}>
          {text('account')}
        </Field>
        <Field label={t`Cause`}>
          {(field) => (
            <select {...field} {...change('cause')}>
              <option value="">{t`Any, but what was marked by hand`}</option>
              {CAUSES.map((cause: Cause) => (
                <option key={cause} value={cause}>
                  {words.cause(cause)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t`Code`} hint={t`The provider's own, or the mail server's, such as 5.1.1`}>
          {text('code')}
        </Field>
        <Field label={t`Words of the mail server`} hint={t`A part of what it answered`}>
          {text('text')}
        </Field>
        <Field label={t`School`} hint={t`Of somebody who has the address now`}>
          {(field) => <SchoolField field={field} {...change('school')} />}
        </Field>
      </div>
      <IncidentNote note={note} change={setNote} />
      {error && <Failed error={error} />}
      <CountButton busy={isCounting} />
    </form>
  );
}
