/** A page on its own, with an API that a test answers for. */
import { i18n, type Messages } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { Suspense, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { onTestFinished, vi } from 'vitest';
import { Route, Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { connect } from '@/api/connect';
import { queryClient } from '@/app/query-client';

const SETTINGS = {
  api: 'https://console.example/api',
  stage: 'test',
  sign_in: { authority: '', client_id: '', authorization_endpoint: '', token_endpoint: '', scope: '' },
};
const ME = {
  accounts: [],
  actions: [],
  classes: [],
  roles: [],
  schools: [],
  viewer: { id: 'me', name: 'Me' },
};

/** As the API answers. */
export function json(body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': type, ...headers },
  });
}

/** Answer what the pages ask; who is signed in is answered for them. */
export function serve(answer: (request: Request) => Promise<Response>): void {
  vi.stubGlobal('fetch', (request: Request, { signal }: RequestInit = {}) =>
    request.url.endsWith('/me')
      ? Promise.resolve(json(ME))
      : new Promise<Response>((resolve, reject) => {
          signal?.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
          answer(request).then(resolve, reject);
        }),
  );
  connect(
    SETTINGS,
    {
      accessToken: () => Promise.resolve('token'),
      renewedToken: () => Promise.resolve('another'),
      signInAgain: () => Promise.resolve(true),
      signOut: () => Promise.resolve(),
      subscribe: () => () => undefined,
      state: () => 'signed-in',
    },
    () => 'en',
  );
}

/** Show a page at an address until the test has ended. */
export function show(page: ReactNode, path: string, at: string, words: Messages = {}): QueryClient {
  i18n.load('en', words);
  i18n.activate('en');
  vi.stubGlobal('scrollTo', () => undefined);
  const queries = queryClient();
  const root: Root = createRoot(document.body.appendChild(document.createElement('div')));
  root.render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <Router hook={memoryLocation({ path: at }).hook}>
          <Suspense>
            <Route path={path}>{page}</Route>
          </Suspense>
        </Router>
      </QueryClientProvider>
    </I18nProvider>,
  );
  onTestFinished(() => {
    root.unmount();
    document.body.replaceChildren();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return queries;
}

export const shown = () => document.body.textContent;

/** Patient: a machine may be slow. */
export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 20_000, interval: 20 });
}

/** The button of these words, once it is there. */
export async function button(words: RegExp): Promise<HTMLButtonElement> {
  return vi.waitFor(
    () => {
      const found = [...document.querySelectorAll('button')].find((one) => words.test(one.textContent));
      if (!found) throw new Error(`no button ${String(words)} in: ${shown()}`);
      return found;
    },
    { timeout: 20_000, interval: 20 },
  );
}

/** Type into the only field, as a person does. */
export function type(value: string): void {
  const input = document.querySelector('input');
  if (!input) throw new Error('no field');
  // React listens to the element's own setter.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, value);
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Long enough for what would come at once. */
export const aMoment = () => new Promise((resolve) => setTimeout(resolve, 100));
