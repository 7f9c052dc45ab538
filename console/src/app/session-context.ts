import { createContext, use } from 'react';
import type { Session } from '@/api/session';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('there is a session wherever the console is shown');
  return session;
}
