/** How many an incident concerns: of what the API counts, without words. */
import type { IncidentCountsOut, IncidentShownOut, Outcome } from '@/api';

/** Over so many the number has to be typed before anything is done. */
export const MANY = 100;

type Outcomes = IncidentCountsOut['outcome'];

/** How many a start would reset: what was counted, but for what an earlier run has done. */
export function toReset({ counts, run }: Pick<IncidentShownOut, 'counts' | 'run'>): number | null {
  if (counts === null) return null;
  return Math.max((counts.outcome.reset ?? 0) - (run?.counts.outcome.reset ?? 0), 0);
}

/** How many an undo would close again, as far as the run is known. */
export function toRestore({ run }: Pick<IncidentShownOut, 'run'>): number | null {
  return run === null ? null : (run.counts.outcome.reset ?? 0);
}

export interface Change {
  readonly outcome: Outcome;
  readonly before: number;
  readonly now: number;
}

const OUTCOMES: readonly Outcome[] = [
  'reset',
  'restored',
  'left_alone',
  'already_good',
  'unknown_user',
  'failed',
];

/** What came out otherwise than it was counted before. */
export function changes(before: Outcomes, now: Outcomes): readonly Change[] {
  return OUTCOMES.map((outcome) => ({
    outcome,
    before: before[outcome] ?? 0,
    now: now[outcome] ?? 0,
  })).filter((change) => change.before !== change.now);
}

/** Outcomes of which there are any, what is done first. */
export function told(outcomes: Outcomes): readonly (readonly [Outcome, number])[] {
  return OUTCOMES.flatMap((outcome) => {
    const many = outcomes[outcome] ?? 0;
    return many > 0 ? [[outcome, many] as const] : [];
  });
}

export function sum(outcomes: Outcomes): number {
  return Object.values(outcomes).reduce((all, many) => all + many, 0);
}

/** The largest first, and only so many: the rest, with what has no name, under null. */
export function ranked(
  counted: Readonly<Record<string, number>>,
  most: number,
): readonly (readonly [string | null, number])[] {
  const named = Object.entries(counted)
    .filter(([name]) => name !== '')
    .sort(([, a], [, b]) => b - a);
  const rest = named.slice(most).reduce((all, [, many]) => all + many, counted[''] ?? 0);
  return [...named.slice(0, most), ...(rest > 0 ? [[null, rest] as const] : [])];
}
