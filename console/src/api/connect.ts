/** The generated client, told where the API is, who asks, and in which language answers are read. */
import { client } from './generated/client.gen';
import { setBy } from './clock';
import type { Problem as ProblemDocument } from './generated';
import { PageLeft, Problem, Unreached } from './problem';
import type { Session } from './session';
import type { Settings } from './settings';

/** Longer than the gateway lets any function take (30 s). */
const PATIENCE_MS = 35_000;
/** What the API answers in; a page of a school's proxy or a hotel's network is HTML. */
const OURS = /^(application\/(problem\+)?json|text\/csv)\b/;

export function connect(settings: Settings, session: Session, language: () => string): void {
  client.setConfig({
    baseUrl: settings.api,
    auth: () => whileHere(session.accessToken()),
    throwOnError: true,
    fetch: (request) => send(request as Request, session, language()),
  });
  client.interceptors.error.use((error, response) => {
    if (!(response instanceof Response) || error instanceof Unreached) return error;
    if (response.ok) return new Unreached({ cause: error }); // cut off where nothing told its length
    return new Problem(response.status, isDocument(error) ? error : {}, response.headers.get('retry-after'));
  });
}

/** A token that was refused is renewed, and the request sent once more: the API did nothing with it. */
async function send(request: Request, session: Session, language: string): Promise<Response> {
  request.headers.set('accept-language', language);
  const again = request.clone();
  const answer = await reach(request);
  if (answer.status !== 401) return answer;
  const refused = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
  again.headers.set('authorization', `Bearer ${await whileHere(session.renewedToken(refused))}`);
  return reach(again);
}

/** A token may take a sign-in: what its person asked for on a page that they have left by then is not done unseen. */
async function whileHere(token: Promise<string>): Promise<string> {
  const { pathname } = window.location;
  const given = await token;
  if (window.location.pathname !== pathname) throw new PageLeft();
  return given;
}

/** The whole answer: what breaks off, comes empty, or is told in its place by something on the way is none. */
async function reach(request: Request): Promise<Response> {
  let answer: Response;
  let body: ArrayBuffer;
  try {
    answer = await fetch(request, {
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    body = await answer.arrayBuffer();
  } catch (failure) {
    if (request.signal.aborted) throw failure; // the page wants it no more
    throw new Unreached({ cause: failure });
  }
  if (answer.status < 500) {
    const isOurs = body.byteLength > 0 && OURS.test(answer.headers.get('content-type') ?? '');
    // A school's filter blocks with a page of its own: 403 or 404, and none of ours. Too many are too many to it, too.
    if (!isOurs && answer.status !== 429) throw new Unreached();
    if (isOurs) setBy(answer);
  }
  return new Response(body.byteLength > 0 ? body : null, answer);
}

function isDocument(error: unknown): error is Partial<ProblemDocument> {
  return typeof error === 'object' && error !== null && 'detail' in error;
}
