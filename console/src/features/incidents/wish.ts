/** What somebody has filled in, as the API takes it, and what is wrong with it. */
import type { Cause, Channel, WhereIn } from '@/api';

export interface Window {
  from: string;
  to: string;
  provider: string;
  account: string;
  channel: Channel | '';
  domain: string;
  cause: Cause | '';
  code: string;
  text: string;
  school: string;
}

export const EMPTY: Window = {
  from: '',
  to: '',
  provider: '',
  account: '',
  channel: '',
  domain: '',
  cause: '',
  code: '',
  text: '',
  school: '',
};

const HOUR_MS = 3_600_000;

export type WindowFault = 'no_beginning' | 'not_yet' | 'backwards';

/** Which field is wrong, and how; null where the window makes sense. */
export function faultOf(
  { from, to }: Window,
  now: number,
): { field: 'from' | 'to'; fault: WindowFault } | null {
  const [begins, ends] = [Date.parse(from), lastTimeOf(to).getTime()];
  if (Number.isNaN(begins)) return { field: 'from', fault: 'no_beginning' };
  if (begins > now) return { field: 'from', fault: 'not_yet' };
  return ends <= begins ? { field: 'to', fault: 'backwards' } : null;
}

/** What is left blank is not asked for. Times are of where the person is. */
export function whereOf(window: Window): WhereIn {
  const { from, to, ...rest } = window;
  const said = Object.entries(rest).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()]] : []));
  return {
    ...(Object.fromEntries(said) as Partial<WhereIn>),
    from: new Date(from).toISOString(),
    ...(to ? { to: lastTimeOf(to).toISOString() } : {}),
  };
}

/** An end in the hour that clocks go through twice in autumn means the second time: nobody is left out by it. */
function lastTimeOf(local: string): Date {
  const first = new Date(local);
  const hourLater = new Date(first.getTime() + HOUR_MS);
  return hourLater.getHours() === first.getHours() ? hourLater : first;
}

export const PEOPLE_AT_ONCE = 1000;
/** What a file of 100,000 ids of the longest kind comes to. */
export const LARGEST_LIST = 30_000_000;
const HEADS = ['sourced_id', 'sourcedid', 'user_id'];

/** The ids that were pasted, each once: a line each, or with commas, semicolons or tabs between; a column's name is none. */
export function peopleIn(pasted: string): string[] {
  const cells = pasted.split(/[\n\r,;\t]+/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  return [...new Set(cells.filter((cell) => cell !== '' && !HEADS.includes(cell.toLowerCase())))];
}

export type ListFault = 'empty' | 'too_large' | 'no_text' | 'unreadable';

/** What can be seen of a list before it is sent. */
export async function listFault(file: File): Promise<ListFault | null> {
  if (file.size === 0) return 'empty';
  if (file.size > LARGEST_LIST) return 'too_large';
  const start = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  return start.includes(0) || (start[0] === 0x50 && start[1] === 0x4b) ? 'no_text' : null;
}
