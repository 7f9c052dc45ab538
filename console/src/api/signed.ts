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
 * Rejects with `Expired`, with `Unreached` where the connection ended or the storage failed, and with the signal's
 * reason. By XMLHttpRequest: `fetch` does not tell how far an upload is.
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
    request.upload.onprogress = (progress) => {
      told(progress.loaded);
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
    const answer = await fetch(url, { referrerPolicy: 'no-referrer' }).catch((failure: unknown) => {
      throw new Unreached({ cause: failure });
    });
    if (answer.ok) {
      save(await answer.blob(), name);
      return;
    }
    if (answer.status !== 403) throw new Unreached();
  }
  throw new Expired();
}
