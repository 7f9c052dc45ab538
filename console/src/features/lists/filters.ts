/** What a list is narrowed to, as the page's own address has it: ids, the API's words and a day. Never a name. */
import type { Cause, Channel } from '@/api';
import { isDay } from '@/components/day';
import { EVERY_CAUSE } from '@/components/words';

export interface Filters {
  readonly school?: string;
  readonly class?: string;
  readonly cause?: Cause;
  readonly channel?: Channel;
  /** A day, as `2026-11-28`. */
  readonly since?: string;
}

export const EVERY_CHANNEL: readonly Channel[] = ['email', 'sms', 'voice'];

/** What stands in an address; what is no filter of ours, or none that can be, is passed over. */
export function filtersOf(query: URLSearchParams): Filters {
  const school = idIn(query, 'school');
  const class_ = idIn(query, 'class');
  const cause = EVERY_CAUSE.find((word) => word === query.get('cause'));
  const channel = EVERY_CHANNEL.find((word) => word === query.get('channel'));
  const since = query.get('since');
  return {
    ...(school ? { school } : {}),
    ...(class_ ? { class: class_ } : {}),
    ...(cause ? { cause } : {}),
    ...(channel ? { channel } : {}),
    ...(since && isDay(since) ? { since } : {}),
  };
}

/** An id of ours; anything else would only lead to another place of the API. */
function idIn(query: URLSearchParams, name: string): string | null {
  const id = query.get(name);
  return id !== null && /^[\w-]+$/.test(id) ? id : null;
}

/** The same with one of them changed; a class is of one school, and ends with it. */
export function changed(query: URLSearchParams, name: keyof Filters, value: string): URLSearchParams {
  const next = new URLSearchParams(query);
  if (value) next.set(name, value);
  else next.delete(name);
  if (name === 'school') next.delete('class');
  return next;
}
