/** Weeks as the statistics have them: ISO weeks in UTC, from Monday to Sunday. */

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

export interface Period {
  /** Days, `2026-11-02`. */
  readonly from: string;
  readonly to: string;
}

const day = (date: Date) => date.toISOString().slice(0, 10);

/** The last weeks up to and with the one in which `now` is. */
export function lastWeeks(count: number, now: Date): Period {
  return { from: day(new Date(now.getTime() - (count - 1) * WEEK_MS)), to: day(now) };
}

/** The Monday on which an ISO week begins: `2026-W38`. */
export function mondayOf(week: string): Date {
  const [year = 0, number = 0] = week.split('-W').map(Number);
  const fourth = Date.UTC(year, 0, 4); // always in the first week
  const sinceMonday = (new Date(fourth).getUTCDay() + 6) % 7;
  return new Date(fourth - sinceMonday * DAY_MS + (number - 1) * WEEK_MS);
}

/** The ISO week of a day. */
export function weekOf(date: Date): string {
  const sinceMonday = (date.getUTCDay() + 6) % 7;
  const thursday = new Date(date.getTime() + (3 - sinceMonday) * DAY_MS); // its year is the week's
  const year = thursday.getUTCFullYear();
  const number = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / WEEK_MS) + 1;
  return `${year}-W${String(number).padStart(2, '0')}`;
}

/** Every week of these days, in order: those in which nothing was sent, too. */
export function everyWeek({ from, to }: Period): readonly string[] {
  const weeks: string[] = [];
  const end = mondayOf(weekOf(new Date(to))).getTime();
  for (let at = mondayOf(weekOf(new Date(from))).getTime(); at <= end; at += WEEK_MS)
    weeks.push(weekOf(new Date(at)));
  return weeks;
}
