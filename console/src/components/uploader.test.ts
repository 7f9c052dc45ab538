// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import type { SignedPlace } from '@/api/signed';
import { Uploader } from './uploader';

/** The wire: what the storage answers to each PUT, in turn; null: the connection ends. */
const answers: (number | null)[] = [];
const puts: string[] = [];

/** Of the file's four bytes, those that have left. */
let loaded = 2;

class FakeRequest {
  readonly upload: { onprogress?: (progress: { loaded: number }) => void } = {};
  status = 0;
  responseText = '';
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  #url = '';

  open(_: string, url: string) {
    this.#url = url;
  }

  send() {
    puts.push(this.#url);
    this.upload.onprogress?.({ loaded });
    const answer = answers.shift();
    if (answer === undefined) return; // never: until somebody stops it
    if (answer === null) this.onerror?.();
    else {
      this.status = answer;
      this.onload?.();
    }
    this.onloadend?.();
  }

  abort() {
    this.onabort?.();
    this.onloadend?.();
  }
}

vi.stubGlobal('XMLHttpRequest', FakeRequest);
afterEach(() => {
  answers.length = puts.length = 0;
  loaded = 2;
  vi.useRealTimers();
});

const FILE = new File(['data'], 'roster.zip');
let made = 0;
const ask = (): Promise<SignedPlace> => {
  made += 1;
  const id = String(made);
  const expiresAt = new Date(Date.now() + 15 * 60_000).toISOString();
  return Promise.resolve({ id, url: `https://storage/${id}`, expiresAt });
};

test('a file that arrives is its import', async () => {
  const uploader = new Uploader();
  answers.push(200);
  await uploader.send(FILE, ask);
  expect(uploader.now()).toEqual({ at: 'arrived', id: String(made) });
});

test('what broke in the middle is sent again to the same address while that holds', async () => {
  const uploader = new Uploader();
  answers.push(null, 200);
  await uploader.send(FILE, ask);
  expect(uploader.now()).toMatchObject({ at: 'broken', id: String(made) });
  await uploader.sendAgain();
  expect(uploader.now().at).toBe('arrived');
  expect(new Set(puts).size).toBe(1);
});

test('a connection that stands still is broken, however long the browser waits', async () => {
  vi.useFakeTimers();
  const uploader = new Uploader();
  const sent = uploader.send(FILE, ask);
  await vi.advanceTimersByTimeAsync(119_000);
  expect(uploader.now().at).toBe('sending');
  await vi.advanceTimersByTimeAsync(2_000);
  await sent;
  expect(uploader.now()).toEqual({ at: 'broken', file: FILE, id: String(made) });
  answers.push(200);
  await uploader.sendAgain();
  expect(uploader.now().at).toBe('arrived');
  expect(vi.getTimerCount()).toBe(0);
});

test('what has left is waited for, however slowly it goes on from there', async () => {
  vi.useFakeTimers();
  loaded = FILE.size;
  const uploader = new Uploader();
  const sent = uploader.send(FILE, ask);
  await vi.advanceTimersByTimeAsync(14 * 60_000);
  expect(uploader.now().at).toBe('sending');
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  await sent;
  expect(uploader.now().at).toBe('broken');
});

test('after the address has expired a new one is made, and said so', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const uploader = new Uploader();
  answers.push(null);
  await uploader.send(FILE, ask);
  vi.setSystemTime(Date.now() + 15 * 60_000);
  const again = uploader.sendAgain();
  await vi.waitFor(() => {
    expect(uploader.now()).toMatchObject({ at: 'sending', anew: true });
  });
  uploader.stop();
  await again;
  expect(new Set(puts).size).toBe(2);
});

test('an address that the storage does not take is told as expired, and another one asked for', async () => {
  const uploader = new Uploader();
  answers.push(403, 200);
  await uploader.send(FILE, ask);
  expect(uploader.now().at).toBe('expired');
  await uploader.sendAgain();
  expect(uploader.now()).toEqual({ at: 'arrived', id: String(made) });
  expect(new Set(puts).size).toBe(2);
});

test('one that is stopped can be sent again', async () => {
  const uploader = new Uploader();
  const sending = uploader.send(FILE, ask);
  await vi.waitFor(() => {
    expect(uploader.now()).toMatchObject({ at: 'sending', sent: 2 });
  });
  uploader.stop();
  await sending;
  expect(uploader.now().at).toBe('stopped');
  answers.push(200);
  await uploader.sendAgain();
  expect(uploader.now().at).toBe('arrived');
});

test('what is stopped after all of it was sent may have arrived, and keeps its id', async () => {
  loaded = FILE.size;
  const uploader = new Uploader();
  const sending = uploader.send(FILE, ask);
  await vi.waitFor(() => {
    expect(uploader.now()).toMatchObject({ at: 'sending', sent: FILE.size });
  });
  uploader.stop();
  await sending;
  expect(uploader.now()).toEqual({ at: 'left', file: FILE, id: String(made) });
});

test('stopped before there is an address, nothing is sent', async () => {
  const uploader = new Uploader();
  const sending = uploader.send(FILE, ask);
  uploader.stop();
  await sending;
  expect(uploader.now().at).toBe('stopped');
  expect(puts).toEqual([]);
});

test('where the API gives no address its error is kept, and asking again may help', async () => {
  const uploader = new Uploader();
  const refusal = new Error('429');
  const asked = vi.fn(ask).mockRejectedValueOnce(refusal);
  answers.push(200);
  await uploader.send(FILE, asked);
  expect(uploader.now()).toEqual({ at: 'refused', file: FILE, error: refusal });
  await uploader.sendAgain();
  expect(uploader.now().at).toBe('arrived');
});

test('two presses send it once', async () => {
  const uploader = new Uploader();
  const asked = vi.fn(ask);
  answers.push(200);
  await Promise.all([uploader.send(FILE, asked), uploader.send(FILE, asked)]);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('a file that somebody has changed since it was chosen is called so: no other try sends it', async () => {
  const uploader = new Uploader();
  const changed = new File(['data'], 'roster.zip');
  changed.slice = () => ({ arrayBuffer: () => Promise.reject(new Error('changed')) }) as unknown as Blob;
  answers.push(null);
  await uploader.send(changed, ask);
  expect(uploader.now()).toMatchObject({ at: 'changed' });
});
