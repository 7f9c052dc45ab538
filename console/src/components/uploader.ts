/**
 * An upload that goes on while its person looks at other pages of the console: it lives beside the pages, until it has
 * arrived, was stopped, or broke.
 */
import { useSyncExternalStore } from 'react';
import { clock, Unreached } from '@/api';
import { Expired, put, type SignedPlace } from '@/api/signed';
import { setUnfinished } from './unfinished';

export type Upload =
  | { readonly at: 'none' }
  /** An address is asked for. */
  | { readonly at: 'asking'; readonly file: File }
  /** `anew`: in place of an address that had expired. */
  | { readonly at: 'sending'; readonly file: File; readonly sent: number; readonly anew: boolean }
  | { readonly at: Ended; readonly file: File; readonly id: string }
  /** The API gave no address: its own words say why. */
  | { readonly at: 'refused'; readonly file: File; readonly error: unknown }
  | { readonly at: 'arrived'; readonly id: string };

/** `left`: stopped, but all of it had been sent by then. */
export type Ended = 'stopped' | 'left' | 'broken' | 'changed' | 'expired';

/** So much of an address's time must be left that it is worth beginning. */
const SPARE_MS = 30_000;

export class Uploader {
  #upload: Upload = { at: 'none' };
  #file: File | null = null;
  #ask: (() => Promise<SignedPlace>) | null = null;
  #place: SignedPlace | null = null;
  #stop = new AbortController();
  readonly #listeners = new Set<() => void>();

  get isBusy(): boolean {
    return this.#upload.at === 'asking' || this.#upload.at === 'sending';
  }

  /** Send a file to where `ask` says. Does nothing while another one is on its way. */
  async send(file: File, ask: () => Promise<SignedPlace>): Promise<void> {
    if (this.isBusy) return;
    this.#file = file;
    this.#ask = ask;
    this.#place = null;
    await this.#begin(false);
  }

  /** The same file from its beginning: to the same address while it holds, else to a new one. */
  async sendAgain(): Promise<void> {
    if (this.isBusy || this.#file === null) return;
    const place = this.#place;
    const holds = place !== null && Date.parse(place.expiresAt) - clock.now() > SPARE_MS;
    const expired = this.#upload.at === 'expired' || (place !== null && !holds);
    if (expired) this.#place = null;
    await this.#begin(expired);
  }

  stop(): void {
    this.#stop.abort(new Stopped());
  }

  /** Nothing is shown of it any more. */
  forget(): void {
    if (this.isBusy) return;
    this.#file = this.#ask = this.#place = null;
    this.#become({ at: 'none' });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  now = (): Upload => this.#upload;

  async #begin(anew: boolean): Promise<void> {
    const [file, ask] = [this.#file, this.#ask];
    if (file === null || ask === null) return;
    this.#stop = new AbortController();
    window.addEventListener('beforeunload', warn);
    try {
      const place = this.#place ?? (await this.#asked(file, ask));
      if (place !== null) await this.#sent(file, place, anew);
    } finally {
      window.removeEventListener('beforeunload', warn);
    }
  }

  async #asked(file: File, ask: () => Promise<SignedPlace>): Promise<SignedPlace | null> {
    this.#become({ at: 'asking', file });
    try {
      this.#place = await ask();
      return this.#place;
    } catch (error) {
      this.#become({ at: 'refused', file, error });
      return null;
    }
  }

  async #sent(file: File, place: SignedPlace, anew: boolean): Promise<void> {
    const told = (sent: number) => {
      this.#become({ at: 'sending', file, sent, anew });
    };
    told(0);
    try {
      this.#stop.signal.throwIfAborted();
      await put(place, file, told, this.#stop.signal);
      this.#file = this.#ask = this.#place = null;
      this.#become({ at: 'arrived', id: place.id });
    } catch (failure) {
      this.#become({ at: await this.#why(failure, file), file, id: place.id });
    }
  }

  async #why(failure: unknown, file: File): Promise<Ended> {
    if (failure instanceof Expired) return 'expired';
    if (failure instanceof Stopped) {
      const upload = this.#upload;
      return upload.at === 'sending' && upload.sent >= file.size ? 'left' : 'stopped';
    }
    if (!(failure instanceof Unreached)) throw failure;
    return (await canBeRead(file)) ? 'broken' : 'changed';
  }

  #become(upload: Upload): void {
    this.#upload = upload;
    setUnfinished(this, upload.at !== 'none' && upload.at !== 'arrived');
    for (const listener of this.#listeners) listener();
  }
}

/** Not where somebody has changed or moved it since it was chosen: no other try sends it. */
function canBeRead(file: File): Promise<boolean> {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

class Stopped extends Error {}

/** The browser asks before the window is closed. */
function warn(leaving: BeforeUnloadEvent): void {
  leaving.preventDefault();
}

export function useUpload(uploader: Uploader): Upload {
  return useSyncExternalStore(uploader.subscribe, uploader.now);
}
