import { expect, test } from 'vitest';
import { isThatNumber } from './that-number';

test.each([
  ['4890', true],
  ['4,890', true],
  ['4.890', true],
  [' 4 890 ', true],
  ['4\u202f890', true],
  ['489', false],
  ['-4890', false],
  ['4890 people', false],
  ['', false],
])('%s is 4890: %s', (typed, is) => {
  expect(isThatNumber(typed, 4890)).toBe(is);
});

test('nothing is no zero', () => {
  expect(isThatNumber('', 0)).toBe(false);
});
