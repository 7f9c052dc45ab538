/** The API's time, by which everything that it tells is dated: a device's own clock may be hours off. */

/** Milliseconds by which it is ahead of this device. */
let ahead = 0;

/** Set the clock by an answer (RFC 9110, section 6.6.1); one without a date leaves it as it is. */
export function setBy(answer: Response): void {
  const told = Date.parse(answer.headers.get('date') ?? '');
  if (!Number.isNaN(told)) ahead = told - Date.now();
}

/** Now, in milliseconds since 1970, to the second. */
export function now(): number {
  return Date.now() + ahead;
}

/** What a time of this device's clock is by the API's. */
export function there(here: number): number {
  return here + ahead;
}
