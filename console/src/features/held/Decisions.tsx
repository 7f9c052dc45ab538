import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { BatchOut } from '@/api';
import type { Counts } from './counts';
import { DecisionDialog } from './DecisionDialog';
import { groupOf, type Kind } from './groups';
import type { Act } from './queries';

interface DecisionsProps {
  readonly id: string;
  readonly state: BatchOut['state'];
  readonly emergenciesPass: boolean;
  readonly counts: Counts;
  /** What has been done, in words. */
  readonly tell: (done: string) => void;
  /** It came too late, or nobody knows whether it was done. */
  readonly fail: (error: unknown) => void;
}

/** What can be decided about it now, each asked about once more before it is done. */
export function Decisions({ id, state, emergenciesPass, counts, tell, fail }: DecisionsProps) {
  const [asked, setAsked] = useState<Act | null>(null);
  const acts = possible(state, groupOf(id).kind);
  if (acts.length === 0) return null;
  return (
    <>
      <div className="buttons">
        {acts.map((act) => (
          <button
            key={act}
            type="button"
            className={LOOKS[act]}
            onClick={() => {
              setAsked(act);
            }}
          >
            <ActName act={act} again={state === 'held'} />
          </button>
        ))}
      </div>
      {asked !== null && (
        <DecisionDialog
          act={asked}
          id={id}
          held={state === 'held'}
          emergenciesPass={emergenciesPass}
          counts={counts}
          close={() => {
            setAsked(null);
          }}
          tell={tell}
          fail={fail}
        />
      )}
    </>
  );
}

const LOOKS: Readonly<Record<Act, string>> = {
  resume: 'button',
  hold: 'button second',
  drop: 'button second',
  cancel: 'button second',
};

/** A batch that was dropped or cancelled is at its end; whoever stops all can say anew what passes. */
function possible(state: BatchOut['state'], kind: Kind): readonly Act[] {
  const isBatch = kind === 'batch';
  switch (state) {
    case 'held':
      return ['resume', 'drop', ...(kind === 'all' ? (['hold'] as const) : []), ...cancel(isBatch)];
    case 'running':
    case 'resumed':
      return ['hold', ...cancel(isBatch)];
    case 'dropped':
      return isBatch ? ['cancel'] : ['hold'];
    case 'cancelled':
      return [];
  }
}

function cancel(isBatch: boolean): readonly Act[] {
  return isBatch ? ['cancel'] : [];
}

function ActName({ act, again }: { readonly act: Act; readonly again: boolean }) {
  switch (act) {
    case 'resume':
      return <Trans>Let it go on…</Trans>;
    case 'drop':
      return <Trans>Drop what is held…</Trans>;
    case 'hold':
      return again ? <Trans>Change what goes out all the same…</Trans> : <Trans>Hold…</Trans>;
    case 'cancel':
      return <Trans>Cancel the whole batch…</Trans>;
  }
}
