import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { I18nProvider as AriaI18nProvider } from 'react-aria-components';
import type { Session } from '@/api/session';
import { language } from './language';
import { queryClient } from './query-client';
import { Shell } from './Shell';
import { SignedOut } from './SignedOut';
import { SessionContext } from './session-context';

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
