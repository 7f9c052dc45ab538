import { Trans } from '@lingui/react/macro';
import type { Channel, CredentialStatus } from '@/api';
import { useWords } from './words';

interface StatusProps {
  readonly status: CredentialStatus;
  /** What a bad one is open for all the same, such as calls after a STOP. */
  readonly open?: readonly Channel[];
}

/** In words first; the sign and the colour only repeat them (WCAG 1.4.1). */
export function Status({ status, open = [] }: StatusProps) {
  const words = useWords();
  const channels = words.list(open.map(words.channel));
  return status === 'bad' ? (
    <strong className="status bad">
      <span aria-hidden="true">✕ </span>
      {open.length > 0 ? <Trans>Bad, but open for: {channels}</Trans> : <Trans>Bad: nothing is sent</Trans>}
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
