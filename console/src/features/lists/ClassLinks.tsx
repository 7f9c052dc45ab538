import { Link } from 'wouter';
import type { NamedOut } from '@/api';

/** Classes by title, each a way to its page. */
export function ClassLinks({ classes }: { readonly classes: readonly NamedOut[] }) {
  return (
    <ul className="plain">
      {classes.map(({ id, name }) => (
        <li key={id}>
          <Link to={`/classes/${encodeURIComponent(id)}`}>{name}</Link>
        </li>
      ))}
    </ul>
  );
}
