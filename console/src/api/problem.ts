/** What the API answers where it cannot do what was asked (RFC 9457), in the reader's language. */
import type { Problem as ProblemDocument } from './generated';

export class Problem extends Error {
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly { pointer: string; detail: string }[];
  /** Seconds, some and a day at most; of 429 and 503. */
  readonly retryAfter: number | null;

  constructor(status: number, document: Partial<ProblemDocument>, retryAfter: string | null = null) {
    super(`${String(status)} ${document.title ?? ''}`);
    this.name = 'Problem';
    this.status = status;
    this.detail = document.detail ?? '';
    this.errors = document.errors ?? [];
    this.retryAfter = secondsOf(retryAfter ?? '');
  }
}

function secondsOf(told: string): number | null {
  const seconds = /^\d+$/.test(told) ? Number(told) : 0;
  return seconds > 0 ? Math.min(seconds, 86_400) : null;
}

/** The API has not answered at all: no network, or too slow. */
export class Unreached extends Error {
  constructor(options?: ErrorOptions) {
    super('the API did not answer', options);
    this.name = 'Unreached';
  }
}

/** It was asked for on a page that was left while a sign-in was waited for; nothing was sent. */
export class PageLeft extends Error {
  constructor() {
    super('the page was left before this could be sent');
    this.name = 'PageLeft';
  }
}

/** Whether asking once more may help; what changes something is asked again by a person alone. */
export function passes(error: unknown): boolean {
  return (
    error instanceof Unreached ||
    error instanceof PageLeft ||
    (error instanceof Problem && [429, 502, 503, 504].includes(error.status))
  );
}

/** When to look again by itself, in milliseconds; later where it was told so, and never once it was refused for good. */
export function lookAgain(error: unknown, inMs: number | false): number | false {
  if (inMs === false || isRefused(error)) return false;
  const told = error instanceof Problem ? (error.retryAfter ?? 0) * 1000 : 0;
  return Math.max(inMs, told);
}

/** Whether it was refused for good, such as to somebody who may not see it any more: asking by itself never helps. */
export function isRefused(error: unknown): boolean {
  return error instanceof Problem && error.status < 500 && error.status !== 429;
}
