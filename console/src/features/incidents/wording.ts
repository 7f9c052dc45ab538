/** The words of incidents: states and outcomes. */
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { IncidentState, Outcome } from '@/api';

const STATES: Record<IncidentState, MessageDescriptor> = {
  raised: msg`Raised: not counted yet`,
  waiting: msg`Waiting for its list of people`,
  counting: msg`Being counted`,
  counted: msg`Counted: nothing was done yet`,
  refused: msg`Refused: its list cannot be used`,
  running: msg`Being reset`,
  stopping: msg`Being stopped`,
  stopped: msg`Stopped`,
  done: msg`Done`,
  undoing: msg`Being undone`,
  undone: msg`Undone`,
  failed: msg`Failed on our side`,
};
const WOULD: Record<Outcome, MessageDescriptor> = {
  reset: msg`Would be reset: marked good again`,
  left_alone: msg`Would be left alone: something else closes it, too`,
  already_good: msg`Already good: somebody has reset it since`,
  unknown_user: msg`Not known: nobody in the roster is called so`,
  restored: msg`Would be closed again`,
  failed: msg`Could not be read`,
};
const DID: Record<Outcome, MessageDescriptor> = {
  reset: msg`Reset: marked good again`,
  left_alone: msg`Left alone: something else closes it, too`,
  already_good: msg`Already good: nothing to do`,
  unknown_user: msg`Not known: nobody in the roster is called so`,
  restored: msg`Closed again, as before the run`,
  failed: msg`Could not be read: nothing was done`,
};
export function useIncidentWords() {
  const { i18n } = useLingui();
  return {
    state: (state: IncidentState) => i18n._(STATES[state]),
    would: (outcome: Outcome) => i18n._(WOULD[outcome]),
    did: (outcome: Outcome) => i18n._(DID[outcome]),
  };
}
