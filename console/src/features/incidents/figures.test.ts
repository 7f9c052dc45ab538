import { expect, test } from 'vitest';
import type { IncidentCountsOut, IncidentPhaseOut } from '@/api';
import { changes, ranked, toReset, toRestore } from './figures';

const counts = (outcome: IncidentCountsOut['outcome']): IncidentCountsOut => ({
  outcome,
  cause: {},
  domain: {},
  school: {},
});
const run = (outcome: IncidentCountsOut['outcome']): IncidentPhaseOut => ({
  parts: 2,
  parts_done: 1,
  counts: counts(outcome),
  examples: [],
  left_alone: [],
});

test.each([
  ['what was counted', counts({ reset: 4890, left_alone: 10 }), null, 4890],
  ['what a run that was stopped has left', counts({ reset: 4890 }), run({ reset: 4000 }), 890],
  ['none, where it was counted that there is none', counts({ left_alone: 3 }), null, 0],
  ['not known, where it was not counted', null, null, null],
])('a start resets %s', (_, counted, done, many) => {
  expect(toReset({ counts: counted, run: done })).toBe(many);
});

test('an undo closes what the run has opened', () => {
  expect(toRestore({ run: run({ reset: 12, left_alone: 3 }) })).toBe(12);
  expect(toRestore({ run: null })).toBe(null);
});

test('only what came out otherwise has changed', () => {
  expect(changes({ reset: 10, left_alone: 2 }, { reset: 9, left_alone: 2, already_good: 1 })).toEqual([
    { outcome: 'reset', before: 10, now: 9 },
    { outcome: 'already_good', before: 0, now: 1 },
  ]);
});

test('the largest names come first, the rest with what has none', () => {
  expect(ranked({ 'a.org': 2, '': 5, 'b.org': 9, 'c.org': 1 }, 2)).toEqual([
    ['b.org', 9],
    ['a.org', 2],
    [null, 6],
  ]);
  expect(ranked({}, 2)).toEqual([]);
});
