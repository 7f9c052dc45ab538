/** What the pages of a person ask, and what is done there. All of a person's answers lie under `person`. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/react-query';
import {
  markBad,
  remind,
  resetStatus,
  showEvents,
  showMessages,
  showStudent,
  showUser,
  type CredentialKind,
  type MarkIn,
  type ResetIn,
  type UserOut,
} from '@/api';
import { useUnlessUnderWay } from '@/components/once';

const A_PAGE = 25;
/** A history is many pages, and each look at one is kept in the audit: not at every return to the window. */
const ASKED_SELDOM = { refetchOnWindowFocus: false, refetchOnReconnect: false } as const;
/** How long an act waits for the page to show what it led to, before it says that it is done. */
const SEEN_WITHIN_MS = 3_000;

export function userQuery(id: string) {
  return queryOptions({
    queryKey: ['person', id, 'profile'],
    queryFn: async ({ signal }) =>
      (await showUser({ path: { user_id: id }, signal, throwOnError: true })).data,
  });
}

export function studentQuery(id: string) {
  return queryOptions({
    queryKey: ['student', id],
    queryFn: async ({ signal }) =>
      (await showStudent({ path: { student_id: id }, signal, throwOnError: true })).data,
  });
}

export function messagesQuery(id: string, enabled: boolean) {
  return infiniteQueryOptions({
    queryKey: ['person', id, 'messages'],
    queryFn: async ({ signal, pageParam }) =>
      (
        await showMessages({
          path: { user_id: id },
          query: { limit: A_PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          signal,
          throwOnError: true,
        })
      ).data,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    ...ASKED_SELDOM,
    enabled,
  });
}

export function eventsQuery(id: string, kind: CredentialKind, enabled: boolean) {
  return infiniteQueryOptions({
    queryKey: ['person', id, 'events', kind],
    queryFn: async ({ signal, pageParam }) =>
      (
        await showEvents({
          path: { user_id: id, kind },
          query: { limit: A_PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          signal,
          throwOnError: true,
        })
      ).data,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    ...ASKED_SELDOM,
    enabled,
  });
}

/** From its newest page: of a long one not every page that was read is asked for once more. */
export function askHistoryAnew(queries: QueryClient, id: string): Promise<void> {
  const history = {
    queryKey: ['person', id],
    predicate: ({ queryKey }: { readonly queryKey: readonly unknown[] }) => queryKey[2] !== 'profile',
  };
  queries.setQueriesData<InfiniteData<unknown>>(
    history,
    (known) => known && { pages: known.pages.slice(0, 1), pageParams: known.pageParams.slice(0, 1) },
  );
  return queries.invalidateQueries(history);
}

/** Reset Status, only where nothing has happened since `etag`. */
export function useReset(id: string) {
  return useAct(id, async ({ etag, ...body }: ResetIn & { readonly etag: string }) => {
    const headers = { 'if-match': etag };
    return (await resetStatus({ path: { user_id: id }, headers, body, throwOnError: true })).data;
  });
}

/** Mark bad by hand, only where it is still what was seen: another address may stand there by now. */
export function useMark(id: string) {
  return useAct(id, async ({ etag, ...body }: MarkIn & { readonly etag: string }) => {
    const headers = { 'if-match': etag };
    return (await markBad({ path: { user_id: id }, headers, body, throwOnError: true })).data;
  });
}

/** Send the invitation again; the API sends one a day at most, however often it is asked. */
export function useRemind(id: string) {
  return useAct(id, async () => (await remind({ path: { user_id: id }, throwOnError: true })).data);
}

/** Look at the person anew, whatever is known: what an act led to whose answer did not come. */
export function useLook(id: string): () => Promise<UserOut> {
  const queries = useQueryClient();
  return async () => {
    void askHistoryAnew(queries, id);
    return queries.query({ ...userQuery(id), staleTime: 0 });
  };
}

/** An act on a person: sent once, however quickly it is pressed twice; then all that is shown of them is asked anew. */
function useAct<Wish, Answer>(id: string, send: (wish: Wish) => Promise<Answer>) {
  const queries = useQueryClient();
  const unlessUnderWay = useUnlessUnderWay();
  const mutation = useMutation({
    mutationFn: send,
    onSuccess: async () => {
      void queries.invalidateQueries({ queryKey: ['student'], refetchType: 'none' });
      const profile = queries.invalidateQueries({ queryKey: userQuery(id).queryKey });
      const seen = Promise.all([profile, askHistoryAnew(queries, id)]);
      await Promise.race([seen, new Promise((go) => setTimeout(go, SEEN_WITHIN_MS))]);
    },
  });
  const act = (wish: Wish, then: { done: (answer: Answer) => void; failed?: (error: Error) => void }) => {
    unlessUnderWay((ended) => {
      mutation.mutate(wish, {
        onSuccess: then.done,
        onError: (error) => then.failed?.(error),
        onSettled: ended,
      });
    });
  };
  return { act, isPending: mutation.isPending, error: mutation.error, forget: mutation.reset };
}
