/** How far an incident is, and when to look again: of what the API tells, without words. */
import type { IncidentOut, IncidentPhaseOut, IncidentShownOut, IncidentState } from '@/api';

const AT_WORK: readonly IncidentState[] = ['counting', 'running', 'stopping', 'undoing'];
/** The address of its list holds for so long; then a while more for what is on its way. */
const LIST_MAY_COME_MS = 60 * 60_000;
/** What has failed just now may be acted on a minute later: the buttons come then. */
const BUTTONS_COME_MS = 90_000;

type Seen = Pick<IncidentOut, 'state' | 'times'>;

export function isAtWork({ state }: Pick<IncidentOut, 'state'>): boolean {
  return AT_WORK.includes(state);
}

/** Whether its list of people may still arrive. */
export function mayCome({ state, times }: Seen, now: number): boolean {
  return state === 'waiting' && now - since({ state, times }) < LIST_MAY_COME_MS;
}

/** Often at first, then seldom: each look is an entry of the audit, and the providers' lists take hours. */
export function lookAgainIn(seen: Seen, now: number): number | false {
  const waited = now - since(seen);
  const justFailed = seen.state === 'failed' && waited < BUTTONS_COME_MS;
  if (!isAtWork(seen) && !mayCome(seen, now) && !justFailed) return false;
  return Math.min(Math.max(waited / 15, 2_000), 60_000);
}

function since({ state, times }: Seen): number {
  const at = times[state];
  return at ? Date.parse(at) : 0;
}

/** What is done now, part by part; null where nothing is, or where only the providers' lists are waited for. */
export function underWay(shown: IncidentShownOut): IncidentPhaseOut | null {
  const phase = { counting: shown.counting, running: shown.run, stopping: shown.run, undoing: shown.undo };
  const { state } = shown;
  return state in phase ? phase[state as keyof typeof phase] : null;
}

/** All parts of a run are done: it waits for the providers' lists. */
export function onlyAwaitsProviders(shown: IncidentShownOut): boolean {
  const { state, run } = shown;
  return state === 'running' && run !== null && run.parts > 0 && run.parts_done >= run.parts;
}

/** When it was saved. */
export function firstTime({ times }: Pick<IncidentOut, 'times'>): string {
  return Object.values(times).sort()[0] ?? '';
}
