/** An import's problems as they are read: by file, then by what is wrong, with where it is. */
import type { ImportShownOut, ProblemKind, ProblemOut } from '@/api';

export interface Kind {
  readonly kind: ProblemKind;
  readonly severity: ProblemOut['severity'];
  readonly whatToDo: string;
  readonly places: readonly ProblemOut[];
}

export interface ProblemFile {
  readonly file: string;
  readonly kinds: readonly Kind[];
}

/** In the order in which the API lists them: what matters most first. */
export function byFile(problems: readonly ProblemOut[]): readonly ProblemFile[] {
  return grouped(problems, ({ file }) => file).map(([file, ofFile]) => ({
    file,
    kinds: grouped(ofFile, ({ kind }) => kind).map(([kind, places]) => ({
      kind,
      severity: places[0].severity,
      whatToDo: places[0].what_to_do,
      places,
    })),
  }));
}

type Group<Name> = [Name, [ProblemOut, ...ProblemOut[]]];

function grouped<Name>(problems: readonly ProblemOut[], by: (problem: ProblemOut) => Name): Group<Name>[] {
  const groups = new Map<Name, [ProblemOut, ...ProblemOut[]]>();
  for (const problem of problems) {
    const found = groups.get(by(problem));
    if (found) found.push(problem);
    else groups.set(by(problem), [problem]);
  }
  return [...groups];
}

/** How many there are altogether, and how many of them are listed. */
export function howMany({
  problem_counts: counts,
  problems,
}: Pick<ImportShownOut, 'problem_counts' | 'problems'>) {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { all, listed: problems.length, more: Math.max(all - problems.length, 0) };
}

export interface Figure {
  /** `emails`, `students`: the API's word. */
  readonly what: string;
  readonly removes: boolean;
  readonly count: number;
  readonly of: number;
}

/** What the guard has counted: `emails: 812 of 2960`. */
export function guardsFigures(problems: readonly ProblemOut[]): readonly Figure[] {
  return problems.flatMap(({ kind, figures }) => {
    if (kind !== 'too_much_removed' && kind !== 'too_much_changed') return [];
    const [, what, count, of] = /^(\w+): (\d+) of (\d+)$/.exec(figures ?? '') ?? [];
    return what && count && of
      ? [{ what, removes: kind === 'too_much_removed', count: Number(count), of: Number(of) }]
      : [];
  });
}

/**
 * The number to type before an import is forced: the most that goes by the guard's figures; where it has none, of how
 * many people the roster will be. Null where nothing is known.
 */
export function numberToType(shown: Pick<ImportShownOut, 'problems' | 'counts'>): number | null {
  const figures = guardsFigures(shown.problems).map(({ count }) => count);
  if (figures.length > 0) return Math.max(...figures);
  const people = ['created', 'changed', 'unchanged'].flatMap((act) =>
    ['user', 'student'].map((kind) => shown.counts[act]?.[kind] ?? 0),
  );
  const all = people.reduce((sum, count) => sum + count, 0);
  return all > 0 ? all : null;
}
