import { expect, test } from 'vitest';
import { restOf, withoutHead } from './csv-parts';

test.each([
  ['<?cause=manual&cursor=a%2Bb>; rel="next"', { cause: 'manual', cursor: 'a+b' }],
  ['</elsewhere>; rel="alternate"', null],
  [null, null],
])('the rest by %s', (link, rest) => {
  expect(restOf(link)).toEqual(rest);
});

test('only the head of a later part is left out', () => {
  expect(withoutHead('id,name\r\n1,"José\r\nGil"\r\n')).toBe('1,"José\r\nGil"\r\n');
  expect(withoutHead('id,name')).toBe('');
});
