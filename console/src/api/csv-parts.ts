/** A file that comes in parts: where the rest of it is, and what of a part is the head again. */

/** What asks for the rest (RFC 8288: `<?cursor=...>; rel="next"`); null of the last part. */
export function restOf(link: string | null): Record<string, string> | null {
  const [, query] = /<\?([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  return query === undefined ? null : Object.fromEntries(new URLSearchParams(query));
}

/** The names of columns are words of ours: their line ends where the first line does. */
export function withoutHead(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? '' : text.slice(end + 1);
}
