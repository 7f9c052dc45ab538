/**
 * Who is signed in: an authorization code with PKCE (RFC 7636), by oidc-client-ts.
 *
 * Tokens are kept in this tab's memory alone; a reload goes silently through the issuer's own session. Where a
 * token has ended and cannot be renewed, requests wait until its person has signed in again in another window,
 * so that nothing typed is lost.
 */
import { ErrorResponse, OidcClient, WebStorageStateStore, type SigninResponse } from 'oidc-client-ts';
import { Unreached } from './problem';
import type { SignInSettings } from './settings';

/** In the state of a second sign-in: the window that it comes back to tells the one that waits, and closes. */
const AGAIN = 'again';
const CHANNEL = 'reachable-sign-in';
/** To the other tabs: their person has signed out, of them, too. */
const SIGNED_OUT = 'signed-out';
/** Renewed when less than this is left, so that none ends on its way. */
const SPARE_SECONDS = 30;
/** As long as the API gets. Without it an issuer that hangs would leave every request waiting, and nobody told. */
const PATIENCE_MS = 35_000;
/** Errors by which a sign-in is over (RFC 6749, 5.2); others say that the issuer is busy, or broken. */
const FINAL = [
  'invalid_grant',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
];

export type SessionState = 'signed-in' | 'ended' | 'someone-else' | 'signed-out';

export interface Session {
  /** A token that is good now; waits where its person must sign in again first. */
  accessToken(): Promise<string>;
  /** Another one in place of one that the API has refused. */
  renewedToken(refused: string): Promise<string>;
  /** Sign in again, in a window of its own; false where the browser has not opened it. */
  signInAgain(): Promise<boolean>;
  /** Here and in all tabs, then at the issuer, where it tells how. */
  signOut(): Promise<void>;
  /** For React's useSyncExternalStore. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly state: () => SessionState;
}

/** What the issuer has sent back stands in the address. */
export function comesFromSignIn(location: Location): boolean {
  const query = new URLSearchParams(location.search);
  return query.has('state') && (query.has('code') || query.has('error'));
}

/** Whether this is the window of a second sign-in. Its name tells nothing: browsers forget it on the way. */
export function isSecondSignIn(location: Location): boolean {
  return (
    comesFromSignIn(location) && !!new URLSearchParams(location.search).get('state')?.endsWith(`;${AGAIN}`)
  );
}

/** There: hand over what came, and go, where the browser lets a page close its window. */
export function handOver(location: Location): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(location.href);
  channel.close();
  window.close();
}

/**
 * The session of this tab, signing in first where there is none: then the page is left, and this never ends.
 * `onArrival` is called as soon as the address is again that of the page where the person was.
 *
 * Rejects where the issuer has refused (`?error=...`), or does not answer.
 */
export async function openSession(settings: SignInSettings, onArrival?: () => void): Promise<Session> {
  const client = new OidcClient({
    authority: settings.authority,
    client_id: settings.client_id,
    redirect_uri: window.location.origin,
    post_logout_redirect_uri: window.location.origin,
    response_type: 'code',
    scope: settings.scope,
    metadata: {
      issuer: settings.authority,
      authorization_endpoint: settings.authorization_endpoint,
      token_endpoint: settings.token_endpoint,
      ...(settings.end_session_endpoint ? { end_session_endpoint: settings.end_session_endpoint } : {}),
    },
    stateStore: new WebStorageStateStore({ prefix: 'sign-in.', store: window.sessionStorage }),
  });
  if (!comesFromSignIn(window.location)) {
    const request = await client.createSigninRequest({ state: pathOf(window.location) });
    window.location.replace(request.url);
    return await new Promise<never>(() => undefined);
  }
  const address = window.location.href;
  window.history.replaceState(null, '', '/'); // a code works once; a reload must not bring it again
  const { state } = await client.readSigninResponseState(address);
  // Also where the code is not taken: trying again leads there. With the origin, since `//x` alone is another one.
  if (typeof state.data === 'string')
    window.history.replaceState(null, '', `${window.location.origin}${state.data}`);
  onArrival?.();
  return new TabSession(client, settings, await inTime(client.processSigninResponse(address)));
}

/** Where the person was; never what the issuer sent. */
function pathOf(location: Location): string {
  return comesFromSignIn(location) ? '/' : `${location.pathname}${location.search}${location.hash}`;
}

/** The issuer's answer, all of it: oidc-client-ts has a limit for its head alone. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Unreached());
    }, PATIENCE_MS);
  });
  return Promise.race([answer, tooLate]).finally(() => {
    clearTimeout(timer);
  });
}

class TabSession implements Session {
  #tokens: SigninResponse;
  #state: SessionState = 'signed-in';
  /** One renewal at a time, however many requests ask for it. */
  #renewal: Promise<string> | null = null;
  #signedInAgain: ((token: string) => void)[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #client: OidcClient;
  readonly #settings: SignInSettings;
  readonly #channel = new BroadcastChannel(CHANNEL);

  constructor(client: OidcClient, settings: SignInSettings, tokens: SigninResponse) {
    this.#client = client;
    this.#settings = settings;
    this.#tokens = tokens;
    this.#channel.onmessage = (message: MessageEvent<unknown>) => {
      if (message.data === SIGNED_OUT) this.#become('signed-out');
      else if (typeof message.data === 'string') void this.#takeOver(message.data);
    };
  }

  async accessToken(): Promise<string> {
    if (this.#state !== 'signed-in') return this.#wait();
    const { expires_in: left, refresh_token: refreshToken } = this.#tokens;
    return left === undefined || left > (refreshToken ? SPARE_SECONDS : 0)
      ? this.#tokens.access_token
      : this.#renew();
  }

  async renewedToken(refused: string): Promise<string> {
    return this.#tokens.access_token === refused ? this.#renew() : this.accessToken();
  }

  async signInAgain(): Promise<boolean> {
    const request = await this.#client.createSigninRequest({ prompt: 'login', url_state: AGAIN });
    return window.open(request.url, CHANNEL, 'popup,width=520,height=720') !== null;
  }

  async signOut(): Promise<void> {
    const way = await this.#wayOut();
    this.#channel.postMessage(SIGNED_OUT);
    this.#become('signed-out'); // nothing of theirs is left here, should somebody go back
    if (way !== null) window.location.assign(way);
  }

  async #wayOut(): Promise<string | null> {
    const { logout_endpoint: logout, end_session_endpoint: end, client_id: clientId } = this.#settings;
    if (logout) {
      const query = new URLSearchParams({ client_id: clientId, logout_uri: window.location.origin });
      return `${logout}?${query.toString()}`;
    }
    if (!end) return null;
    const idToken = this.#tokens.id_token;
    return (await this.#client.createSignoutRequest(idToken ? { id_token_hint: idToken } : {})).url;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): SessionState => this.#state;

  #renew(): Promise<string> {
    this.#renewal ??= this.#byRefreshToken().finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  async #byRefreshToken(): Promise<string> {
    const refreshToken = this.#tokens.refresh_token;
    if (refreshToken) {
      try {
        const { id_token, profile } = this.#tokens;
        // Without the ID token: beside who it is, oidc-client-ts would compare when they signed in, which must stay
        // the same (OpenID Connect Core, 12.2), and does not with Cognito's rotation, with others, and with MiniStack.
        const state = { refresh_token: refreshToken, profile, session_state: null };
        // Of the class that it names, oidc-client-ts 3.5.0 exports the type alone.
        // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
        const renewed = await inTime(this.#client.useRefreshToken({ state }));
        if (renewed.profile.sub !== profile.sub) {
          this.#become('someone-else');
          return await this.#wait();
        }
        renewed.refresh_token ??= refreshToken; // without rotation none comes back
        renewed.id_token ??= id_token;
        this.#tokens = renewed;
        return this.#state === 'signed-in' ? renewed.access_token : await this.#wait();
      } catch (failure) {
        // What the issuer has refused is over; where it was not reached, the next request asks again.
        if (!(failure instanceof ErrorResponse) || !FINAL.includes(failure.error ?? ''))
          throw new Unreached({ cause: failure });
      }
    }
    this.#become('ended');
    return this.#wait();
  }

  #wait(): Promise<string> {
    return new Promise((resolve) => this.#signedInAgain.push(resolve));
  }

  /** The other window's answer; one that this tab has not asked for has a state that it does not know. */
  async #takeOver(address: string): Promise<void> {
    if (this.#state === 'signed-in' || this.#state === 'signed-out') return;
    const response = await inTime(this.#client.processSigninResponse(address)).catch(() => null);
    if (response === null) return;
    const { sub } = response.profile as { sub?: string }; // none without `openid`: then it is not known who they are
    if (sub === undefined || sub !== this.#tokens.profile.sub) {
      this.#become('someone-else');
      return;
    }
    this.#tokens = response;
    this.#become('signed-in');
    for (const resolve of this.#signedInAgain.splice(0)) resolve(response.access_token);
  }

  #become(state: SessionState): void {
    if (this.#state === 'signed-out') return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
