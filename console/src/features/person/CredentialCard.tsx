import { Trans } from '@lingui/react/macro';
import type { CredentialOut, UserOut } from '@/api';
import { Status } from '@/components/Status';
import { useWords } from '@/components/words';
import { Advice } from './Advice';
import { canBeReset, inForce } from './blocks';
import { Blocks } from './Blocks';
import { CredentialFacts } from './CredentialFacts';
import { adviceOn } from './guidance';
import { ProviderLists } from './ProviderLists';
import { ProviderWords } from './ProviderWords';
import { Sharing } from './Sharing';
import type { Bounces } from './timeline';
import { WhyBad } from './WhyBad';

interface CredentialCardProps {
  readonly user: UserOut;
  readonly credential: CredentialOut;
  /** Where it is known. */
  readonly bounces: Bounces | null;
  readonly reset: () => void;
  readonly mark: () => void;
}

/** An email or a phone of a person: whether it works, why not, and what to do, with the button beside it. */
export function CredentialCard({ user, credential, bounces, reset, mark }: CredentialCardProps) {
  const words = useWords();
  const { kind, typed, status, open, upstream } = credential;
  const advice = adviceOn(user.guidance, kind);
  const newest = inForce(credential)[0];
  const kindName = words.kind(kind);
  return (
    <section className={status === 'bad' ? 'card is-bad' : 'card'} aria-labelledby={`credential-${kind}`}>
      <h3 id={`credential-${kind}`} tabIndex={-1}>
        {kindName}: <span translate="no">{typed}</span>
      </h3>
      <p>
        <Status status={status} open={open} />
      </p>
      {status === 'bad' && <WhyBad user={user} credential={credential} bounces={bounces} />}
      {newest && <ProviderWords provider={newest.provider} words={newest.provider_words} />}
      <Sharing credential={credential} />
      {advice.length > 0 && (
        <div className={status === 'bad' ? 'note' : undefined}>
          {status === 'bad' && (
            <h4>
              <Trans>What to do</Trans>
            </h4>
          )}
          <Advice advice={advice} typed={typed} />
        </div>
      )}
      <Buttons user={user} credential={credential} reset={reset} mark={mark} />
      <CredentialFacts credential={credential} />
      {upstream.length > 0 && (
        <>
          <h4>
            <Trans>On the services' own lists</Trans>
          </h4>
          <ProviderLists upstream={upstream} />
        </>
      )}
      <Blocks credential={credential} />
    </section>
  );
}

type ButtonsProps = Omit<CredentialCardProps, 'bounces'>;

/** What this viewer may do here. */
function Buttons({ user: { actions }, credential, reset, mark }: ButtonsProps) {
  const words = useWords();
  const kindName = words.kind(credential.kind);
  const mayReset = actions.includes('reset') && canBeReset(credential);
  const mayMark = actions.includes('mark');
  if (!mayReset && !mayMark) return null;
  return (
    <p className="buttons">
      {mayReset && (
        <button type="button" className="button" onClick={reset}>
          <Trans>
            Reset Status<span className="unseen">: {kindName}</span>
          </Trans>
        </button>
      )}
      {mayMark && (
        <button type="button" className="button second" onClick={mark}>
          <Trans>
            Mark as bad<span className="unseen">: {kindName}</span>
          </Trans>
        </button>
      )}
    </p>
  );
}
