import { Trans } from '@lingui/react/macro';
import type { CredentialOut } from '@/api';
import { Status } from '@/components/Status';
import { useWords } from '@/components/words';
import { Blocks } from './Blocks';
import { CredentialFacts } from './CredentialFacts';

/** What the person had once, as it was then: folded, since nothing is sent to it. */
export function FormerCredentials({ credentials }: { readonly credentials: readonly CredentialOut[] }) {
  const words = useWords();
  const former = credentials.filter((credential) => credential.former);
  const { length: count } = former;
  if (count === 0) return null;
  return (
    <details>
      <summary>
        <Trans>Earlier addresses and numbers ({count})</Trans>
      </summary>
      {former.map((credential) => (
        <section key={`${credential.value} ${credential.held_until ?? ''}`} className="card">
          <h3>
            {words.kind(credential.kind)}: <span translate="no">{credential.typed}</span>
          </h3>
          <p>
            <Status status={credential.status} /> {credential.reason}
          </p>
          <CredentialFacts credential={credential} />
          <Blocks credential={credential} />
        </section>
      ))}
    </details>
  );
}
