/** How many people, and how many of their addresses: who has two bad ones stands on two lines. */
export function tally(lines: readonly { readonly id: string }[]): { people: number; lines: number } {
  return { people: new Set(lines.map(({ id }) => id)).size, lines: lines.length };
}
