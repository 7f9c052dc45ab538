/**
 * Where this deployment's API and sign-in are: /settings.json, which `./dev publish` writes beside the console.
 */
export interface Settings {
  /** Where the API answers, from this page's own address. */
  readonly api: string;
  readonly stage: string;
  readonly sign_in: SignInSettings;
}

export interface SignInSettings {
  readonly authority: string;
  readonly client_id: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly scope: string;
  /** Cognito's own way out, which its discovery document does not name. */
  readonly logout_endpoint?: string;
  /** That of an issuer that follows OpenID Connect RP-Initiated Logout. */
  readonly end_session_endpoint?: string;
}

/** What does not come in this time does not come: who waits is told. */
const PATIENCE_MS = 35_000;

/** Read them once, at the start. Throws where the file is not there: nothing works without it. */
export async function readSettings(): Promise<Settings> {
  const answer = await fetch('/settings.json', {
    mode: 'cors',
    credentials: 'same-origin',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(`settings.json: ${String(answer.status)}`);
  return (await answer.json()) as Settings;
}
