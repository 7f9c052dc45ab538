import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { IncidentShownOut } from '@/api';
import type { Confirmed } from '@/components/ConfirmByNumber';
import { useOnce } from '@/components/once';
import { Overtaken } from '@/components/Overtaken';
import { isConflict, isLost } from '@/components/overtaken';
import { useAct, type Act } from './queries';
import { StartDialog } from './StartDialog';
import { UndoDialog } from './UndoDialog';

/** What can be done with it, as the API says; what changes people's status asks first. */
export function Acts({ shown }: { readonly shown: IncidentShownOut }) {
  const { t } = useLingui();
  const act = useAct(shown.id);
  const [asking, setAsking] = useState<'start' | 'undo' | null>(null);
  const stands = JSON.stringify([shown.state, shown.times]);
  const [stood, setStood] = useState(stands);
  // Both act on a state that was seen: where it may be another nobody goes on without having looked again.
  if ((isConflict(act.error) || isLost(act.error)) && asking !== null) setAsking(null);
  const names: Record<Act, string> = {
    start: shown.times.running ? t`Go on with the run…` : t`Start the run…`,
    stop: t`Stop`,
    undo: t`Undo the run…`,
    count: shown.times.counted || shown.counts ? t`Count again` : t`Count`,
  };
  const acting: Record<Act, string> = {
    start: t`Starting…`,
    stop: t`Stopping…`,
    undo: t`Undoing…`,
    count: t`Counting…`,
  };
  const once = {
    count: useOnce(() => act.mutateAsync('count')),
    stop: useOnce(() => act.mutateAsync('stop')),
  };
  const press = (what: Act) => {
    if (act.isPending) return;
    act.reset();
    setStood(stands);
    if (what === 'start' || what === 'undo') setAsking(what);
    else once[what]();
  };
  const close = () => {
    setAsking(null);
    if (!act.isPending) act.reset();
  };
  const confirmed = (what: Act): Confirmed => ({
    run: () => act.mutateAsync(what),
    isPending: act.isPending,
    error: act.error,
  });
  const offered = (Object.keys(names) as Act[]).filter((what) => shown.actions.includes(what));
  return (
    <>
      {act.error && asking === null && <Overtaken error={act.error} hasMoved={stood !== stands} />}
      {offered.length > 0 && (
        <p className="buttons">
          {offered.map((what) => (
            <button
              key={what}
              type="button"
              className={what === offered[0] && what !== 'undo' ? 'button' : 'button second'}
              aria-disabled={act.isPending}
              onClick={() => {
                press(what);
              }}
            >
              {act.isPending && act.variables === what ? acting[what] : names[what]}
            </button>
          ))}
        </p>
      )}
      {asking === 'start' && <StartDialog shown={shown} mutation={confirmed('start')} close={close} />}
      {asking === 'undo' && <UndoDialog shown={shown} mutation={confirmed('undo')} close={close} />}
    </>
  );
}
