/** What the pages of incidents ask of the API. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import {
  clock,
  countIncident,
  listIncidents,
  listSchools,
  lookAgain,
  Problem,
  reportIncident,
  saveIncident,
  showIncident,
  startIncident,
  stopIncident,
  undoIncident,
  type IncidentIn,
  type IncidentOut,
} from '@/api';
import type { SignedPlace } from '@/api/signed';
import { lookAgainIn } from './progress';

const KEY = ['incidents'] as const;

export const incidentsQuery = infiniteQueryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: async ({ pageParam, signal }) =>
    (
      await listIncidents({
        query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
        throwOnError: true,
      })
    ).data,
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
});

/** Asked anew while it is at work; not while the page is hidden. */
export function incidentQuery(id: string) {
  return queryOptions({
    queryKey: [...KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { data } = await showIncident({ path: { incident_id: id }, signal, throwOnError: true });
      return { ...data, seenAt: clock.now() };
    },
    refetchInterval: ({ state: { data, error } }) =>
      lookAgain(error, data !== undefined && lookAgainIn(data, clock.now())),
  });
}

/** All schools, to choose one by name and to name those of an incident. */
export const schoolsQuery = queryOptions({
  queryKey: ['schools', 'all'],
  queryFn: async ({ signal }) => (await listSchools({ signal, throwOnError: true })).data.items,
  staleTime: 5 * 60_000,
});

/** It is only counted: whoever has asked for it sees what it would do before it does anything. */
async function saved(queries: QueryClient, wish: IncidentIn): Promise<IncidentOut> {
  const { data } = await saveIncident({ body: { ...wish, dry_run: true }, throwOnError: true });
  void queries.invalidateQueries({ queryKey: incidentsQuery.queryKey });
  return data;
}

export function useSaveIncident() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (wish: IncidentIn) => saved(queries, wish) });
}

/** An incident whose list of people is to come, and where to put that. */
export async function askForPlace(queries: QueryClient, note: string | null): Promise<SignedPlace> {
  const { id, upload_url: url, expires_at: expiresAt } = await saved(queries, { file: true, note });
  if (!url || !expiresAt) throw new Problem(502, {});
  return { id, url, expiresAt };
}

const ACTS = { count: countIncident, start: startIncident, stop: stopIncident, undo: undoIncident };
export type Act = keyof typeof ACTS;

/** Have something done with it. Done or refused, the page then shows how it is. */
export function useAct(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (act: Act) => (await ACTS[act]({ path: { incident_id: id }, throwOnError: true })).data,
    // Not waited for: what became of the act is said at once.
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: KEY });
    },
  });
}

export async function reportAddress(id: string): Promise<string> {
  return (await reportIncident({ path: { incident_id: id }, throwOnError: true })).data.report_url;
}
