import { Trans, useLingui } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { Field } from '@/components/Field';
import { idOf, placeOf, type Kind } from './groups';

/** Where a wrong list or text is stopped before anything bounces: the page of what is to be held. */
export function OpenForm() {
  const { t } = useLingui();
  const [, go] = useLocation();
  const [kind, setKind] = useState<Kind>('batch');
  const [name, setName] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);

  function open(event: React.SubmitEvent) {
    event.preventDefault();
    const id = idOf(kind, name);
    if (id !== null) {
      go(placeOf(id));
      return;
    }
    setWrong(saidWrong());
    input.current?.focus();
  }

  function saidWrong(): string {
    if (name.includes('@'))
      return t`This is one person’s address. Of an email domain write what comes after the @.`;
    if (kind === 'domain') return t`Write the domain alone, such as example.org.`;
    return t`Write the id as the sending system shows it: letters, digits, dots and hyphens, without spaces.`;
  }

  return (
    <section aria-labelledby="open">
      <h2 id="open">
        <Trans>Hold something, or see how it stands</Trans>
      </h2>
      <p>
        <Trans>
          A wrong text or a wrong list: hold it before it does damage. First you see how it stands.
        </Trans>
      </p>
      <form noValidate onSubmit={open}>
        <Field label={t`What is it?`}>
          {(field) => (
            <select
              {...field}
              value={kind}
              onChange={(event) => {
                setKind(event.target.value as Kind);
                setWrong(null);
              }}
            >
              <option value="batch">{t`A batch of messages`}</option>
              <option value="domain">{t`All email to a domain`}</option>
              <option value="all">{t`All sending`}</option>
            </select>
          )}
        </Field>
        {kind !== 'all' && (
          <Field
            label={kind === 'batch' ? t`Id of the batch` : t`Email domain`}
            hint={
              kind === 'batch'
                ? t`The system that sends shows it, for example newsletter-2026-11-27.`
                : t`What comes after the @, for example example.org.`
            }
            error={wrong}
          >
            {(field) => (
              <input
                {...field}
                ref={input}
                value={name}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                onChange={(event) => {
                  setName(event.target.value);
                }}
              />
            )}
          </Field>
        )}
        <p className="buttons">
          <button type="submit" className="button second">
            <Trans>Look</Trans>
          </button>
        </p>
      </form>
    </section>
  );
}
