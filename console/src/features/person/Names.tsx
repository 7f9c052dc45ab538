import { Link } from 'wouter';
import type { NamedOut } from '@/api';

interface NamesProps {
  readonly named: readonly NamedOut[];
  /** Where each leads, if anywhere. */
  readonly to?: (id: string) => string;
}

/** A line each. */
export function Names({ named, to }: NamesProps) {
  return (
    <ul className="plain-list">
      {named.map(({ id, name }) => (
        <li key={id}>{to ? <Link to={to(id)}>{name}</Link> : name}</li>
      ))}
    </ul>
  );
}
