/** Files that go to, or come from, an address that the API has signed: straight to the storage, without our token. */
import { Unreached } from './problem';
import { save } from './save';

/** Where something may be put, and until when. */
export interface SignedPlace {
  /** Of the import or incident that it belongs to. */
  readonly id: string;
  readonly url: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** A connection over which nothing has gone for so long is dead. */
const STILL_MS = 120_000;
/** After the last byte has left: a school's proxy may take all of it at once, look into it, and send it on slowly. */
const ANSWERED_WITHIN_MS = 15 * 60_000;
/** All of a report, of some megabytes at most. */
const REPORT_WITHIN_MS = 5 * 60_000;

/** The storage does not take this address (any more): another one is to be asked for. */
export class Expired extends Error {
  constructor() {
    super('the signed address is not taken any more');
    this.name = 'Expired';
  }
}

/**
 * Put a file there. `told` hears how many bytes have gone.
 *
 * Rejects with `Expired`, with `Unreached` where the connection ended or stood still or the storage failed, and with
 * the signal's reason. By XMLHttpRequest: `fetch` does not tell how far an upload is.
 */
export function put(
  { url }: SignedPlace,
  file: Blob,
  told: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    signal.addEventListener('abort', () => {
      request.abort();
    });
    let stands: ReturnType<typeof setTimeout>;
    const goesOn = (until: number) => {
      clearTimeout(stands);
      stands = setTimeout(() => {
        reject(new Unreached());
        request.abort();
      }, until);
    };
    request.upload.onprogress = ({ loaded }) => {
      goesOn(loaded < file.size ? STILL_MS : ANSWERED_WITHIN_MS);
      told(loaded);
    };
    request.onloadend = () => {
      clearTimeout(stands);
    };
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(isExpired(request.status, request.responseText) ? new Expired() : new Unreached());
    };
    request.onerror = () => {
      reject(new Unreached());
    };
    request.onabort = () => {
      reject(signal.reason as Error);
    };
    request.open('PUT', url);
    goesOn(STILL_MS);
    request.send(file);
  });
}

/**
 * Fetch a report and give it to the person under a name of our own. `ask` gives an address, a new one where it is
 * `anew`; that is asked for once, since a page may have stood open longer than its addresses hold.
 */
export async function saveReport(
  ask: (anew: boolean) => Promise<string | null>,
  name: string,
): Promise<void> {
  for (const anew of [false, true]) {
    const url = await ask(anew);
    if (url === null) throw new Expired();
    const { ok, status, file } = await fetched(url);
    if (ok) {
      save(file, name);
      return;
    }
    if (!isExpired(status, await file.text())) throw new Unreached();
  }
  throw new Expired();
}

async function fetched(url: string): Promise<{ ok: boolean; status: number; file: Blob }> {
  try {
    const answer = await fetch(url, {
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(REPORT_WITHIN_MS),
    });
    return { ok: answer.ok, status: answer.status, file: await answer.blob() };
  } catch (failure) {
    throw new Unreached({ cause: failure });
  }
}

/** The address is over, or what our function had signed it with. */
function isExpired(status: number, words: string): boolean {
  return status === 403 || (status === 400 && words.includes('<Code>ExpiredToken</Code>'));
}
