import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { I18nProvider as AriaI18nProvider } from 'react-aria-components';
import { passes, Problem } from '@/api';
import type { Session } from '@/api/session';
import { language } from './language';
import { Shell } from './Shell';
import { SignedOut } from './SignedOut';
import { SessionContext } from './session-context';

const RETRIES = 3;

function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => count < RETRIES && passes(error),
        retryDelay: (count, error) =>
          error instanceof Problem && error.retryAfter !== null ? error.retryAfter * 1000 : 500 * 2 ** count,
        staleTime: 15_000,
      },
    },
  });
}

export function Console({ session }: { readonly session: Session }) {
  const [queries] = useState(queryClient);
  const state = useSyncExternalStore(session.subscribe, session.state);
  return (
    <SessionContext value={session}>
      <I18nProvider i18n={i18n}>
        <Localized>
          {state === 'signed-out' ? (
            <SignedOut />
          ) : (
            <QueryClientProvider client={queries}>
              <Shell />
            </QueryClientProvider>
          )}
        </Localized>
      </I18nProvider>
    </SessionContext>
  );
}

function Localized({ children }: { readonly children: React.ReactNode }) {
  return <AriaI18nProvider locale={language() === 'es' ? 'es-ES' : 'en-US'}>{children}</AriaI18nProvider>;
}
