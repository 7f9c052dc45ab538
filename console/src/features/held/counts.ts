/** What a batch's counts tell. They are about right: a crash may lose a count, never add one. */
import { isThatNumber } from '@/components/that-number';

const BLOCKED = 'blocked_';
/** At their end; `bounced_for_good` is a part of `sent`. */
const ENDED = ['sent', 'refused', 'uncertain', 'dropped', 'cancelled'];

export type Counts = Readonly<Record<string, number>>;

export interface Outcome {
  readonly word: string;
  /** Of what the gate stopped: why. */
  readonly blockedBy: string | null;
  readonly number: number;
}

/** In the order of a message's way; those that came to nothing are left out. */
const ORDER = ['queued', 'sent', 'bounced_for_good', 'refused', 'uncertain', 'dropped', 'cancelled'];

export function outcomes(counts: Counts): readonly Outcome[] {
  const known = ORDER.filter((word) => (counts[word] ?? 0) > 0);
  const rest = Object.keys(counts)
    .filter((word) => !ORDER.includes(word) && (counts[word] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
  return [...known, ...rest].map((word) => ({
    word: word.startsWith(BLOCKED) ? 'blocked' : word,
    blockedBy: word.startsWith(BLOCKED) ? word.slice(BLOCKED.length) : null,
    number: counts[word] ?? 0,
  }));
}

/** About how many of a batch's messages wait yet; null where nobody counts who waits, as of a sender. */
export function waiting(counts: Counts): number | null {
  const queued = counts.queued;
  if (queued === undefined) return null;
  const ended = Object.entries(counts)
    .filter(([word]) => ENDED.includes(word) || word.startsWith(BLOCKED))
    .reduce((sum, [, number]) => sum + number, 0);
  return Math.max(0, queued - ended);
}

/** From how many messages on somebody types how many they are before they are given up. */
const MANY = 100;

/** What has to be typed before it is given up: nothing of a few; the number; where nobody knows it, the name. */
export function toType(waits: number | null, name: string): number | string | null {
  if (waits === null) return name;
  return waits > MANY ? waits : null;
}

/** Whether that was typed. */
export function isTyped(wanted: number | string | null, typed: string): boolean {
  if (wanted === null) return true;
  if (typeof wanted === 'number') return isThatNumber(typed, wanted);
  return typed.trim().toLowerCase() === wanted.toLowerCase();
}

/** Often at first, then seldom: with many messages it takes minutes, and each look is an entry of the audit. */
export function lookAgainIn(decided: string | null, now: number): number {
  const waited = decided === null ? 0 : now - Date.parse(decided);
  return Math.min(Math.max(waited / 15, 3_000), 60_000);
}
