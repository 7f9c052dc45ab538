/** What can be held: how the API names it, how a person names it, and where its page is. */

export type Kind = 'batch' | 'domain' | 'sender' | 'all';

export interface Group {
  readonly kind: Kind;
  /** Without what tells the kind; of `all` empty. */
  readonly name: string;
}

const PREFIXES = { sender: 'sender:', domain: 'domain:' } as const;
/** As the API has them: a batch's id is what an address carries as it is; no browser may take it for a way up. */
const NAMES: Readonly<Record<Exclude<Kind, 'all'>, RegExp>> = {
  batch: /^(?!\.+$|all$)[A-Za-z0-9._~-]{1,100}$/,
  domain: /^[a-z0-9.-]{1,255}$/,
  sender: /^[a-z0-9_]{1,40}$/,
};

export function groupOf(id: string): Group {
  if (id === 'all') return { kind: 'all', name: '' };
  if (id.startsWith(PREFIXES.sender)) return { kind: 'sender', name: id.slice(PREFIXES.sender.length) };
  if (id.startsWith(PREFIXES.domain)) return { kind: 'domain', name: id.slice(PREFIXES.domain.length) };
  return { kind: 'batch', name: id };
}

/**
 * The id of what somebody has typed; null of what can name nothing.
 *
 * An email address never can: a page's address stays in the browser's history, and must name no person.
 */
export function idOf(kind: Kind, typed: string): string | null {
  if (kind === 'all') return 'all';
  const name = kind === 'batch' ? typed.trim() : typed.trim().toLowerCase();
  if (!NAMES[kind].test(name)) return null;
  return kind === 'batch' ? name : `${PREFIXES[kind]}${name}`;
}

/** Its page. The stroke at the end keeps whoever serves the console from taking `.org` for a file's ending. */
export function placeOf(id: string): string {
  return `/held/${encodeURIComponent(id)}/`;
}

/** The id in a page's address, of which the router has decoded a part. */
export function idIn(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
}
