/** How far an import is, and when to look again: of what the API tells, without words. */
import type { ImportOut } from '@/api';

/** `no_file`: an address was asked for, and nothing was ever put there. */
export type Progress = 'awaits_file' | 'no_file' | 'awaits_turn' | 'at_work' | 'ended';

/** The address of an upload holds for so long; a large file may arrive somewhat later. */
const ADDRESS_HOLDS_MS = 15 * 60_000;
const ON_ITS_WAY_MS = 60 * 60_000;

type Seen = Pick<ImportOut, 'state' | 'uploaded_at' | 'times'>;

export function progressOf({ state, uploaded_at, times }: Seen, now: number): Progress {
  if (state === 'validating' || state === 'applying') return 'at_work';
  if (state !== 'waiting') return 'ended';
  if (uploaded_at !== null) return 'awaits_turn';
  const asked = Date.parse(times.waiting ?? '');
  return now - asked > ADDRESS_HOLDS_MS + ON_ITS_WAY_MS ? 'no_file' : 'awaits_file';
}

/** When it last came to a state. */
export function lastTime({ times }: Pick<ImportOut, 'times'>): number {
  return Math.max(...Object.values(times).map((at) => Date.parse(at)));
}

/** Often at first, then seldom: each look is an entry of the audit. */
export function seldomer(waitedMs: number): number {
  return Math.min(Math.max(waitedMs / 10, 2_000), 30_000);
}

export function lookAgainIn(seen: Seen, now: number): number | false {
  const progress = progressOf(seen, now);
  if (progress === 'ended' || progress === 'no_file') return false;
  // Whoever waits for its turn notes so each minute, and has waited for longer.
  const since = progress === 'awaits_turn' ? Date.parse(seen.uploaded_at ?? '') : lastTime(seen);
  return seldomer(now - since);
}
