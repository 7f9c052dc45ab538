import { describe, expect, it } from 'vitest';
import type { CountsOut } from '@/api';
import { failures, judge, total } from './judge';

const NOTHING: CountsOut = {
  sent: 0,
  delivered: 0,
  bounced_permanent: 0,
  bounced_transient: 0,
  bounced_undetermined: 0,
  failed: 0,
  rejected: 0,
  suppressed: 0,
  complained: 0,
  opted_out: 0,
  bounce_share: null,
  complaint_share: null,
};

describe('a row of the statistics', () => {
  it.each([
    [99, 0.5, 'few'],
    [100, 0.049, 'below'],
    [100, 0.05, 'above'],
  ])('of %s messages and a share of %s that bounced is %s', (sent, share, verdict) => {
    expect(judge({ ...NOTHING, sent, bounce_share: share }, 'bounces')).toBe(verdict);
  });

  it.each([
    [0.0009, 'below'],
    [0.001, 'above'],
    [null, 'unseen'],
  ])('with a share of %s marked as spam is %s', (share, verdict) => {
    expect(judge({ ...NOTHING, sent: 1000, complaint_share: share }, 'complaints')).toBe(verdict);
  });
});

describe('all rows together', () => {
  it('have the shares of the sum, not of the shares', () => {
    const rows = [
      { ...NOTHING, sent: 900, bounced_permanent: 9, complained: 1 },
      { ...NOTHING, sent: 100, bounced_permanent: 11, complained: 0 },
    ];
    expect(total(rows)).toEqual({ sent: 1000, bounce_share: 0.02, complaint_share: 0.001 });
  });

  it('have none of nothing', () => {
    expect(total([])).toEqual({ sent: 0, bounce_share: null, complaint_share: null });
  });

  it('tell nothing of complaints to who may not see them', () => {
    const rows = [{ ...NOTHING, sent: 100, complained: null }];
    expect(total(rows).complaint_share).toBeNull();
  });

  it('have a share of 1 at most: a bounce may count a week later than its message', () => {
    expect(total([{ ...NOTHING, sent: 2, bounced_permanent: 3 }]).bounce_share).toBe(1);
  });
});

it('failures are all that did not arrive', () => {
  expect(
    failures({
      ...NOTHING,
      sent: 100,
      delivered: 90,
      bounced_permanent: 1,
      bounced_transient: 2,
      bounced_undetermined: 3,
      failed: 4,
      rejected: 5,
      suppressed: 6,
      complained: null,
      opted_out: 7,
    }),
  ).toBe(28);
});
