/** Arrow keys go through what was found, from the box to the last row and back, by moving the focus. */

/** Where the focus goes by this key from here; null where the key is not ours. `-1` is the box. */
export function step(key: string, from: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return count === 0 ? null : Math.min(from + 1, count - 1);
    case 'ArrowUp':
      return from < 0 ? null : from - 1;
    case 'Home':
      return from < 0 ? null : 0;
    case 'End':
      return from < 0 ? null : count - 1;
    case 'Escape':
      return from < 0 ? null : -1;
    default:
      return null;
  }
}

/** Whether this key changes a text: then it is meant for the box. A space scrolls. */
export function isWritten(key: string): boolean {
  return (key.length === 1 && key !== ' ') || key === 'Backspace';
}
