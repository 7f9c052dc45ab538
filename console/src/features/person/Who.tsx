import { Trans } from '@lingui/react/macro';

interface WhoProps {
  readonly by: string;
  readonly name: string | null;
}

/** Who did it: by name; who has left the roster, or came by AWS's own door, as far as that tells. */
export function Who({ by, name }: WhoProps) {
  if (name !== null) return name;
  const operator = /^aws:(.+)$/.exec(by)?.[1];
  return operator ? (
    <Trans>{operator}, for whoever looks after Reachable</Trans>
  ) : (
    <Trans>somebody who is no longer in the roster</Trans>
  );
}
