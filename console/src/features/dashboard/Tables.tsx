import { Trans, useLingui } from '@lingui/react/macro';
import type { By, CountsOut, StatisticsOut } from '@/api';
import { Table } from '@/components/Table';
import { useWords } from '@/components/words';
import { failures, judge, type Measure } from './judge';
import { useRowWords } from './useRowWords';
import { useVerdictWords } from './useVerdictWords';

interface TablesProps {
  readonly found: StatisticsOut;
  readonly name: (by: By, row: CountsOut) => string;
}

/** The same in numbers, for everybody; and the rest of what is counted, folded. */
export function Tables({ found, name }: TablesProps) {
  const { t } = useLingui();
  const words = useWords();
  const { heading } = useRowWords();
  const first = { name: heading(found.by) };
  const byCause = found.by === 'cause';
  const number = (value: number | null) => (value === null ? t`Not shown to you` : words.number(value));
  const rest = [
    { name: t`Bounced for now`, of: (row: CountsOut) => row.bounced_transient },
    { name: t`Bounced, not told for how long`, of: (row: CountsOut) => row.bounced_undetermined },
    { name: t`Text or call failed`, of: (row: CountsOut) => row.failed },
    { name: t`Rejected by the provider`, of: (row: CountsOut) => row.rejected },
    { name: t`Not tried: on the provider’s list`, of: (row: CountsOut) => row.suppressed },
    { name: t`Opted out`, of: (row: CountsOut) => row.opted_out },
  ];
  return (
    <>
      <Table
        caption={t`The figures as a table`}
        columns={
          byCause
            ? [first, { name: t`Did not arrive`, number: true }, { name: t`Bounced for good`, number: true }]
            : [
                first,
                { name: t`Messages`, number: true },
                { name: t`Arrived`, number: true },
                { name: t`Bounced for good`, number: true },
                { name: t`Share bounced`, number: true },
                { name: t`Marked as spam`, number: true },
                { name: t`Share marked as spam`, number: true },
              ]
        }
        rows={found.items.map((row, i) => ({
          key: `${found.by} ${String(i)}`, // two schools may have one name
          cells: byCause
            ? [name('cause', row), number(failures(row)), number(row.bounced_permanent)]
            : [
                name(found.by, row),
                number(row.sent),
                number(row.delivered),
                number(row.bounced_permanent),
                <Share key="bounces" row={row} measure="bounces" />,
                number(row.complained),
                <Share key="complaints" row={row} measure="complaints" />,
              ],
        }))}
      />
      <details>
        <summary>
          <Trans>What else is counted</Trans>
        </summary>
        <Table
          caption={t`What else is counted`}
          captionUnseen
          columns={[first, ...rest.map((column) => ({ name: column.name, number: true }))]}
          rows={found.items.map((row, i) => ({
            key: `${found.by} ${String(i)}`,
            cells: [name(found.by, row), ...rest.map((column) => number(column.of(row)))],
          }))}
        />
      </details>
    </>
  );
}

function Share({ row, measure }: { readonly row: CountsOut; readonly measure: Measure }) {
  const verdict = useVerdictWords();
  const judged = judge(row, measure);
  if (judged === 'above') return <strong className="bad">{verdict(row, measure)}</strong>;
  return <span className={judged === 'below' ? undefined : 'quiet'}>{verdict(row, measure)}</span>;
}
