import { describe, expect, it } from 'vitest';
import { groupOf, idIn, idOf, placeOf } from './groups';

describe('what can be held', () => {
  it.each([
    ['newsletter-2026-11-27', 'batch', 'newsletter-2026-11-27'],
    ['sender:aws_sms', 'sender', 'aws_sms'],
    ['domain:example.org', 'domain', 'example.org'],
    ['all', 'all', ''],
  ])('%s is a %s', (id, kind, name) => {
    expect(groupOf(id)).toEqual({ kind, name });
  });

  it.each([
    ['batch', ' winter.2026 ', 'winter.2026'],
    ['domain', 'Example.ORG', 'domain:example.org'],
    ['sender', 'ses', 'sender:ses'],
    ['all', '', 'all'],
  ] as const)('typed as %s: %s', (kind, typed, id) => {
    expect(idOf(kind, typed)).toBe(id);
  });

  it.each([
    ['batch', ''],
    ['batch', '..'],
    ['batch', 'all'],
    ['batch', 'ada@example.org'],
    ['domain', 'ada@example.org'],
    ['batch', 'two words'],
  ] as const)('nothing is named by %s "%s"', (kind, typed) => {
    expect(idOf(kind, typed)).toBeNull();
  });

  it.each(['winter.2026', 'domain:example.org', 'sender:ses', 'all'])(
    'the page of %s leads back to it, and ends like no file',
    (id) => {
      const last = placeOf(id).split('/').at(-1);
      expect(last).toBe('');
      expect(idIn(decodeURI(placeOf(id)).split('/')[2] ?? '')).toBe(id);
    },
  );

  it('an address that is no encoding of anything is taken as it is', () => {
    expect(idIn('%')).toBe('%');
  });
});
