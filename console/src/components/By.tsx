import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import { useMe } from '@/api';

const GUARD = 'system:guard';
const AWS = 'aws:';

/** Who did something, as the audit names them: oneself, a colleague by their page, the guard, or somebody with AWS. */
export function By({ id }: { readonly id: string }) {
  const { viewer } = useMe();
  if (viewer?.id === id) return <Trans>You</Trans>;
  if (id === GUARD) return <Trans>Reachable itself: it saw more bounces than usual</Trans>;
  if (id.startsWith(AWS)) {
    const name = id.slice(AWS.length);
    return <Trans>{name}, without the console (AWS)</Trans>;
  }
  return (
    <Link to={`/users/${encodeURIComponent(id)}`}>
      <Trans>A colleague: see who</Trans>
    </Link>
  );
}
