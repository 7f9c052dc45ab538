import { expect, test } from 'vitest';
import type { ProblemKind, ProblemOut } from '@/api';
import { byFile, guardsFigures, howMany, numberToType } from './problems';

const problem = (kind: ProblemKind, file: string, line: number | null, figures: string | null = null) =>
  ({
    kind,
    file,
    line,
    figures,
    severity: 'error',
    column: null,
    sourced_id: null,
    what_to_do: `what to do about ${kind}`,
  }) satisfies ProblemOut;

const REMOVED = problem('too_much_removed', 'users.csv', null, 'emails: 812 of 2960');
const CHANGED = problem('too_much_changed', 'users.csv', null, 'phones: 900 of 2500');

test('problems are by file, then by kind, in the order of the report', () => {
  const [a, b, c] = [
    problem('id_twice', 'users.csv', 3),
    problem('id_twice', 'orgs.csv', 2),
    problem('id_twice', 'users.csv', 9),
  ];
  const told = byFile([a, b, REMOVED, c]);
  expect(told.map(({ file, kinds }) => [file, kinds.map(({ kind, places }) => [kind, places])])).toEqual([
    [
      'users.csv',
      [
        ['id_twice', [a, c]],
        ['too_much_removed', [REMOVED]],
      ],
    ],
    ['orgs.csv', [['id_twice', [b]]]],
  ]);
});

test('what is not listed is counted', () => {
  expect(howMany({ problem_counts: { id_twice: 1_200, no_guardian: 1 }, problems: [REMOVED] })).toEqual({
    all: 1_201,
    listed: 1,
    more: 1_200,
  });
});

test("the guard's figures are read, and no others", () => {
  const letters = problem('letters_guessed', 'users.csv', 4, 'emails: 1 of 2');
  expect(guardsFigures([REMOVED, CHANGED, letters])).toEqual([
    { what: 'emails', removes: true, count: 812, of: 2960 },
    { what: 'phones', removes: false, count: 900, of: 2500 },
  ]);
});

test.each([
  ['the most that goes or changes', [REMOVED, CHANGED], {}, 900],
  [
    'without figures, the people of the file',
    [],
    {
      created: { user: 2, class: 7 },
      changed: { student: 1 },
      unchanged: { user: 40 },
      removed: { user: 5 },
    },
    43,
  ],
  ['nothing where nothing is known', [], {}, null],
])('to be typed: %s', (_, problems, counts, number) => {
  expect(numberToType({ problems, counts })).toBe(number);
});
