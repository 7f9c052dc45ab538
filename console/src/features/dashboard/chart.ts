/** A picture of numbers: how long each bar is. */

export interface Bar {
  /** 0 to 100; null where there is nothing to draw, as of too few messages. */
  readonly length: number | null;
}

export interface Chart {
  readonly bars: readonly Bar[];
  /** What a bar of full length stands for. */
  readonly top: number;
  /** Where the limit is drawn, 0 to 100. */
  readonly limitAt: number | null;
}

/** So that a limit never lies at the very end. */
const ROOM = 1.25;

/** Bars on one scale that begins at nothing, the limit among them; what has no value has no bar. */
export function chart(values: readonly (number | null)[], limit: number | null): Chart {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const top = Math.max(most, limit === null ? 0 : limit * ROOM);
  const part = (value: number) => (top === 0 ? 0 : (value / top) * 100);
  return {
    bars: values.map((value) => ({ length: value === null ? null : part(value) })),
    top,
    limitAt: limit === null ? null : part(limit),
  };
}

/** Which of so many columns have room for a label, counted from the last, which is the newest. */
export function labelled(count: number, most: number): readonly boolean[] {
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: count }, (_, i) => (count - 1 - i) % step === 0);
}
