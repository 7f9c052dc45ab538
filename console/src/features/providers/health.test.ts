import { describe, expect, it } from 'vitest';
import type { ProviderOut } from '@/api';
import { troubles, worstFirst } from './health';

const NOW = new Date('2026-11-28T15:00:00Z');

function account(
  changed: Partial<ProviderOut>,
  releases: Partial<ProviderOut['releases']> = {},
): ProviderOut {
  return {
    provider: 'postmark',
    account: 'default',
    name: 'Postmark',
    webhook: 'set_up',
    upstream: 'set_up',
    heard_at: '2026-11-28T14:00:00Z',
    bounced_at: null,
    releases: {
      released_at: null,
      refused_at: null,
      refused_because: null,
      unknown_at: null,
      unknown_because: null,
      waiting: 0,
      paused_until: null,
      denied: false,
      ...releases,
    },
    ...changed,
  };
}

describe('an account of a provider', () => {
  it.each<[string, ProviderOut, readonly string[]]>([
    ['is well', account({}), []],
    ['needs no webhook, as AWS', account({ webhook: 'none' }), []],
    ['has no secret for its webhook', account({ webhook: 'missing' }), ['no_webhook']],
    ['is not in use: nothing of it is missed', account({ heard_at: null, upstream: 'missing' }), []],
    [
      'was asked, and never heard',
      account({ heard_at: null, webhook: 'missing' }, { waiting: 1 }),
      ['no_webhook'],
    ],
    ['was heard six days ago', account({ heard_at: '2026-11-22T15:00:00Z' }), []],
    ['has been silent for eight days', account({ heard_at: '2026-11-20T15:00:00Z' }), ['silent']],
    ['has no key for its list', account({ upstream: 'missing' }), ['no_key']],
    [
      'does not know our key',
      account({}, { denied: true, paused_until: '2026-11-28T16:00:00Z' }),
      ['denied'],
    ],
    ['is left alone until later', account({}, { paused_until: '2026-11-28T16:00:00Z' }), ['paused']],
    ['was left alone until before', account({}, { paused_until: '2026-11-28T14:00:00Z' }), []],
    ['could not tell of a release', account({}, { unknown_at: '2026-11-28T14:00:00Z' }), ['unknown']],
    [
      'has released another one since',
      account({}, { unknown_at: '2026-11-27T14:00:00Z', released_at: '2026-11-28T14:00:00Z' }),
      [],
    ],
    ['refused one: that is no trouble of its own', account({}, { refused_at: '2026-11-28T14:00:00Z' }), []],
  ])('%s', (_, shown, expected) => {
    expect(troubles(shown, NOW)).toEqual(expected);
  });

  it('with trouble comes first', () => {
    const well = account({ provider: 'ses' });
    const silent = account({ heard_at: '2026-10-01T00:00:00Z' });
    expect(worstFirst([well, silent], NOW)).toEqual([silent, well]);
  });
});
