import { expect, it } from 'vitest';
import type { BlockOut, Ground } from '@/api';
import { canBeReset, consentFor, inForce, lifted } from './blocks';
import { BAD, block, email, phone, upstream } from './testing/people';

const of = (...grounds: Ground[]) => grounds.map((ground) => block({ ground }));

it.each<[string, BlockOut[], 'none' | 'some' | 'all']>([
  ['a bounce', of('bounce'), 'none'],
  ['a complaint', of('complaint'), 'all'],
  ['an unsubscribe', of('unsubscribed'), 'all'],
  ["a provider's list after a complaint", [block({ ground: 'suppressed', cause: 'complaint' })], 'all'],
  ['a complaint beside a bounce', of('complaint', 'bounce'), 'some'],
  ['STOP, which no word lifts', of('opt_out'), 'none'],
  ['an unsubscribe beside STOP', of('unsubscribed', 'opt_out'), 'all'],
  ['a complaint that was lifted', [block({ ground: 'complaint', until: '2026-10-01T00:00:00Z' })], 'none'],
])('of %s consent is asked: %#', (_, blocks, need) => {
  expect(consentFor([email({ ...BAD, blocks })])).toBe(need);
});

it('asks for consent but not always where only one of two needs it', () => {
  expect(consentFor([email({ blocks: of('complaint') }), phone({ blocks: of('bounce') })])).toBe('some');
});

it('tells blocks in force from those that were lifted', () => {
  const now = block();
  const before = block({ until: '2026-10-01T00:00:00Z', lifted_by: 'staff' });
  expect(inForce(email({ blocks: [now, before] }))).toEqual([now]);
  expect(lifted(email({ blocks: [now, before] }))).toEqual([before]);
});

it.each([
  ['a bad one', email(BAD), true],
  ['a good one', email(), false],
  ['a good one that a provider still refuses', email({ upstream: [upstream()] }), true],
  ['a good one that is being released', email({ upstream: [upstream({ state: 'releasing' })] }), false],
  ['a former one', email({ ...BAD, former: true }), false],
])('%s can be reset: %#', (_, credential, can) => {
  expect(canBeReset(credential)).toBe(can);
});
