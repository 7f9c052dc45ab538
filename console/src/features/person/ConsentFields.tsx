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
  const fields = [
    {
      of: 'from',
      label: t`Who says that messages may come again?`,
      error: t`Say who gave their consent.`,
    },
    {
      of: 'how',
      label: t`How did they say so?`,
      hint: t`Such as: by phone today, at the counter, in a letter.`,
      error: t`Say how it was given.`,
    },
  ] as const satisfies readonly { of: keyof Consent; label: string; hint?: string; error: string }[];
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
      {fields.map(({ of, label, error, ...more }) => (
        <Field
          key={of}
          label={label}
          {...more}
          error={showErrors && consent[of].trim() === '' ? error : null}
        >
          {(field) => (
            <input
              {...field}
              type="text"
              autoComplete="off"
              maxLength={NOTE_LIMIT}
              required={need === 'all'}
              value={consent[of]}
              onChange={(typed) => {
                change({ ...consent, [of]: typed.target.value });
              }}
            />
          )}
        </Field>
      ))}
    </fieldset>
  );
}
