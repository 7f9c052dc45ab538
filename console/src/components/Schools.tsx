import { Trans } from '@lingui/react/macro';
import type { NamedOut } from '@/api';

interface SchoolsProps {
  readonly schools: readonly NamedOut[];
  /** How many more there are, beside those that are named. */
  readonly others: number;
}

/** Of which schools somebody in a list is, on a line of its own; nothing where of none that one may know of. */
export function Schools({ schools, others }: SchoolsProps) {
  if (schools.length === 0) return null;
  return (
    <span className="quiet line">
      {schools.map(({ name }) => name).join(', ')}
      {others > 0 && (
        <>
          {' '}
          <Trans>and {others} more</Trans>
        </>
      )}
    </span>
  );
}
