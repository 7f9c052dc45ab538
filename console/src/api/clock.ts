/** The API's time, by which everything that it tells is dated: a device's own clock may be hours off, and jump. */

const FIRST = Date.UTC(2020);
const LAST = Date.UTC(2100);

/** By which the API is ahead of the browser's stopwatch, in milliseconds; null before it has told. */
let ahead: number | null = null;

/** Set the clock by an answer (RFC 9110, section 6.6.1); one without a date leaves it as it is. */
export function setBy(answer: Response): void {
  const told = Date.parse(answer.headers.get('date') ?? '');
  if (told >= FIRST && told < LAST) ahead = told - performance.now();
}

/** Now, in milliseconds since 1970, to the second. */
export function now(): number {
  return ahead === null ? Date.now() : performance.now() + ahead;
}
