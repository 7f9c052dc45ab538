import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import { useMe } from '@/api';

const GUARD = 'system:guard';
const AWS = 'aws:';

interface ByProps {
  readonly id: string;
  /** Where the API tells it, and the roster knows them. */
  readonly name?: string | null;
}

/** Who did something: oneself, a colleague by name, the guard, or somebody with AWS. */
export function By({ id, name: colleague }: ByProps) {
  const { viewer } = useMe();
  if (viewer?.id === id) return <Trans>You</Trans>;
  if (id === GUARD) return <Trans>Reachable itself: it saw more bounces than usual</Trans>;
  if (id.startsWith(AWS)) {
    const name = id.slice(AWS.length);
    return <Trans>{name}, without the console (AWS)</Trans>;
  }
  return (
    <Link to={`/users/${encodeURIComponent(id)}`}>{colleague ?? <Trans>A colleague: see who</Trans>}</Link>
  );
}
