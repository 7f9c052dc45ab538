/** What is looked at stands in the page's address, so that it can be reloaded, kept and passed on. */
import type { By } from '@/api';
import { isDay } from '@/components/day';
import { lastWeeks, type Period } from './weeks';

export const EVERY_BY = ['week', 'school', 'domain', 'provider', 'cause'] as const satisfies readonly By[];
export const SPANS = [4, 8, 26] as const;

export interface Choice {
  readonly by: By;
  /** So many weeks; null where days were chosen. */
  readonly weeks: number | null;
  readonly period: Period;
}

export function choiceIn(address: URLSearchParams, now: Date): Choice {
  const by = EVERY_BY.find((known) => known === address.get('by')) ?? 'week';
  const from = address.get('from') ?? '';
  const to = address.get('to') ?? '';
  if (isDay(from) && isDay(to)) return { by, weeks: null, period: { from, to } };
  const weeks = SPANS.find((known) => String(known) === address.get('weeks')) ?? SPANS[0];
  return { by, weeks, period: lastWeeks(weeks, now) };
}

export function addressOf(choice: Pick<Choice, 'by' | 'weeks' | 'period'>): string {
  const { by, weeks, period } = choice;
  const span: Record<string, string> = weeks === null ? { ...period } : { weeks: String(weeks) };
  return `/dashboard?${new URLSearchParams({ by, ...span }).toString()}`;
}
