import { expect, test } from 'vitest';
import { isEnough, isLikeAnAddress } from './looked-for';

test.each([
  ['', false],
  [' m ', false],
  ['ma', true],
  ['李', true],
  ['é', false],
])('asks for %j: %s', (text, asked) => {
  expect(isEnough(text)).toBe(asked);
});

test.each([
  ['ada@example.org', true],
  ['ada@', true],
  ['(303) 555-0160', true],
  ['+1 303', true],
  ['303-555', true],
  ['Room 2A', false],
  ['7', false],
  ['Peña Núñez', false],
])('takes %j for an address: %s', (text, taken) => {
  expect(isLikeAnAddress(text)).toBe(taken);
});
