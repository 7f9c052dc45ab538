/** Who is signed in, asked once; what they may do decides what they are offered. */
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { me, type Action, type MeOut } from './generated';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => (await me({ signal, throwOnError: true })).data,
  staleTime: 5 * 60_000,
});

export function useMe(): MeOut {
  return useSuspenseQuery(meQuery).data;
}

/** Whether the one who is signed in may do this at all; to whom, each page's own `actions` say. */
export function useMay(action: Action): boolean {
  return useMe().actions.includes(action);
}
