// @vitest-environment jsdom
import { OidcClient, WebStorageStateStore } from 'oidc-client-ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Unreached } from './problem';
import { isSecondSignIn, openSession, type Session } from './session';

const SIGN_IN = {
  authority: 'https://issuer.example',
  client_id: 'console',
  authorization_endpoint: 'https://issuer.example/authorize',
  token_endpoint: 'https://issuer.example/token',
  scope: 'openid',
};
let asked: URLSearchParams[];
let answers: (object | Error)[];

const part = (what: object) => Buffer.from(JSON.stringify(what)).toString('base64url');

function tokens(name: string, seconds: number, sub = 'maria', more: object = {}) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub,
    iss: SIGN_IN.authority,
    aud: SIGN_IN.client_id,
    iat: now,
    exp: now + seconds,
    ...more,
  };
  return {
    access_token: name,
    id_token: `${part({ alg: 'none' })}.${part(claims)}.`,
    refresh_token: 'refresh',
    expires_in: seconds,
    token_type: 'Bearer',
  };
}

/** As the browser comes back from the issuer's page. */
async function signedIn(...then: (object | Error)[]): Promise<Session> {
  const client = new OidcClient({
    ...SIGN_IN,
    redirect_uri: window.location.origin,
    metadata: { issuer: SIGN_IN.authority, authorization_endpoint: SIGN_IN.authorization_endpoint },
    stateStore: new WebStorageStateStore({ prefix: 'sign-in.', store: window.sessionStorage }),
  });
  const request = await client.createSigninRequest({ state: '/users/7?tab=1' });
  window.history.replaceState(null, '', `/?code=once&state=${request.state.id}`);
  answers = then;
  return openSession(SIGN_IN);
}

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    asked.push(init.body as URLSearchParams);
    const answer = answers.shift() ?? new Error('asked once too often');
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(
      new Response(JSON.stringify(answer), {
        status: 'error' in answer ? 400 : 200,
        headers: { 'content-type': 'application/json' },
      }),
    );
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  window.history.replaceState(null, '', '/');
});

test('whoever comes back from signing in is where they were, and the code is gone from the address', async () => {
  const session = await signedIn(tokens('first', 3600));
  expect(await session.accessToken()).toBe('first');
  expect(window.location.pathname + window.location.search).toBe('/users/7?tab=1');
  expect(asked.map((form) => form.get('grant_type'))).toEqual(['authorization_code']);
});

test('a token that is about to end is renewed once, whoever asks for it', async () => {
  const session = await signedIn(tokens('first', 20), tokens('second', 3600));
  expect(await Promise.all([session.accessToken(), session.accessToken()])).toEqual(['second', 'second']);
  expect(asked.map((form) => form.get('grant_type'))).toEqual(['authorization_code', 'refresh_token']);
});

test('a token that the API has refused is renewed, unless another one is there already', async () => {
  const session = await signedIn(tokens('first', 3600), tokens('second', 3600));
  expect(await session.renewedToken('first')).toBe('second');
  expect(await session.renewedToken('first')).toBe('second');
  expect(asked).toHaveLength(2);
});

test('a renewal is taken, whatever else its issuer says of the sign-in, and no other person', async () => {
  const session = await signedIn(
    tokens('first', 20, 'maria', { auth_time: 1 }),
    tokens('second', 20, 'maria', { auth_time: 2, azp: 'another' }),
    { ...tokens('third', 20), id_token: undefined },
    tokens('theirs', 3600, 'ana'),
  );
  expect(await session.accessToken()).toBe('second');
  expect(await session.accessToken()).toBe('third');
  const token = vi.fn();
  void session.accessToken().then(token);
  await vi.waitFor(() => {
    expect(session.state()).toBe('someone-else');
  });
  expect(token).not.toHaveBeenCalled();
});

test('where the issuer is not reached, nobody is signed out', async () => {
  const session = await signedIn(
    tokens('first', 20),
    new TypeError('Failed to fetch'),
    tokens('second', 3600),
  );
  await expect(session.accessToken()).rejects.toBeInstanceOf(Unreached);
  expect(session.state()).toBe('signed-in');
  expect(await session.accessToken()).toBe('second');
});

test('where the issuer refuses, requests wait until their person has signed in again', async () => {
  const session = await signedIn(tokens('first', 20), { error: 'invalid_grant' });
  const told = vi.fn();
  session.subscribe(told);
  const token = vi.fn();
  void session.accessToken().then(token);
  await vi.waitFor(() => {
    expect(session.state()).toBe('ended');
  });
  expect(told).toHaveBeenCalledTimes(1);
  expect(token).not.toHaveBeenCalled();
});

test.each([
  ['?code=1&state=abc;again', true],
  ['?error=access_denied&state=abc;again', true],
  ['?code=1&state=abc', false],
  ['?state=abc;again', false],
  ['', false],
])('the window of a second sign-in is told by its state: %s', (search, expected) => {
  window.history.replaceState(null, '', `/${search}`);
  expect(isSecondSignIn(window.location)).toBe(expected);
});
