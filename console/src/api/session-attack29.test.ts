// @vitest-environment jsdom
/** The sign-in under attack: forged links, an issuer that hangs or refuses, other tabs, no way out. */
import { OidcClient, WebStorageStateStore } from 'oidc-client-ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Unreached } from './problem';
import { openSession, type Session } from './session';
import type { SignInSettings } from './settings';

const SIGN_IN: SignInSettings = {
  authority: 'https://issuer.example',
  client_id: 'console',
  authorization_endpoint: 'https://issuer.example/authorize',
  token_endpoint: 'https://issuer.example/token',
  scope: 'openid',
};
type Answer = object | Error | 'hangs' | 'hangs in its body';
let answers: Answer[];
const client = (settings: SignInSettings) =>
  new OidcClient({
    ...settings,
    redirect_uri: window.location.origin,
    metadata: {
      issuer: settings.authority,
      authorization_endpoint: settings.authorization_endpoint,
      token_endpoint: settings.token_endpoint,
    },
    stateStore: new WebStorageStateStore({ prefix: 'sign-in.', store: window.sessionStorage }),
  });
const part = (what: object) => Buffer.from(JSON.stringify(what)).toString('base64url');

function tokens(name: string, seconds: number, sub: string | null = 'maria', refresh = true) {
  const claims = { sub, iss: SIGN_IN.authority, aud: SIGN_IN.client_id, iat: 1, exp: 2 }; // a clock wrong by years
  return {
    access_token: name,
    ...(sub === null ? {} : { id_token: `${part({ alg: 'none' })}.${part(claims)}.` }),
    ...(refresh ? { refresh_token: 'refresh' } : {}),
    expires_in: seconds,
    token_type: 'Bearer',
  };
}

async function cameBack(from: string, then: Answer[], settings = SIGN_IN): Promise<Session> {
  const request = await client(settings).createSigninRequest({ state: from });
  window.history.replaceState(null, '', `/?code=once&state=${request.state.id}`);
  answers = then;
  return openSession(settings);
}
const here = () => `${window.location.origin}${window.location.pathname}${window.location.search}`;

beforeEach(() => {
  window.sessionStorage.clear();
  vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
    const answer = answers.shift() ?? new Error('asked once too often');
    if (answer instanceof Error) return Promise.reject(answer);
    if (answer === 'hangs')
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new DOMException('', 'AbortError'));
        });
      });
    return Promise.resolve(
      new Response(answer === 'hangs in its body' ? new ReadableStream() : JSON.stringify(answer), {
        status: typeof answer === 'object' && 'error' in answer ? 400 : 200,
        headers: { 'content-type': 'application/json' },
      }),
    );
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  window.history.replaceState(null, '', '/');
});

test.each(['//evil.example/x', '//evil.example', '//'])(
  'whoever came in by the link %s is signed in, and stays on this origin',
  async (from) => {
    const session = await cameBack(from, [tokens('first', 3600)]);
    expect(await session.accessToken()).toBe('first');
    expect(here()).toBe(`${window.location.origin}${from}`);
  },
);

test('somebody else’s code, in a link, signs nobody in', async () => {
  answers = [tokens('theirs', 3600, 'mallory')];
  window.history.replaceState(null, '', '/users/7?code=theirs&state=forged');
  await expect(openSession(SIGN_IN)).rejects.toThrow();
  expect(answers).toHaveLength(1); // the issuer was not even asked
  expect(window.location.search).toBe('');
});

test('where a code is not taken, trying again leads to where the person wanted to go', async () => {
  await expect(cameBack('/users/7?tab=1', [new TypeError('Failed to fetch')])).rejects.toThrow();
  expect(here()).toBe(`${window.location.origin}/users/7?tab=1`);
});

test.each<Answer>(['hangs', 'hangs in its body'])(
  'an issuer that %s is said not to be reached, and is asked again',
  async (how) => {
    const session = await cameBack('/', [tokens('first', 20), how, tokens('second', 3600)]);
    vi.useFakeTimers();
    let said: unknown = 'still waiting';
    session.accessToken().catch((error: unknown) => (said = error));
    for (let second = 0; second < 60; second++) await vi.advanceTimersByTimeAsync(1000);
    expect(said).toBeInstanceOf(Unreached);
    expect(await session.accessToken()).toBe('second');
  },
);

test('an issuer that hangs at the first sign-in is said not to be reached', async () => {
  const request = await client(SIGN_IN).createSigninRequest({ state: '/' });
  window.history.replaceState(null, '', `/?code=once&state=${request.state.id}`);
  answers = ['hangs in its body'];
  vi.useFakeTimers();
  let said: unknown = 'still waiting';
  openSession(SIGN_IN).catch((error: unknown) => (said = error));
  await vi.waitFor(() => {
    expect(answers).toEqual([]); // asked, after what takes no timer's time
  });
  for (let second = 0; second < 60; second++) await vi.advanceTimersByTimeAsync(1000);
  expect(said).toBeInstanceOf(Unreached);
});

test.each(['server_error', 'temporarily_unavailable', 'slow_down', 'too_many_requests', 'internal_error'])(
  'an issuer that answers %s has ended no sign-in',
  async (error) => {
    const session = await cameBack('/', [tokens('first', 20), { error }, tokens('second', 3600)]);
    await expect(session.accessToken()).rejects.toBeInstanceOf(Unreached);
    expect(session.state()).toBe('signed-in');
    expect(await session.accessToken()).toBe('second');
  },
);

test('a token that cannot be renewed is used to its end', async () => {
  const session = await cameBack('/', [tokens('first', 20, 'maria', false)]);
  expect(await session.accessToken()).toBe('first');
});

test('where the issuer tells no way out, signing out ends the session of this page', async () => {
  const session = await cameBack('/', [tokens('first', 3600)]);
  await session.signOut();
  expect(session.state()).toBe('signed-out');
  const token = vi.fn();
  void session.accessToken().then(token);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(token).not.toHaveBeenCalled();
});

test('who signs out in one tab is signed out in all', async () => {
  const one = await cameBack('/', [tokens('first', 3600)]);
  const other = await cameBack('/', [tokens('second', 3600)]);
  await one.signOut();
  await vi.waitFor(() => {
    expect(other.state()).toBe('signed-out');
  });
});

test('who cannot be told to be the same person does not go on with what another was doing', async () => {
  const plain = { ...SIGN_IN, scope: 'api' };
  const session = await cameBack(
    '/',
    [tokens('first', 20, null), { error: 'invalid_grant' }, tokens('theirs', 3600, null)],
    plain,
  );
  void session.accessToken();
  await vi.waitFor(() => {
    expect(session.state()).toBe('ended');
  });
  const again = await client(plain).createSigninRequest({ url_state: 'again' });
  const channel = new BroadcastChannel('reachable-sign-in');
  channel.postMessage(`${window.location.origin}/?code=2&state=${again.state.id}`);
  await vi.waitFor(() => {
    expect(session.state()).toBe('someone-else');
  });
  channel.close();
});

test.each([null, 7, {}, 'javascript:alert(1)', '//', 'http://x/?code=1&state=unknown;again'])(
  'what another window says and nobody has asked for changes nothing: %j',
  async (message) => {
    const session = await cameBack('/', [tokens('first', 20), { error: 'invalid_grant' }]);
    void session.accessToken();
    await vi.waitFor(() => {
      expect(session.state()).toBe('ended');
    });
    const channel = new BroadcastChannel('reachable-sign-in');
    channel.postMessage(message);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(session.state()).toBe('ended');
    channel.close();
  },
);

test('a window for signing in again that the browser does not open is told of', async () => {
  const session = await cameBack('/', [tokens('first', 3600)]);
  vi.stubGlobal('open', () => null);
  expect(await session.signInAgain()).toBe(false);
  vi.stubGlobal('open', () => window);
  expect(await session.signInAgain()).toBe(true);
});
