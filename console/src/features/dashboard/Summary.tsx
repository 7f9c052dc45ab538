import { Trans } from '@lingui/react/macro';
import type { StatisticsOut } from '@/api';
import { useWords } from '@/components/words';
import { FEW, judge, LIMITS, total } from './judge';
import { useRowWords } from './useRowWords';

interface SummaryProps {
  readonly found: StatisticsOut;
  /** Whether these are a person's own schools alone. */
  readonly ofSchools: boolean;
}

/** All that matters in a sentence or two, before any picture. */
export function Summary({ found, ofSchools }: SummaryProps) {
  const words = useWords();
  const { days } = useRowWords();
  const sum = total(found.items);
  const sent = words.number(sum.sent);
  const few = words.number(FEW);
  const span = days(found.from, found.to);
  if (sum.sent === 0)
    return (
      <div className="note">
        <p>
          <Trans>No provider has told of any message yet in this time ({span}).</Trans>
        </p>
        <p>
          <Trans>
            If messages were sent, look on the page Providers whether each has been heard. Else choose a
            longer time.
          </Trans>
        </p>
      </div>
    );
  const bounces = judge(sum, 'bounces');
  const bounced = words.percent(sum.bounce_share ?? 0);
  const bounceLimit = words.percent(LIMITS.bounces);
  return (
    <div className={bounces === 'above' || judge(sum, 'complaints') === 'above' ? 'card is-bad' : 'card'}>
      <p className="summary">
        {ofSchools ? (
          <Trans>
            Of about {sent} messages of your schools ({span}), {bounced} bounced for good
          </Trans>
        ) : (
          <Trans>
            Of about {sent} messages ({span}), {bounced} bounced for good
          </Trans>
        )}
        {': '}
        {bounces === 'few' && <Trans>fewer than {few} messages are too few to judge by.</Trans>}
        {bounces === 'below' && (
          <strong className="good">
            <Trans>below the {bounceLimit} from which on providers look into a sender.</Trans>
          </strong>
        )}
        {bounces === 'above' && (
          <strong className="bad">
            <Trans>
              the limit of {bounceLimit} is reached, from which on providers look into a sender. Find out
              where.
            </Trans>
          </strong>
        )}
      </p>
      <Complaints sum={sum} />
    </div>
  );
}

function Complaints({ sum }: { readonly sum: ReturnType<typeof total> }) {
  const words = useWords();
  const share = words.percent(sum.complaint_share ?? 0);
  const limit = words.percent(LIMITS.complaints);
  switch (judge(sum, 'complaints')) {
    case 'few':
      return null;
    case 'unseen':
      return (
        <p>
          <Trans>How many were marked as spam is not shown to you.</Trans>
        </p>
      );
    case 'below':
      return (
        <p>
          <Trans>
            {share} were marked as spam:{' '}
            <strong className="good">below the {limit} that providers allow.</strong>
          </Trans>
        </p>
      );
    case 'above':
      return (
        <p>
          <Trans>
            {share} were marked as spam:{' '}
            <strong className="bad">the limit of {limit} is reached that providers allow.</strong>
          </Trans>
        </p>
      );
  }
}
