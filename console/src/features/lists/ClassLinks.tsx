import { Link } from 'wouter';
import type { NamedOut } from '@/api';

interface ClassLinksProps {
  readonly classes: readonly NamedOut[];
  /** Of which they are, where that is known: the class's page then knows its name. */
  readonly school?: string;
}

/** Classes by title, each a way to its page. */
export function ClassLinks({ classes, school }: ClassLinksProps) {
  const of = school ? `?school=${encodeURIComponent(school)}` : '';
  return (
    <ul className="plain">
      {classes.map(({ id, name }) => (
        <li key={id}>
          <Link to={`/classes/${encodeURIComponent(id)}${of}`}>{name}</Link>
        </li>
      ))}
    </ul>
  );
}
