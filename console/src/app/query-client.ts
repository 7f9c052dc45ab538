/** How the pages ask: what may help is asked again, what changes something by a person alone. */
import { QueryClient } from '@tanstack/react-query';
import { passes, Problem } from '@/api';

const RETRIES = 3;

export function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Not put off while the browser takes itself for offline: it is said, and nothing is sent unasked later.
        networkMode: 'always',
        refetchOnReconnect: true,
        retry: (count, error) => count < RETRIES && passes(error),
        retryDelay: (count, error) =>
          error instanceof Problem && error.retryAfter !== null ? error.retryAfter * 1000 : 500 * 2 ** count,
        staleTime: 15_000,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
