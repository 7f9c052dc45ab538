import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import { useMe } from '@/api';

/** Who has decided: nobody where it came by itself; a person by a link, since a list names nobody. */
export function ByWhom({ by }: { readonly by: string | null }) {
  const { accounts } = useMe();
  if (by === null) return <Trans>By itself, for its bounces</Trans>;
  if (accounts.some(({ id }) => id === by)) return <Trans>You</Trans>;
  if (by.startsWith('client:')) return <Trans>A sending system</Trans>;
  if (by.startsWith('aws:')) return <Trans>An operator</Trans>;
  return (
    <Link to={`/users/${encodeURIComponent(by)}`}>
      <Trans>A member of staff</Trans>
    </Link>
  );
}
