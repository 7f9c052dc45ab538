import { describe, expect, it } from 'vitest';
import { chart, labelled } from './chart';

describe('a picture', () => {
  it('has one scale for all bars and the limit', () => {
    expect(chart([0.1, 0.025, null, 0], 0.05)).toEqual({
      bars: [{ length: 100 }, { length: 25 }, { length: null }, { length: 0 }],
      top: 0.1,
      limitAt: 50,
    });
  });

  it('has the limit in it where all are far below', () => {
    const { bars, limitAt } = chart([0.02], 0.08);
    expect(limitAt).toBe(80);
    expect(bars[0]?.length).toBeCloseTo(20);
  });

  it('needs no limit', () => {
    expect(chart([3, 6], null)).toEqual({ bars: [{ length: 50 }, { length: 100 }], top: 6, limitAt: null });
  });

  it('of nothing is empty', () => {
    expect(chart([0, null], null).bars).toEqual([{ length: 0 }, { length: null }]);
    expect(chart([], null)).toEqual({ bars: [], top: 0, limitAt: null });
  });
});

describe('labels of columns', () => {
  it.each([
    [4, 6, [true, true, true, true]],
    [8, 6, [false, true, false, true, false, true, false, true]],
    [0, 6, []],
  ])('of %s columns, %s at most', (count, most, expected) => {
    expect(labelled(count, most)).toEqual(expected);
  });

  it('always stand under the newest', () => {
    expect(labelled(26, 6).filter(Boolean)).toHaveLength(6);
    expect(labelled(26, 6).at(-1)).toBe(true);
  });
});
