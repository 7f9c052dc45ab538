import { Trans } from '@lingui/react/macro';
import type { IncidentShownOut } from '@/api';
import { Candidates } from './Candidates';
import { Changes } from './Changes';
import { Numbers } from './Numbers';
import { Outcomes } from './Outcomes';
import { useIncidentWords } from './wording';

/** What the run, or its undo, has come to, once it is over or has stopped. */
export function Done({ shown }: { readonly shown: IncidentShownOut }) {
  const { did } = useIncidentWords();
  const { state, counts, run, undo } = shown;
  return (
    <>
      {undo && state !== 'undoing' && (
        <>
          <h2>
            <Trans>What the undo has done</Trans>
          </h2>
          <Numbers counts={undo.counts}>
            <Outcomes outcomes={undo.counts.outcome} word={did} />
          </Numbers>
          <Candidates of="left_alone" lines={undo.left_alone} word={did} />
        </>
      )}
      {run && (
        <>
          <h2>
            <Trans>What the run has done</Trans>
          </h2>
          {counts && (state === 'done' || state === 'undone') && (
            <Changes before={counts.outcome} now={run.counts.outcome} word={did} since="run" />
          )}
          <Numbers counts={run.counts}>
            <Outcomes outcomes={run.counts.outcome} word={did} />
          </Numbers>
          {!undo && <Candidates of="examples" lines={run.examples} word={did} />}
          <Candidates of="left_alone" lines={run.left_alone} word={did} />
        </>
      )}
    </>
  );
}
