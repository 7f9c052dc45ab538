/** Messages and events as one list, newest first, from pages that arrive one by one. */
import type { Channel, CredentialKind, EventOut, MessageOut } from '@/api';

export type Item =
  | { readonly what: 'message'; readonly key: string; readonly at: string; readonly message: MessageOut }
  | {
      readonly what: 'event';
      readonly key: string;
      readonly at: string;
      readonly kind: CredentialKind;
      readonly event: EventOut;
    };

/** One route's items as far as they are loaded, newest first; `complete` once there are no older ones. */
export interface Stream {
  readonly name: string;
  readonly items: readonly Item[];
  readonly complete: boolean;
}

export interface Merged {
  readonly items: readonly Item[];
  /** The streams whose next page must come before more can be shown. */
  readonly next: readonly string[];
}

/**
 * What can be shown now. An item is held back while a stream that is not complete may still bring a newer one:
 * else what was read already would move down the page.
 */
export function merged(streams: readonly Stream[]): Merged {
  // Of one moment the streams' order decides: what a page still brings of it comes before the later streams' own.
  const [frontier] = streams
    .map(({ name, items, complete }, place) => ({ name, place, complete, at: oldest(items) }))
    .filter(({ complete }) => !complete)
    .sort((one, other) => (one.at === other.at ? one.place - other.place : other.at - one.at));
  const isSettled = (item: Item, place: number) =>
    !frontier || time(item) > frontier.at || (time(item) === frontier.at && place <= frontier.place);
  return {
    items: streams
      .flatMap(({ items }, place) => items.filter((item) => isSettled(item, place)))
      .sort((one, other) => time(other) - time(one)),
    next: frontier ? [frontier.name] : [],
  };
}

export function messageItem(message: MessageOut): Item {
  return { what: 'message', key: `message ${message.id}`, at: startOf(message), message };
}

export function eventItem(kind: CredentialKind, event: EventOut): Item {
  return { what: 'event', key: `event ${kind} ${event.id}`, at: event.occurred_at, kind, event };
}

/** When it was queued; what another system sent begins with its sending. The route's pages are in this order. */
function startOf({ times }: MessageOut): string {
  return (
    times.queued ?? times.sending ?? times.sent ?? Object.values(times).sort()[0] ?? new Date(0).toISOString()
  );
}

const KIND_OF_CHANNEL: Record<Channel, CredentialKind> = { email: 'email', sms: 'phone', voice: 'phone' };

/** Whether an item is about this channel: what closes or opens a whole number is about both of its channels. */
export function isAbout(item: Item, channel: Channel): boolean {
  if (item.what === 'message') return item.message.channel === channel;
  return item.event.channel === null
    ? KIND_OF_CHANNEL[channel] === item.kind
    : item.event.channel === channel;
}

export interface Bounces {
  readonly count: number;
  /** There may be older ones that are not loaded yet. */
  readonly orMore: boolean;
}

const CAME_BACK = new Set(['bounced', 'failed']);

/** How often messages to this address or number did not arrive. */
export function bounces(events: Stream, value: string): Bounces {
  const count = events.items.filter(
    (item) => item.what === 'event' && item.event.value === value && CAME_BACK.has(item.event.kind),
  ).length;
  return { count, orMore: !events.complete };
}

function oldest(items: readonly Item[]): number {
  return items.reduce((at, item) => Math.min(at, time(item)), Infinity);
}

function time({ at }: Item): number {
  return Date.parse(at);
}
