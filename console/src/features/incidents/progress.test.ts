import { expect, test } from 'vitest';
import type { IncidentOut } from '@/api';
import { lookAgainIn } from './progress';

const NOW = Date.parse('2026-12-15T10:00:00Z');
const seen = (state: IncidentOut['state'], at: string) => ({ state, times: { [state]: at } });

test.each([
  ['soon, at its beginning', seen('counting', '2026-12-15T09:59:55Z'), 2_000],
  ['seldom, after minutes', seen('running', '2026-12-15T09:55:00Z'), 20_000],
  ['once a minute, while providers release for hours', seen('running', '2026-12-15T04:00:00Z'), 60_000],
  ['while its list may still come', seen('waiting', '2026-12-15T09:55:00Z'), 20_000],
  ['never, where its list never came', seen('waiting', '2026-12-15T04:00:00Z'), false],
  ['until its buttons come, where it has failed just now', seen('failed', '2026-12-15T09:59:30Z'), 2_000],
  ['never, where it failed long ago', seen('failed', '2026-12-15T09:00:00Z'), false],
  ['never, where it is counted', seen('counted', '2026-12-15T09:59:59Z'), false],
  ['never, where it is done', seen('done', '2026-12-15T09:59:59Z'), false],
])('looked at again %s', (_, incident, wait) => {
  expect(lookAgainIn(incident, NOW)).toBe(wait);
});
