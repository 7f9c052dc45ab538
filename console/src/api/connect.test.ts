// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { clock, isRefused, me, Problem, resetStatus, Unreached } from '.';
import { connect } from './connect';
import type { Session } from './session';

const SETTINGS = {
  api: 'https://console.example/api',
  stage: 'test',
  sign_in: { authority: '', client_id: '', authorization_endpoint: '', token_endpoint: '', scope: '' },
};
const ME = { accounts: [], actions: [], classes: [], roles: [], schools: [] };

function session(): Session {
  return {
    accessToken: () => Promise.resolve('first'),
    renewedToken: (refused) => Promise.resolve(`after ${refused}`),
    signInAgain: () => Promise.resolve(true),
    signOut: () => Promise.resolve(),
    subscribe: () => () => undefined,
    state: () => 'signed-in',
  };
}

/** In place of a token at hand. */
let waiting: Partial<Session> = {};

function answering(...answers: (Response | Error)[]) {
  const asked: Request[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(request);
    const answer = answers.shift() ?? new Error('asked once too often');
    return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer);
  });
  connect(SETTINGS, { ...session(), ...waiting }, () => 'es');
  return asked;
}

const json = (body: object, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': status === 200 ? 'application/json' : 'application/problem+json', ...headers },
  });

afterEach(() => {
  vi.useRealTimers();
  waiting = {};
  window.history.replaceState(null, '', '/');
  vi.unstubAllGlobals();
});

test('a request brings the token and the language in which its reader reads', async () => {
  const asked = answering(json(ME));
  await me({ throwOnError: true });
  expect(asked.map(({ url }) => url)).toEqual(['https://console.example/api/me']);
  expect(asked[0]?.headers.get('authorization')).toBe('Bearer first');
  expect(asked[0]?.headers.get('accept-language')).toBe('es');
});

const HOUR_MS = 3_600_000;
function in_(hours: number): string {
  return new Date(Date.now() + hours * HOUR_MS).toUTCString();
}

test.each([-7, 0, 7])("a device's clock that is %d hours off is set by the API's", async (hours) => {
  const there = Date.now() - hours * HOUR_MS;
  answering(json(ME, 200, { date: new Date(there).toUTCString() }), json(ME), json(ME, 200, { date: '?' }));
  for (let asked = 0; asked < 3; asked += 1) {
    await me({ throwOnError: true });
    expect(Math.abs(clock.now() - there)).toBeLessThan(10_000);
  }
});

test.each([
  ['a proxy that is seven hours fast', new Response('busy', { status: 502, headers: { date: in_(7) } })],
  [
    'a page of the hotel',
    new Response('<p>Welcome', { headers: { 'content-type': 'text/html', date: in_(7) } }),
  ],
  ['no year that anybody lives in', json(ME, 200, { date: 'Sat, 13 Sep 275760 00:00:00 GMT' })],
])('the clock is not set by %s', async (_, answer) => {
  answering(json(ME, 200, { date: in_(0) }), answer);
  await me({ throwOnError: true });
  await me({ throwOnError: true }).catch(() => undefined);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(10_000);
});

test("a device's clock that jumps moves the API's not at all", async () => {
  answering(json(ME, 200, { date: in_(0) }));
  await me({ throwOnError: true });
  const before = clock.now();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7 * HOUR_MS });
  expect(clock.now() - before).toBeLessThan(10_000);
});

test('a token that is refused is renewed, and the request sent once more', async () => {
  const asked = answering(json({ message: 'Unauthorized' }, 401), json(ME));
  expect((await me({ throwOnError: true })).data).toEqual(ME);
  expect(asked[1]?.headers.get('authorization')).toBe('Bearer after first');
});

test('a renewed token that is refused, too, is not renewed for ever', async () => {
  const asked = answering(json({ message: 'Unauthorized' }, 401), json({ message: 'Unauthorized' }, 401));
  await expect(me({ throwOnError: true })).rejects.toMatchObject({ name: 'Problem', status: 401 });
  expect(asked).toHaveLength(2);
});

test("the API's problem comes as it says it, with when to ask again", async () => {
  answering(json({ title: 'Too many', status: 429, detail: 'Espere.' }, 429, { 'retry-after': '7' }));
  await expect(me({ throwOnError: true })).rejects.toEqual(
    expect.objectContaining({ status: 429, detail: 'Espere.', retryAfter: 7 }),
  );
});

test('an answer that is no problem document is a problem all the same', async () => {
  answering(new Response('<html>bad gateway</html>', { status: 502 }));
  const refused = await me({ throwOnError: true }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ status: 502, detail: '' });
});

test('an API that does not answer is said to be unreached', async () => {
  answering(new TypeError('Failed to fetch'));
  await expect(me({ throwOnError: true })).rejects.toBeInstanceOf(Unreached);
});

const breaksOff = new ReadableStream({
  pull: (body) => {
    body.error(new TypeError('network error'));
  },
});
test.each([
  ['breaks off', new Response(breaksOff, { headers: { 'content-type': 'application/json' } })],
  ['ends too early', new Response('{"results":[', { headers: { 'content-type': 'application/json' } })],
  ['is a page in its place', new Response('<p>Sign in', { headers: { 'content-type': 'text/html' } })],
  ['is an empty page in its place', new Response('', { headers: { 'content-type': 'text/html' } })],
  ['comes empty', new Response('', { headers: { 'content-type': 'application/json' } })],
  ['has nothing to say', new Response(null, { status: 204 })],
  ...[403, 404, 407, 410, 451].map((status): [string, Response] => [
    `is a filter's page with ${String(status)}`,
    new Response('<p>Blocked by your school', { status, headers: { 'content-type': 'text/html' } }),
  ]),
])('an answer that %s is lost: it may have been done, and polling goes on', async (_, answer) => {
  answering(answer);
  const lost = await resetStatus({ path: { user_id: '1' }, throwOnError: true }).catch(
    (error: unknown) => error,
  );
  expect(lost).toBeInstanceOf(Unreached);
  expect(isRefused(lost)).toBe(false);
});

test('what waits for a sign-in is not done once its page was left', async () => {
  let signIn: (token: string) => void = () => undefined;
  waiting = { accessToken: () => new Promise((resolve) => (signIn = resolve)) };
  const asked = answering(json({}));
  window.history.replaceState(null, '', '/users/1');
  const reset = resetStatus({ path: { user_id: '1' }, throwOnError: true });
  window.history.replaceState(null, '', '/users/2');
  signIn('anew');
  await expect(reset).rejects.toMatchObject({ name: 'PageLeft' });
  expect(asked).toEqual([]);
});

test('nor what has waited for another token than the one that was refused', async () => {
  let signIn: (token: string) => void = () => undefined;
  waiting = { renewedToken: () => new Promise((resolve) => (signIn = resolve)) };
  const asked = answering(json({ message: 'Unauthorized' }, 401), json({}));
  window.history.replaceState(null, '', '/users/1');
  const reset = resetStatus({ path: { user_id: '1' }, throwOnError: true });
  await vi.waitFor(() => {
    expect(asked).toHaveLength(1);
  });
  window.history.replaceState(null, '', '/users/2');
  signIn('anew');
  await expect(reset).rejects.toMatchObject({ name: 'PageLeft' });
  expect(asked).toHaveLength(1);
});
