/** What the pages of imports ask of the API. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import {
  clock,
  forceImport,
  isRefused,
  listImports,
  showImport,
  uploadRoster,
  type ImportOut,
  type ImportShownOut,
} from '@/api';
import type { SignedPlace } from '@/api/signed';
import { isLost } from '@/components/overtaken';
import { lastTime, lookAgainIn } from './progress';

const KEY = ['imports'] as const;

export const importsQuery = infiniteQueryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: async ({ pageParam, signal }) => {
    const { data } = await listImports({
      query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
      signal,
      throwOnError: true,
    });
    return { ...data, seenAt: clock.now() };
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
});

/** An import that was forced, until its new run shows: as it was then, and how long to look for that. */
export interface Forced {
  readonly lastTime: number;
  readonly until: number;
  /** Whether the API has said that it will run, or its answer was lost. */
  readonly isSure: boolean;
}

/** Whether what is shown is still how it was before it was forced, and its new run is looked for. */
export function isStale(shown: ImportOut & { readonly seenAt: number }, forced: Forced | null): boolean {
  return forced !== null && lastTime(shown) === forced.lastTime && shown.seenAt < forced.until;
}

const RUN_SHOWS_WITHIN_MS = 60_000;

/** Asked anew until it has ended; not while the page is hidden. */
export function importQuery(id: string, forced: Forced | null = null) {
  return queryOptions({
    queryKey: [...KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { data } = await showImport({ path: { import_id: id }, signal, throwOnError: true });
      return { ...data, seenAt: clock.now() };
    },
    refetchInterval: ({ state: { data, error } }) => {
      if (!data || isRefused(error)) return false;
      return isStale(data, forced) ? 2_000 : lookAgainIn(data, clock.now());
    },
  });
}

/** An address for a roster; the import is in the list from then on. */
export async function askForPlace(queries: QueryClient, dryRun: boolean): Promise<SignedPlace> {
  const { data } = await uploadRoster({ body: { dry_run: dryRun }, throwOnError: true });
  void queries.invalidateQueries({ queryKey: importsQuery.queryKey });
  return { id: data.id, url: data.upload_url, expiresAt: data.expires_at };
}

/**
 * Run an import once more, whatever it removes; refused or not, the page then shows how it is. The API says that it
 * will run before the run says so itself; where that answer is lost, only the run can.
 */
export function useForce(shown: ImportOut, begun: (forced: Forced) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => (await forceImport({ path: { import_id: shown.id }, throwOnError: true })).data,
    onSettled: (_, error) => {
      if (error === null || isLost(error)) {
        const until = clock.now() + RUN_SHOWS_WITHIN_MS;
        begun({ lastTime: lastTime(shown), until, isSure: error === null });
      }
      return queries.invalidateQueries({ queryKey: KEY });
    },
  });
}

/** Where the report is; a new address where the one of the page does not hold any more. */
export function useReportAddress(shown: ImportShownOut) {
  const queries = useQueryClient();
  return async (anew: boolean): Promise<string | null> =>
    anew ? (await queries.query({ ...importQuery(shown.id), staleTime: 0 })).report_url : shown.report_url;
}
