// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { clock, me, Problem, resetStatus, Unreached } from '.';
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

test.each([-7, 0, 7])("a device's clock that is %d hours off is set by the API's", async (hours) => {
  const there = Date.now() - hours * 3_600_000;
  answering(json(ME, 200, { date: new Date(there).toUTCString() }), json(ME), json(ME, 200, { date: '?' }));
  for (let asked = 0; asked < 3; asked += 1) {
    await me({ throwOnError: true });
    expect(Math.abs(clock.now() - there)).toBeLessThan(10_000);
    expect(Math.abs(clock.there(Date.now()) - there)).toBeLessThan(10_000);
  }
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
