import { expect, test } from 'vitest';
import type { CredentialOut } from '@/api';
import { advice, ways } from './ways';

const PHONE: CredentialOut = {
  kind: 'phone',
  value: '+13035550123',
  typed: '(303) 555-0123',
  status: 'bad',
  open: ['voice'],
  reason: null,
  since: null,
  shared: false,
  holders: [],
  other_holders: 0,
  held_since: null,
  held_until: null,
  former: false,
  last_message: null,
  blocks: [],
  upstream: [],
};

test('a phone that takes no texts is still called', () => {
  expect(ways(PHONE)).toEqual([
    { channel: 'sms', reaches: false },
    { channel: 'voice', reaches: true },
  ]);
});

test('an address has one way', () => {
  expect(ways({ ...PHONE, kind: 'email', open: [] })).toEqual([{ channel: 'email', reaches: false }]);
});

test('advice stands beside what it is about', () => {
  const start = { code: 'wants_no_contact', credential: 'phone', text: 'Text START.' } as const;
  const remind = { code: 'remind', credential: null, text: 'Accept.' } as const;
  expect(advice([start, remind], 'phone')).toEqual([start]);
  expect(advice([start, remind], 'email')).toEqual([]);
  expect(advice([start, remind], null)).toEqual([remind]);
});
