/** What a reload of the window would lose: uploads that have not arrived, and files of those that failed. */
const held = new Set<object>();

export function holdsUnfinished(): boolean {
  return held.size > 0;
}

export function setUnfinished(what: object, is: boolean): void {
  if (is) held.add(what);
  else held.delete(what);
}
