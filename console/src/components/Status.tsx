import { Trans } from '@lingui/react/macro';
import type { Channel, CredentialStatus } from '@/api';
import { useWords } from './words';

/** In words first; the sign and the colour only repeat them (WCAG 1.4.1). */
export function Status({ status }: { readonly status: CredentialStatus }) {
  return status === 'bad' ? (
    <strong className="status bad">
      <span aria-hidden="true">✕ </span>
      <Trans>Bad: nothing is sent</Trans>
    </strong>
  ) : (
    <span className="status good">
      <span aria-hidden="true">✓ </span>
      <Trans>Good</Trans>
    </span>
  );
}

/** Through which channels somebody can be reached; where through none, that is the news. */
export function Reachable({ channels }: { readonly channels: readonly Channel[] }) {
  const words = useWords();
  return channels.length === 0 ? (
    <strong className="status bad">
      <span aria-hidden="true">✕ </span>
      <Trans>Cannot be reached</Trans>
    </strong>
  ) : (
    <span className="status good">
      <span aria-hidden="true">✓ </span>
      {words.list(channels.map(words.channel))}
    </span>
  );
}
