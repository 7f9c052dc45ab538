import { expect, test } from 'vitest';
import type { ImportOut } from '@/api';
import { isStale } from './queries';

const shown = (times: ImportOut['times'], seenAt = 0): ImportOut & { seenAt: number } => ({
  seenAt,
  id: '20260914T100000Z-00000000',
  state: 'refused',
  key: 'roster/roster.zip',
  by: 'aws:sis',
  by_name: null,
  forced: false,
  dry_run: false,
  refused: false,
  uploaded_at: null,
  times,
  files: {},
  counts: {},
  problem_counts: {},
  error: null,
});

test('what was forced is shown as it was until its new run comes to a state', () => {
  const before = shown({ refused: '2026-09-14T10:00:00Z' });
  const forced = { lastTime: Date.parse('2026-09-14T10:00:00Z'), until: 60_000, isSure: true };
  expect(isStale(before, forced)).toBe(true);
  expect(isStale(shown({ ...before.times, validating: '2026-09-14T10:05:00Z' }), forced)).toBe(false);
  expect(isStale(before, null)).toBe(false);
});

test('what shows no new run within its time has none: it is offered again', () => {
  const times = { refused: '2026-09-14T10:00:00Z' };
  const forced = { lastTime: Date.parse(times.refused), until: 60_000, isSure: false };
  expect(isStale(shown(times, 59_000), forced)).toBe(true);
  expect(isStale(shown(times, 61_000), forced)).toBe(false);
});
