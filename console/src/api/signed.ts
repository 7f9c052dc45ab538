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

/** A connection over which nothing has gone for so long is dead, whatever the browser thinks of it. */
const STILL_MS = 60_000;
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
    const goesOn = () => {
      clearTimeout(stands);
      stands = setTimeout(() => {
        reject(new Unreached());
        request.abort();
      }, STILL_MS);
    };
    request.upload.onprogress = (progress) => {
      goesOn();
      told(progress.loaded);
    };
    request.onloadend = () => {
      clearTimeout(stands);
    };
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(request.status === 403 ? new Expired() : new Unreached());
    };
    request.onerror = () => {
      reject(new Unreached());
    };
    request.onabort = () => {
      reject(signal.reason as Error);
    };
    request.open('PUT', url);
    goesOn();
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
    const { status, file } = await fetched(url);
    if (file) {
      save(file, name);
      return;
    }
    if (status !== 403) throw new Unreached();
  }
  throw new Expired();
}

async function fetched(url: string): Promise<{ status: number; file: Blob | null }> {
  try {
    const answer = await fetch(url, {
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(REPORT_WITHIN_MS),
    });
    return { status: answer.status, file: answer.ok ? await answer.blob() : null };
  } catch (failure) {
    throw new Unreached({ cause: failure });
  }
}
