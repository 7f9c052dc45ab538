import { Trans, useLingui } from '@lingui/react/macro';
import type { By, CountsOut, StatisticsOut } from '@/api';
import { useWords } from '@/components/words';
import { Bars } from './Bars';
import { Columns } from './Columns';
import { failures, judge, LIMITS, shareOf, type Measure } from './judge';
import { useRowWords } from './useRowWords';
import { useVerdictWords } from './useVerdictWords';

interface PicturesProps {
  readonly found: StatisticsOut;
  readonly name: (by: By, row: CountsOut) => string;
}

/** As many as one takes in at a glance; the table has them all. */
const MOST = 12;

/** The shares against their limits, or how often each cause; who cannot see them has the table. */
export function Pictures({ found, name }: PicturesProps) {
  if (found.by === 'cause') return <Causes found={found} name={name} />;
  const unseen = found.items.every((row) => row.complained === null);
  return (
    <div className="pictures">
      <Shares found={found} name={name} measure="bounces" />
      {!unseen && <Shares found={found} name={name} measure="complaints" />}
    </div>
  );
}

function Shares({ found, name, measure }: PicturesProps & { readonly measure: Measure }) {
  const { t } = useLingui();
  const words = useWords();
  const verdict = useVerdictWords();
  const { shortDay } = useRowWords();
  const rows = found.by === 'week' ? found.items : found.items.slice(0, MOST);
  const limit = LIMITS[measure];
  const inWords = words.percent(limit);
  const drawn = rows.map((row) => {
    const judged = judge(row, measure);
    return {
      label: name(found.by, row),
      short: row.week ? shortDay(row.week) : '',
      value: judged === 'few' ? null : shareOf(row, measure),
      words: verdict(row, measure),
      isAbove: judged === 'above',
    };
  });
  const title = measure === 'bounces' ? t`Bounced for good` : t`Marked as spam`;
  const Picture = found.by === 'week' ? Columns : Bars;
  return (
    <figure>
      <figcaption>
        <strong>{title}</strong>
        <br />
        {measure === 'bounces' ? (
          <Trans>
            The line is at {inWords}: from there on providers look into a sender, and may stop it.
          </Trans>
        ) : (
          <Trans>The line is at {inWords}: providers allow no more.</Trans>
        )}
        {rows.length < found.items.length && (
          <>
            {' '}
            <Trans>Shown are the {MOST} with the most messages; the table below has all.</Trans>
          </>
        )}
      </figcaption>
      <Picture rows={drawn} limit={limit} format={words.percent} />
    </figure>
  );
}

function Causes({ found, name }: PicturesProps) {
  const words = useWords();
  const rows = found.items.map((row) => {
    const value = failures(row);
    return { label: name('cause', row), short: '', value, words: words.number(value), isAbove: false };
  });
  return (
    <figure>
      <figcaption>
        <strong>
          <Trans>Messages that did not arrive, by cause</Trans>
        </strong>
      </figcaption>
      <Bars rows={rows} limit={null} format={words.number} />
    </figure>
  );
}
