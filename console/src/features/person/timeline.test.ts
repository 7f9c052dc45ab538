import { describe, expect, it } from 'vitest';
import { bounces, eventItem, isAbout, merged, messageItem, type Item, type Stream } from './timeline';
import { event, message } from './testing/people';

const at = (minute: number) => `2026-09-14T08:${String(minute).padStart(2, '0')}:00Z`;
const messages = (complete: boolean, ...minutes: number[]): Stream => ({
  name: 'messages',
  items: minutes.map((minute) => messageItem(message({ id: `m${minute}`, times: { queued: at(minute) } }))),
  complete,
});
const events = (complete: boolean, ...minutes: number[]): Stream => ({
  name: 'email',
  items: minutes.map((minute) => eventItem('email', event({ id: `e${minute}`, occurred_at: at(minute) }))),
  complete,
});
const shown = (items: readonly Item[]) =>
  items.map((item) => (item.what === 'message' ? item.message.id : item.event.id));

describe('the timeline', () => {
  it.each([
    [
      'two whole lists are one, newest first',
      messages(true, 30, 10),
      events(true, 20),
      ['m30', 'e20', 'm10'],
      [],
    ],
    [
      'what a further page could still come before is held back',
      messages(false, 30, 20),
      events(true, 40, 10),
      ['e40', 'm30', 'm20'],
      ['messages'],
    ],
    [
      'the stream that ends soonest is asked next',
      messages(false, 30, 25),
      events(false, 40, 10),
      ['e40', 'm30', 'm25'],
      ['messages'],
    ],
    [
      'a list that has brought nothing yet holds all back',
      messages(false),
      events(true, 40),
      [],
      ['messages'],
    ],
    [
      'of one moment a further page still brings what stands above the next list',
      messages(false, 30),
      events(true, 30),
      ['m30'],
      ['messages'],
    ],
    [
      'of an end at the same moment the first is asked first',
      messages(false, 30),
      events(false, 30),
      ['m30'],
      ['messages'],
    ],
    ['nothing at all is whole', messages(true), events(true), [], []],
  ])('%s', (_, one, other, items, next) => {
    const told = merged([one, other]);
    expect([shown(told.items), told.next]).toEqual([items, next]);
  });

  it('shows each page below what was there, whichever pages come', () => {
    const all = { m: [58, 51, 50, 33, 12, 4], e: [59, 44, 43, 42, 41, 3] };
    const loaded = { m: 2, e: 2 };
    let before: string[] = [];
    for (;;) {
      const told = merged([
        messages(loaded.m >= all.m.length, ...all.m.slice(0, loaded.m)),
        events(loaded.e >= all.e.length, ...all.e.slice(0, loaded.e)),
      ]);
      const now = shown(told.items);
      expect(now.slice(0, before.length)).toEqual(before);
      if (told.next.length === 0) break;
      expect(now.length).toBeGreaterThan(before.length); // each press brings something
      before = now;
      if (told.next.includes('messages')) loaded.m += 2;
      if (told.next.includes('email')) loaded.e += 2;
    }
    expect(before.length).toBeLessThan(12);
  });

  it('places what another system sent by its sending', () => {
    const told = message({ times: { delivered: at(3), sent: at(2) } });
    expect(messageItem(told).at).toBe(at(2));
  });
});

describe('a filter', () => {
  const phone = (channel: 'sms' | 'voice' | null) => eventItem('phone', event({ channel }));
  it.each([
    [phone('sms'), 'sms', true],
    [phone('sms'), 'voice', false],
    [phone(null), 'voice', true],
    [phone(null), 'email', false],
    [messageItem(message({ channel: 'email' })), 'email', true],
    [messageItem(message({ channel: 'email' })), 'sms', false],
  ] as const)('%#', (item, channel, about) => {
    expect(isAbout(item, channel)).toBe(about);
  });
});

describe('how often it bounced', () => {
  const stream = (complete: boolean): Stream => ({
    name: 'email',
    items: [
      event({ id: '1', kind: 'bounced' }),
      event({ id: '2', kind: 'reset' }),
      event({ id: '3', kind: 'failed' }),
      event({ id: '4', kind: 'bounced', value: 'former@example.org' }),
    ].map((told) => eventItem('email', told)),
    complete,
  });
  it('counts what did not arrive at this address, and says where there may be more', () => {
    expect(bounces(stream(true), 'ada@example.org')).toEqual({ count: 2, orMore: false });
    expect(bounces(stream(false), 'ada@example.org')).toEqual({ count: 2, orMore: true });
  });
});
