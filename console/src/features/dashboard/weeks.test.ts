import { describe, expect, it } from 'vitest';
import { everyWeek, lastWeeks, mondayOf, weekOf } from './weeks';

describe('weeks', () => {
  it.each([
    ['2026-W01', '2025-12-29'],
    ['2026-W38', '2026-09-14'],
    ['2026-W53', '2026-12-28'],
    ['2027-W01', '2027-01-04'],
  ])('%s begins on %s', (week, monday) => {
    expect(mondayOf(week).toISOString().slice(0, 10)).toBe(monday);
    expect(weekOf(new Date(monday))).toBe(week);
  });

  it.each([
    ['2027-01-03', '2026-W53'],
    ['2025-12-28', '2025-W52'],
    ['2025-12-31', '2026-W01'],
  ])('%s is in %s', (date, week) => {
    expect(weekOf(new Date(date))).toBe(week);
  });

  it('the last four are this one and the three before', () => {
    const period = lastWeeks(4, new Date('2026-11-28T15:00:00Z'));
    expect(period).toEqual({ from: '2026-11-07', to: '2026-11-28' });
    expect(everyWeek(period)).toEqual(['2026-W45', '2026-W46', '2026-W47', '2026-W48']);
  });

  it('go over a new year', () => {
    expect(everyWeek({ from: '2026-12-21', to: '2027-01-10' })).toEqual(['2026-W52', '2026-W53', '2027-W01']);
  });
});
