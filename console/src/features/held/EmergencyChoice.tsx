import { Trans } from '@lingui/react/macro';

interface EmergencyChoiceProps {
  readonly pass: boolean;
  readonly choose: (pass: boolean) => void;
}

/** Of all sending alone: whether sign-in codes and emergencies go out all the same. */
export function EmergencyChoice({ pass, choose }: EmergencyChoiceProps) {
  const choice = (value: boolean, words: React.ReactNode) => (
    <label className="choice">
      <input
        type="radio"
        name="emergencies"
        checked={pass === value}
        onChange={() => {
          choose(value);
        }}
      />
      {words}
    </label>
  );
  return (
    <fieldset>
      <legend>
        <Trans>Sign-in codes and emergencies</Trans>
      </legend>
      {choice(true, <Trans>Go out all the same: newsletters go wrong, or nobody knows yet</Trans>)}
      {choice(
        false,
        <Trans>
          Are stopped, too: somebody sends who must not. Nobody can sign in by a code, you included, and an
          emergency reaches nobody
        </Trans>,
      )}
    </fieldset>
  );
}
