import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { IncidentCountsOut, IncidentShownOut } from '@/api';
import { Time } from '@/components/Time';
import { Candidates } from './Candidates';
import { Changes } from './Changes';
import { Numbers } from './Numbers';
import { Outcomes } from './Outcomes';
import { useIncidentWords } from './wording';

/** What a run would do, as it was counted: how many, ten examples, whom it leaves alone and why. */
export function Counted({ shown }: { readonly shown: IncidentShownOut }) {
  const { would } = useIncidentWords();
  const before = useCountBefore(shown);
  const { counts, times, run } = shown;
  if (counts === null) return null;
  const at = times.counted && <Time at={times.counted} exact />;
  const whole = (
    <>
      {at && (
        <p>
          <Trans>As of {at}. What has come in since is not in it.</Trans>
        </p>
      )}
      {before && <Changes before={before.outcome} now={counts.outcome} word={would} since="count" />}
      <Numbers counts={counts}>
        <Outcomes outcomes={counts.outcome} word={would} />
      </Numbers>
      <Candidates of="examples" lines={shown.examples} word={would} />
      <Candidates of="left_alone" lines={shown.left_alone} word={would} />
    </>
  );
  return run === null ? (
    <>
      <h2>
        <Trans>What was counted</Trans>
      </h2>
      {whole}
    </>
  ) : (
    <details>
      <summary>
        <Trans>What was counted before the run</Trans>
      </summary>
      {whole}
    </details>
  );
}

/** The count before the newest one, as long as the page is open: it shows whether the numbers stand still. */
function useCountBefore({ counts, times }: IncidentShownOut): IncidentCountsOut | null {
  const [seen, setSeen] = useState({ at: times.counted, counts, before: null as IncidentCountsOut | null });
  if (counts !== null && times.counted !== seen.at)
    setSeen({ at: times.counted, counts, before: seen.counts });
  return seen.before;
}
