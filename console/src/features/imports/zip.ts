/** What can be seen of a file before it is sent, so that nobody waits for the upload of a wrong one. */

export type Wrong = 'empty' | 'too_large' | 'spreadsheet' | 'not_a_zip' | 'cut_off' | 'unreadable';

/** What storage takes in one piece. */
export const LARGEST = 5_000_000_000;

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** How the list at the end of a zip begins; its comment may have 64 KB. */
const END = [0x50, 0x4b, 0x05, 0x06];
const END_WITHIN = 65_557;

/** Null where nothing speaks against it. What is in the zip the import itself looks at. */
export async function whatIsWrong(file: File): Promise<Wrong | null> {
  return look(file).catch(() => 'unreadable' as const); // a folder; or it has been changed or moved since
}

async function look(file: File): Promise<Wrong | null> {
  if (file.size === 0) return 'empty';
  if (/\.(xlsx?|ods|numbers)$/i.test(file.name)) return 'spreadsheet';
  if (!(await startsWith(file, ZIP))) return 'not_a_zip';
  if (file.size > LARGEST) return 'too_large';
  return (await endHas(file, END)) ? null : 'cut_off';
}

async function startsWith(file: Blob, bytes: readonly number[]): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, bytes.length).arrayBuffer());
  return bytes.every((byte, i) => start[i] === byte);
}

async function endHas(file: Blob, bytes: readonly number[]): Promise<boolean> {
  const end = new Uint8Array(await file.slice(-END_WITHIN).arrayBuffer());
  return end.some((_, at) => bytes.every((byte, i) => end[at + i] === byte));
}
