import { describe, expect, it } from 'vitest';
import { addressOf, choiceIn } from './choice';

const NOW = new Date('2026-11-28T15:00:00Z');
const choice = (search: string) => choiceIn(new URLSearchParams(search), NOW);

describe('what is looked at', () => {
  it('is the last four weeks, week by week, unless the address says otherwise', () => {
    const fourWeeks = { by: 'week', weeks: 4, period: { from: '2026-11-07', to: '2026-11-28' } };
    expect(choice('')).toEqual(fourWeeks);
    expect(choice('by=nobody&weeks=5000&from=x')).toEqual(fourWeeks);
  });

  it.each(['by=domain&weeks=26', 'by=school&from=2026-09-07&to=2026-09-20'])(
    '%s leads back to itself',
    (search) => {
      expect(addressOf(choice(search))).toBe(`/dashboard?${search}`);
    },
  );
});
