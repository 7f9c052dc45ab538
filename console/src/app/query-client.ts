/** How the pages ask: what may help is asked again, what changes something by a person alone. */
import { QueryClient } from '@tanstack/react-query';
import { passes, Problem } from '@/api';

const RETRIES = 3;
/** Of all tries. Who is told to wait longer is told so: a proxy's page about its own maintenance says an hour. */
const LONGEST_WAIT_MS = 20_000;

export function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Not put off while the browser takes itself for offline: it is said, and nothing is sent unasked later.
        networkMode: 'always',
        refetchOnReconnect: true,
        retry: (count, error) =>
          count < RETRIES && passes(error) && waitOf(count, error) * (count + 1) <= LONGEST_WAIT_MS,
        retryDelay: waitOf,
        staleTime: 15_000,
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** Milliseconds. */
function waitOf(count: number, error: unknown): number {
  return error instanceof Problem && error.retryAfter !== null ? error.retryAfter * 1000 : 500 * 2 ** count;
}
