import { expect, test } from 'vitest';
import type { ImportOut } from '@/api';
import { lookAgainIn, progressOf } from './progress';

const NOW = Date.parse('2026-09-14T10:00:00Z');
const seen = (state: ImportOut['state'], at: string, uploaded = false) => ({
  state,
  uploaded_at: uploaded ? at : null,
  times: { [state]: at },
});

test.each([
  ['asked for just now', seen('waiting', '2026-09-14T09:59:00Z'), 'awaits_file'],
  ['asked for yesterday, and nothing came', seen('waiting', '2026-09-13T09:59:00Z'), 'no_file'],
  ['there, behind another one', seen('waiting', '2026-09-13T09:59:00Z', true), 'awaits_turn'],
  ['checked', seen('validating', '2026-09-14T09:59:00Z', true), 'at_work'],
  ['written', seen('applying', '2026-09-14T09:59:00Z', true), 'at_work'],
  ['refused', seen('refused', '2026-09-14T09:59:00Z', true), 'ended'],
  ['done', seen('done', '2026-09-14T09:59:00Z', true), 'ended'],
])('%s', (_, import_, progress) => {
  expect(progressOf(import_, NOW)).toBe(progress);
});

test.each([
  ['at its beginning', seen('validating', '2026-09-14T09:59:59Z', true), 2_000],
  ['after two minutes', seen('validating', '2026-09-14T09:58:00Z', true), 12_000],
  ['after an hour', seen('applying', '2026-09-14T09:00:00Z', true), 30_000],
  ['never once it has ended', seen('done', '2026-09-14T09:59:59Z', true), false],
  ['never for a file that never came', seen('waiting', '2026-09-13T09:59:00Z'), false],
])('looked at again %s', (_, import_, wait) => {
  expect(lookAgainIn(import_, NOW)).toBe(wait);
});
