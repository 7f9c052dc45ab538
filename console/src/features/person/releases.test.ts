import { expect, it } from 'vitest';
import { ended, nextLook } from './releases';
import { email, upstream, user } from './testing/people';

const NOW = Date.parse('2026-09-14T09:00:00Z');
const releasing = (told = {}) =>
  user({ credentials: [email({ upstream: [upstream({ state: 'releasing', ...told })] })] });

it.each([
  ['soon at first', releasing(), 5, 3000],
  ['then more gently', releasing(), 20, 8000],
  ['not for ever', releasing(), 61, false],
  ['not once it is released', user(), 5, false],
  ['not before there is anything to look at', undefined, 5, false],
  ['not for what is in line for later', releasing({ retry_after: '2026-09-14T11:00:00Z' }), 5, false],
  ['for what is tried again within the minute', releasing({ retry_after: '2026-09-14T09:00:20Z' }), 5, 3000],
] as const)('looks again %s', (_, told, seconds, wait) => {
  expect(nextLook(told, NOW - seconds * 1000, NOW)).toBe(wait);
});

it('tells what came of a release, once', () => {
  const released = upstream({ state: 'released' });
  const after = user({ credentials: [email({ upstream: [released] })] });
  expect(ended(releasing(), after)).toEqual([released]);
  expect(ended(after, after)).toEqual([]);
  expect(ended(releasing(), releasing())).toEqual([]);
});
