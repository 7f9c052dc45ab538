import { Trans } from '@lingui/react/macro';
import type { CredentialOut, GuidanceOut } from '@/api';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';
import { Advice } from './Advice';
import { ways } from './ways';

interface CredentialProps {
  readonly credential: CredentialOut;
  readonly guidance: readonly GuidanceOut[];
}

/** One's own email or phone as one has it: does it work, why not, what to do. */
export function Credential({ credential, guidance }: CredentialProps) {
  const words = useWords();
  const { kind, typed, value, reason, since, shared } = credential;
  const all = ways(credential);
  const only = all.length === 1 ? all[0] : undefined;
  return (
    <section>
      <h3>
        {words.kind(kind)}:{' '}
        <span className="whole" translate="no">
          {typed || value}
        </span>
      </h3>
      {only ? (
        <p>
          <Reaches yes={only.reaches} />
        </p>
      ) : (
        <ul className="plain">
          {all.map(({ channel, reaches }) => (
            <li key={channel}>
              {words.channel(channel)}: <Reaches yes={reaches} />
            </li>
          ))}
        </ul>
      )}
      {reason !== null && (
        <p>
          {reason}{' '}
          {since !== null && (
            <Trans>
              Since <Time at={since} />.
            </Trans>
          )}
        </p>
      )}
      {guidance.length > 0 && (
        <div className="note">
          <Advice guidance={guidance} />
        </div>
      )}
      {shared && !guidance.some(({ code }) => code === 'shared') && (
        <p>
          <Trans>Somebody else has this one, too.</Trans>
        </p>
      )}
    </section>
  );
}

function Reaches({ yes }: { readonly yes: boolean }) {
  return yes ? (
    <span className="status good">
      <span aria-hidden="true">✓ </span>
      <Trans>works</Trans>
    </span>
  ) : (
    <strong className="status bad">
      <span aria-hidden="true">✕ </span>
      <Trans>does not work</Trans>
    </strong>
  );
}
