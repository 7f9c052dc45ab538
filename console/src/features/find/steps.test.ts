import { expect, test } from 'vitest';
import { isWritten, step } from './steps';

test.each([
  ['ArrowDown', -1, 3, 0],
  ['ArrowDown', 2, 3, 2],
  ['ArrowDown', -1, 0, null],
  ['ArrowUp', 0, 3, -1],
  ['ArrowUp', -1, 3, null],
  ['Home', 2, 3, 0],
  ['Home', -1, 3, null], // in the box it goes to the text's beginning
  ['End', 0, 3, 2],
  ['Escape', 1, 3, -1],
  ['Escape', -1, 3, null],
  ['Enter', 1, 3, null],
])('%s from %i of %i', (key, from, count, to) => {
  expect(step(key, from, count)).toBe(to);
});

test.each([
  ['m', true],
  ['Backspace', true],
  [' ', false],
  ['Tab', false],
  ['Enter', false],
])('%j is written: %s', (key, written) => {
  expect(isWritten(key)).toBe(written);
});
