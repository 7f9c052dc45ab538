import { Trans } from '@lingui/react/macro';
import type { CredentialOut } from '@/api';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';

/** What else is known of it: since when it is theirs, the last message, how it reads in normal form. */
export function CredentialFacts({ credential }: { readonly credential: CredentialOut }) {
  const words = useWords();
  const { typed, value, held_since: since, held_until: until, last_message: last } = credential;
  return (
    <dl className="facts">
      {value !== typed && (
        <>
          <dt>
            <Trans>Sent to</Trans>
          </dt>
          <dd translate="no">{value}</dd>
        </>
      )}
      {since && (
        <>
          <dt>
            <Trans>Theirs since</Trans>
          </dt>
          <dd>
            <Time at={since} />
            {until && (
              <>
                {' '}
                <Trans>
                  until <Time at={until} />
                </Trans>
              </>
            )}
          </dd>
        </>
      )}
      {last && (
        <>
          <dt>
            <Trans>Last message</Trans>
          </dt>
          <dd>
            {words.channel(last.channel)}: {words.messageStatus(last.status)}, <Time at={last.at} exact />
          </dd>
        </>
      )}
    </dl>
  );
}
