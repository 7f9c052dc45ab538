import { expect, it } from 'vitest';
import type { Code, GuidanceOut } from '@/api';
import { adviceOn, inOrder, meant } from './guidance';

const told = (code: Code, credential: GuidanceOut['credential'] = 'email') => ({
  code,
  credential,
  text: code,
});

it('says what makes a reset useless before the reset, and who shares it after', () => {
  const advice = [told('shared'), told('reset_will_help'), told('fix_sis_first'), told('came_back')];
  expect(inOrder(advice).map(({ code }) => code)).toEqual([
    'came_back',
    'fix_sis_first',
    'reset_will_help',
    'shared',
  ]);
});

it('puts a code that it does not know last', () => {
  const advice = [told('of_a_later_api' as Code), told('good')];
  expect(inOrder(advice).map(({ code }) => code)).toEqual(['good', 'of_a_later_api']);
});

it('tells of each credential its own, and of the account what is about none', () => {
  const advice = [told('remind', null), told('good', 'phone'), told('fix_sis_first')];
  expect(adviceOn(advice, 'email').map(({ code }) => code)).toEqual(['fix_sis_first']);
  expect(adviceOn(advice, null).map(({ code }) => code)).toEqual(['remind']);
});

it.each([
  ['Ada@gmial.com', 'gmail.com', 'Ada@gmail.com'],
  ['Ada@gmial.com', null, null],
  ['(202) 555-0123', 'gmail.com', null],
])('the address that may be meant by %s with %s is %s', (typed, domain, address) => {
  expect(meant(typed, domain)).toBe(address);
});
