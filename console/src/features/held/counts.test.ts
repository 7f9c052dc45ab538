import { describe, expect, it } from 'vitest';
import { isTyped, lookAgainIn, outcomes, toType, waiting } from './counts';

const COUNTS = {
  bounced_for_good: 12,
  blocked_mailbox_full: 3,
  blocked_opt_out: 5,
  sent: 100,
  queued: 2000,
  cancelled: 2,
  refused: 0,
};

describe('the counts of a batch', () => {
  it('stand in the order of a message’s way, the reasons of the gate by their number', () => {
    expect(outcomes(COUNTS)).toEqual([
      { word: 'queued', blockedBy: null, number: 2000 },
      { word: 'sent', blockedBy: null, number: 100 },
      { word: 'bounced_for_good', blockedBy: null, number: 12 },
      { word: 'cancelled', blockedBy: null, number: 2 },
      { word: 'blocked', blockedBy: 'opt_out', number: 5 },
      { word: 'blocked', blockedBy: 'mailbox_full', number: 3 },
    ]);
  });

  it('tell how many wait: a bounce is one of those sent', () => {
    expect(waiting(COUNTS)).toBe(1890);
  });

  it('never less than none, since they are approximate', () => {
    expect(waiting({ queued: 3, sent: 4 })).toBe(0);
  });

  it('tell it of no sender, domain or all', () => {
    expect(waiting({ sent: 100, bounced_for_good: 12 })).toBeNull();
  });
});

describe('before something is given up', () => {
  it.each([
    [0, null],
    [100, null],
    [101, 101],
    [null, 'example.org'],
  ])('of %s messages one types %s', (waits, wanted) => {
    expect(toType(waits, 'example.org')).toBe(wanted);
  });

  it.each([
    [null, '', true],
    [1888, '1888', true],
    [1888, ' 1,888 ', true],
    [1888, '188', false],
    [1888, '', false],
    ['example.org', 'Example.org', true],
    ['example.org', 'exampleorg', false],
  ])('%s by "%s": %s', (wanted, typed, right) => {
    expect(isTyped(wanted, typed)).toBe(right);
  });
});

describe('what was parked is looked at again', () => {
  it.each([
    ['2026-11-28T14:59:50Z', 3_000],
    ['2026-11-28T14:55:00Z', 20_000],
    ['2026-11-28T10:00:00Z', 60_000],
    [null, 3_000],
  ])('decided at %s: in %s ms', (decided, wait) => {
    expect(lookAgainIn(decided, Date.parse('2026-11-28T15:00:00Z'))).toBe(wait);
  });
});
