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
  listImports,
  lookAgain,
  showImport,
  uploadRoster,
  type ImportOut,
  type ImportShownOut,
} from '@/api';
import type { SignedPlace } from '@/api/signed';
import { isConflict, isLost } from '@/components/overtaken';
import { lastTime, lookAgainIn, seldomer } from './progress';

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

/** An import that was forced: when, and how it was then, until its new run shows. */
export interface Forced {
  readonly at: number;
  readonly lastTime: number;
  /** Whether the API has said that it will run; else its answer was lost, or somebody else has forced it. */
  readonly isSure: boolean;
}

/** `begins`: it will; `looked_for`: it may; `late`: it should have. What is shown is of the run before. */
export type Awaited = 'begins' | 'looked_for' | 'late';

/** How the run that was forced is waited for; null where it shows, or none was. */
export function awaited(shown: Seen, forced: Forced | null): Awaited | null {
  if (forced?.lastTime !== lastTime(shown)) return null;
  if (shown.seenAt - forced.at > BEGINS_WITHIN_MS) return 'late';
  return forced.isSure ? 'begins' : 'looked_for';
}

type Seen = Pick<ImportOut, 'times'> & { readonly seenAt: number };

/** The state machine tries its first step for two minutes (infra/import_roster.asl.json). */
const BEGINS_WITHIN_MS = 150_000;

/** Asked anew until it has ended; not while the page is hidden. */
export function importQuery(id: string, forced: Forced | null = null) {
  return queryOptions({
    queryKey: [...KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { data } = await showImport({ path: { import_id: id }, signal, throwOnError: true });
      return { ...data, seenAt: clock.now() };
    },
    refetchInterval: ({ state: { data, error } }) => {
      if (!data) return false;
      const now = clock.now();
      const waits = forced !== null && awaited(data, forced) !== null;
      return lookAgain(error, waits ? seldomer(now - forced.at) : lookAgainIn(data, now));
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
export function useForce(begun: (forced: Forced) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (before: ImportOut) =>
      (
        await forceImport({
          path: { import_id: before.id },
          body: { after: before.times[before.state] ?? null },
          throwOnError: true,
        })
      ).data,
    // The page may have been asked anew meanwhile: its run is another than that which was there before.
    onSettled: (_, error, before) => {
      if (error === null || isLost(error) || isConflict(error))
        begun({ at: clock.now(), lastTime: lastTime(before), isSure: error === null });
      void queries.invalidateQueries({ queryKey: KEY });
    },
  });
}

/** Where the report is; a new address where the one of the page does not hold any more. */
export function useReportAddress(shown: ImportShownOut) {
  const queries = useQueryClient();
  return async (anew: boolean): Promise<string | null> =>
    anew ? (await queries.query({ ...importQuery(shown.id), staleTime: 0 })).report_url : shown.report_url;
}
