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
/** Renewed when less than this is left, so that none ends on its way. */
const SPARE_SECONDS = 30;

export type SessionState = 'signed-in' | 'ended' | 'someone-else';

export interface Session {
  /** A token that is good now; waits where its person must sign in again first. */
  accessToken(): Promise<string>;
  /** Another one in place of one that the API has refused. */
  renewedToken(refused: string): Promise<string>;
  /** Sign in again, in a window of its own. */
  signInAgain(): Promise<void>;
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
 *
 * Rejects where the issuer has refused (`?error=...`), or does not answer.
 */
export async function openSession(settings: SignInSettings): Promise<Session> {
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
  const response = await client.processSigninResponse(address);
  window.history.replaceState(null, '', typeof response.userState === 'string' ? response.userState : '/');
  return new TabSession(client, settings, response);
}

/** Where the person was; never what the issuer sent. */
function pathOf(location: Location): string {
  return comesFromSignIn(location) ? '/' : `${location.pathname}${location.search}${location.hash}`;
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
    this.#channel.onmessage = (message: MessageEvent<string>) => void this.#takeOver(message.data);
  }

  async accessToken(): Promise<string> {
    if (this.#state !== 'signed-in') return this.#wait();
    const left = this.#tokens.expires_in;
    return left === undefined || left > SPARE_SECONDS ? this.#tokens.access_token : this.#renew();
  }

  async renewedToken(refused: string): Promise<string> {
    return this.#tokens.access_token === refused ? this.#renew() : this.accessToken();
  }

  async signInAgain(): Promise<void> {
    const request = await this.#client.createSigninRequest({ prompt: 'login', url_state: AGAIN });
    window.open(request.url, CHANNEL, 'popup,width=520,height=720');
  }

  async signOut(): Promise<void> {
    const { logout_endpoint: logout, client_id: clientId } = this.#settings;
    const back = window.location.origin;
    if (logout) {
      window.location.assign(
        `${logout}?${new URLSearchParams({ client_id: clientId, logout_uri: back }).toString()}`,
      );
      return;
    }
    const idToken = this.#tokens.id_token;
    const request = await this.#client.createSignoutRequest({
      ...(idToken ? { id_token_hint: idToken } : {}),
    });
    window.location.assign(request.url);
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
        const state = { refresh_token: refreshToken, id_token, profile, session_state: null };
        // Of the class that it names, oidc-client-ts 3.5.0 exports the type alone.
        // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
        const renewed = await this.#client.useRefreshToken({ state });
        renewed.refresh_token ??= refreshToken; // without rotation none comes back
        this.#tokens = renewed;
        return renewed.access_token;
      } catch (failure) {
        // What the issuer has refused is over; where it was not reached, the next request asks again.
        if (!(failure instanceof ErrorResponse)) throw new Unreached({ cause: failure });
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
    if (this.#state === 'signed-in') return;
    const response = await this.#client.processSigninResponse(address).catch(() => null);
    if (response === null) return;
    if (response.profile.sub !== this.#tokens.profile.sub) {
      this.#become('someone-else');
      return;
    }
    this.#tokens = response;
    this.#become('signed-in');
    for (const resolve of this.#signedInAgain.splice(0)) resolve(response.access_token);
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
