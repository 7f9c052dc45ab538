import { Trans, useLingui } from '@lingui/react/macro';
import { Field } from '@/components/Field';
import { NOTE_LIMIT } from './notes';

export interface Consent {
  readonly from: string;
  readonly how: string;
}

interface ConsentFieldsProps {
  /** `all`: nothing can be opened without it. */
  readonly need: 'some' | 'all';
  readonly consent: Consent;
  readonly change: (consent: Consent) => void;
  readonly showErrors: boolean;
}

/** Whose word it is that messages may come again, and how it was given. */
export function ConsentFields({ need, consent, change, showErrors }: ConsentFieldsProps) {
  const { t } = useLingui();
  const missing = (text: string, error: string) => (showErrors && text.trim() === '' ? error : null);
  return (
    <fieldset>
      <legend>
        <Trans>Consent</Trans>
      </legend>
      <p className="hint">
        {need === 'all' ? (
          <Trans>Messages are not wanted here. Ask first: without consent nothing is opened.</Trans>
        ) : (
          <Trans>Some messages are not wanted here. Without consent only the rest is opened.</Trans>
        )}
      </p>
      <Field
        label={t`Who says that messages may come again?`}
        error={missing(consent.from, t`Say who gave their consent.`)}
      >
        {(field) => (
          <input
            {...field}
            type="text"
            autoComplete="off"
            maxLength={NOTE_LIMIT}
            required={need === 'all'}
            value={consent.from}
            onChange={(typed) => {
              change({ ...consent, from: typed.target.value });
            }}
          />
        )}
      </Field>
      <Field
        label={t`How did they say so?`}
        hint={t`Such as: by phone today, at the counter, in a letter.`}
        error={missing(consent.how, t`Say how it was given.`)}
      >
        {(field) => (
          <input
            {...field}
            type="text"
            autoComplete="off"
            maxLength={NOTE_LIMIT}
            required={need === 'all'}
            value={consent.how}
            onChange={(typed) => {
              change({ ...consent, how: typed.target.value });
            }}
          />
        )}
      </Field>
    </fieldset>
  );
}
