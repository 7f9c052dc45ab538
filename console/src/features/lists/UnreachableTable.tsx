import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { BadCredentialOut } from '@/api';
import { Schools } from '@/components/Schools';
import { Reachable } from '@/components/Status';
import { Table } from '@/components/Table';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';

interface UnreachableTableProps {
  readonly caption: string;
  readonly lines: readonly BadCredentialOut[];
  /** Whether to say of which schools they are: not where the list is of one. */
  readonly withSchools: boolean;
}

/** Whom an email address or phone number no longer reaches: why, since when, and what to do. No addresses. */
export function UnreachableTable({ caption, lines, withSchools }: UnreachableTableProps) {
  const { t } = useLingui();
  const words = useWords();
  const columns = [t`Name`, t`What is bad`, t`Still open`, t`Why`, t`Since`, t`What to do`];
  return (
    <Table
      caption={caption}
      captionUnseen
      columns={columns.map((name) => ({ name }))}
      rows={lines.map((line) => ({
        key: `${line.id} ${line.kind}`,
        cells: [
          <Named key="name" line={line} withSchools={withSchools} />,
          words.kind(line.kind),
          <Reachable key="reachable" channels={line.reachable} />,
          line.reason ?? <Trans>You may not see why.</Trans>,
          line.since === null ? '–' : <Time at={line.since} />,
          line.guidance.map(({ text }) => text).join(' ') || '–',
        ],
      }))}
    />
  );
}

function Named({ line, withSchools }: { line: BadCredentialOut; withSchools: boolean }) {
  return (
    <>
      <Link to={`/users/${encodeURIComponent(line.id)}`}>{line.name}</Link>
      {withSchools && <Schools schools={line.schools} others={line.other_schools} />}
    </>
  );
}
