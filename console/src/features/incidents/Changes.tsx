import { Trans } from '@lingui/react/macro';
import type { IncidentCountsOut, Outcome } from '@/api';
import { useWords } from '@/components/words';
import { changes } from './figures';

interface ChangesProps {
  readonly before: IncidentCountsOut['outcome'];
  readonly now: IncidentCountsOut['outcome'];
  readonly word: (outcome: Outcome) => string;
  /** Against a count of the same, or of what a run has come to. */
  readonly since: 'count' | 'run';
}

/** What came out otherwise than it was counted before. */
export function Changes({ before, now, word, since }: ChangesProps) {
  const words = useWords();
  const found = changes(before, now);
  if (found.length === 0)
    return (
      <p>
        {since === 'count' ? (
          <Trans>The numbers stand still: they are those of the count before.</Trans>
        ) : (
          <Trans>It came out as it was counted.</Trans>
        )}
      </p>
    );
  return (
    <div className="note">
      <p>
        <Trans>What has changed since the count:</Trans>
      </p>
      <ul>
        {found.map((change) => {
          const [what, was, is] = [
            word(change.outcome),
            words.number(change.before),
            words.number(change.now),
          ];
          return (
            <li key={change.outcome}>
              <Trans>
                {what}: {is} (counted: {was})
              </Trans>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
