import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { CandidateOut, Outcome } from '@/api';
import { Table } from '@/components/Table';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';

interface CandidatesProps {
  readonly of: 'examples' | 'left_alone';
  readonly lines: readonly CandidateOut[];
  readonly word: (outcome: Outcome) => string;
}

/** Some of them by name: who has the address or number, what becomes of it, and why. */
export function Candidates({ of, lines, word }: CandidatesProps) {
  const { t } = useLingui();
  const words = useWords();
  if (lines.length === 0) return null;
  const caption = of === 'examples' ? t`Examples` : t`Whom it leaves alone`;
  const table = (
    <Table
      caption={caption}
      captionUnseen
      columns={[{ name: t`Who` }, { name: t`What` }, { name: t`Outcome` }, { name: t`Why` }]}
      rows={lines.map((line, i) => ({
        key: String(i),
        cells: [
          <Holders key="who" line={line} />,
          line.kind && words.kind(line.kind),
          word(line.outcome),
          <Why key="why" line={line} />,
        ],
      }))}
    />
  );
  return (
    <>
      <h3>{caption}</h3>
      {of === 'examples' || lines.length <= 10 ? (
        table
      ) : (
        <details>
          <summary>
            <Plural
              value={lines.length}
              one="# is shown; the report has all"
              other="# are shown; the report has all"
            />
          </summary>
          {table}
        </details>
      )}
    </>
  );
}

function Holders({ line: { users, listed } }: { readonly line: CandidateOut }) {
  if (users.length === 0) return listed ?? <Trans>Nobody in the roster</Trans>;
  return users.map(({ id, name }, i) => (
    <span key={id}>
      {i > 0 && ', '}
      <Link to={`/users/${id}`}>{name}</Link>
    </span>
  ));
}

/** What keeps it closed otherwise; of one that is reset, what had closed it. */
function Why({ line: { because, reason, since } }: { readonly line: CandidateOut }) {
  const reasons = because.length > 0 ? because : reason ? [{ reason, since }] : [];
  return reasons.map(({ reason: why, since: at }, i) => (
    <span key={i} className="line">
      {why} {at && <Time at={at} />}
    </span>
  ));
}
