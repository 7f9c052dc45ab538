import { expect, test } from 'vitest';
import { changed, filtersOf } from './filters';

test.each([
  ['', {}],
  [
    'school=s1&class=c1&cause=mailbox_full&channel=sms&since=2026-11-01',
    { school: 's1', class: 'c1', cause: 'mailbox_full', channel: 'sms', since: '2026-11-01' },
  ],
  ['cause=bad_luck&channel=fax&since=yesterday&school=', {}],
])('%j narrows to', (query, filters) => {
  expect(filtersOf(new URLSearchParams(query))).toEqual(filters);
});

test.each([
  ['school=s1&class=c1&cause=manual', 'school', 's2', 'school=s2&cause=manual'],
  ['school=s1&class=c1', 'school', '', ''],
  ['school=s1', 'class', 'c1', 'school=s1&class=c1'],
  ['channel=sms', 'channel', '', ''],
] as const)('%j with another %s %j', (query, name, value, next) => {
  expect(changed(new URLSearchParams(query), name, value).toString()).toBe(next);
});
