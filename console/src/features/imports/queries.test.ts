import { expect, test } from 'vitest';
import type { ImportOut } from '@/api';
import { awaited } from './queries';

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

const times = { refused: '2026-09-14T10:00:00Z' };
const forced = { at: 0, lastTime: Date.parse(times.refused), isSure: true };

test('what was forced is waited for until its new run comes to a state', () => {
  expect(awaited(shown(times), forced)).toBe('begins');
  expect(awaited(shown(times), { ...forced, isSure: false })).toBe('looked_for');
  expect(awaited(shown({ ...times, validating: '2026-09-14T10:05:00Z' }), forced)).toBeNull();
  expect(awaited(shown(times), null)).toBeNull();
});

test('it is late once the state machine has given up its first step, and still waited for', () => {
  expect(awaited(shown(times, 126_000), forced)).toBe('begins');
  expect(awaited(shown(times, 151_000), forced)).toBe('late');
  expect(awaited(shown(times, 151_000), { ...forced, isSure: false })).toBe('late');
});
