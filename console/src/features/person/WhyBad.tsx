import { Plural, Trans } from '@lingui/react/macro';
import type { CredentialOut, UserOut } from '@/api';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';
import { otherWays } from './blocks';
import type { Bounces } from './timeline';

interface WhyBadProps {
  readonly user: UserOut;
  readonly credential: CredentialOut;
  readonly bounces: Bounces | null;
}

/** Why nothing is sent, since when, how often it failed; and by what else the person can be reached. */
export function WhyBad({ user, credential, bounces }: WhyBadProps) {
  const words = useWords();
  const { open, reason, since } = credential;
  const others = otherWays(user, credential);
  const otherNames = words.list(others.map(words.channel));
  return (
    <>
      <p>
        {reason && <strong>{reason} </strong>}
        {since && (
          <Trans>
            Since <Time at={since} />.
          </Trans>
        )}{' '}
        {bounces && bounces.count > 0 && <Failures bounces={bounces} />}
      </p>
      {others.length > 0 && (
        <p>
          <Trans>Other ways that are open: {otherNames}.</Trans>
        </p>
      )}
      {others.length === 0 && open.length === 0 && (
        <p>
          <Trans>No other way to this person is open.</Trans>
        </p>
      )}
    </>
  );
}

function Failures({ bounces: { count, orMore } }: { readonly bounces: Bounces }) {
  return orMore ? (
    <Plural
      value={count}
      one="# message or more did not arrive."
      other="# messages or more did not arrive."
    />
  ) : (
    <Plural value={count} one="# message did not arrive." other="# messages did not arrive." />
  );
}
