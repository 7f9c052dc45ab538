import { expect, test } from 'vitest';
import type { ImportOut } from '@/api';
import { isStale } from './queries';

const shown = (times: ImportOut['times']): ImportOut => ({
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
  const forced = { lastTime: Date.parse('2026-09-14T10:00:00Z'), until: 0 };
  expect(isStale(before, forced)).toBe(true);
  expect(isStale(shown({ ...before.times, validating: '2026-09-14T10:05:00Z' }), forced)).toBe(false);
  expect(isStale(before, null)).toBe(false);
});
