import { Trans, useLingui } from '@lingui/react/macro';
import { Table } from '@/components/Table';
import { useWords } from '@/components/words';
import { outcomes, waiting, type Counts, type Outcome } from './counts';

interface BatchCountsProps {
  readonly counts: Counts;
  /** Of others than batches messages are counted once they are sent. */
  readonly isBatch: boolean;
}

/** About how many messages came to what. */
export function BatchCounts({ counts, isBatch }: BatchCountsProps) {
  const { t } = useLingui();
  const words = useWords();
  const name = useOutcomeWords();
  const found = outcomes(counts);
  const waits = waiting(counts);
  return (
    <section aria-labelledby="counts">
      <h2 id="counts">
        <Trans>How many came to what</Trans>
      </h2>
      {found.length === 0 ? (
        <p>
          <Trans>No message has been counted yet.</Trans>
        </p>
      ) : (
        <>
          <p className="quiet">
            {isBatch ? (
              <Trans>The numbers are approximate.</Trans>
            ) : (
              <Trans>Of the last 90 days. The numbers are approximate.</Trans>
            )}
          </p>
          <Table
            caption={t`How many messages came to what`}
            captionUnseen
            columns={[{ name: t`What became of them` }, { name: t`Messages`, number: true }]}
            rows={[
              ...found.map((outcome) => ({
                key: `${outcome.word} ${outcome.blockedBy ?? ''}`,
                cells: [name(outcome), words.number(outcome.number)],
              })),
              ...(waits === null
                ? []
                : [{ key: 'waiting', cells: [t`Not gone out yet`, words.number(waits)] }]),
            ]}
          />
        </>
      )}
    </section>
  );
}

function useOutcomeWords(): (outcome: Outcome) => string {
  const { t } = useLingui();
  const words = useWords();
  const refusals: Readonly<Record<string, string>> = {
    unknown_user: t`not in the roster`,
    no_such_channel: t`has no such address or number`,
    invalid_recipient: t`the address or number is no valid one`,
  };
  return ({ word, blockedBy }) => {
    if (blockedBy !== null) {
      const why = refusals[blockedBy] ?? words.cause(blockedBy);
      return t`Blocked before sending: ${why}`;
    }
    switch (word) {
      case 'queued':
        return t`Queued in all`;
      case 'sent':
        return t`Sent`;
      case 'bounced_for_good':
        return t`of these bounced for good`;
      case 'refused':
        return t`Refused by the provider`;
      case 'uncertain':
        return t`Not known whether sent`;
      case 'dropped':
        return t`Given up: dropped, or too old`;
      case 'cancelled':
        return t`Cancelled`;
      default:
        return word;
    }
  };
}
