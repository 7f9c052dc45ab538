import { Trans } from '@lingui/react/macro';
import type { CredentialKind, CredentialOut } from '@/api';
import { useWords } from '@/components/words';

interface WhichToResetProps {
  readonly candidates: readonly CredentialOut[];
  readonly chosen: readonly CredentialOut[];
  readonly error: boolean;
  readonly choose: (kind: CredentialKind, isChosen: boolean) => void;
}

/** Which of them; of one alone there is no choice. */
export function WhichToReset({ candidates, chosen, error, choose }: WhichToResetProps) {
  const words = useWords();
  const only = candidates.length === 1 ? chosen[0] : undefined;
  if (only)
    return (
      <p>
        {words.kind(only.kind)}: <strong translate="no">{only.typed}</strong>
      </p>
    );
  return (
    <fieldset>
      <legend>
        <Trans>Which?</Trans>
      </legend>
      {error && (
        <p className="field-error" id="reset-which">
          <Trans>Choose at least one.</Trans>
        </p>
      )}
      {candidates.map(({ kind, typed }) => (
        <label key={kind} className="choice">
          <input
            type="checkbox"
            checked={chosen.some((credential) => credential.kind === kind)}
            {...(error ? { 'aria-invalid': true, 'aria-describedby': 'reset-which' } : {})}
            onChange={(changed) => {
              choose(kind, changed.target.checked);
            }}
          />
          {words.kind(kind)}: <span translate="no">{typed}</span>
        </label>
      ))}
    </fieldset>
  );
}
