/** What is asked of holds and messages, and what is decided about them. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  clock,
  cancelMessages,
  dropBatch,
  holdBatch,
  listBatches,
  lookAgain,
  resumeBatch,
  searchMessages,
  showBatch,
  type BatchOut,
  type MessageSearchIn,
  type MessageStatus,
} from '@/api';
import { lookAgainIn } from './counts';

const HELD = ['held'];
const MESSAGES = [...HELD, 'messages'];

export const heldQuery = infiniteQueryOptions({
  queryKey: [...HELD, 'list'],
  queryFn: async ({ signal, pageParam }) =>
    (await listBatches({ query: { cursor: pageParam }, signal, throwOnError: true })).data,
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});

const batchKey = (id: string) => [...HELD, 'batch', id];

/** A batch; as long as what was parked is on its way out it is looked at again. */
export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: batchKey(id),
    queryFn: async ({ signal }) =>
      (await showBatch({ path: { batch_id: id }, signal, throwOnError: true })).data,
    refetchInterval: ({ state: { data, error } }) =>
      lookAgain(error, data?.swept?.finished === false && lookAgainIn(data.since, clock.now())),
  });

/** Messages of a batch by status; without a batch the uncertain ones. */
export const messagesQuery = (batchId: string | null, status: readonly MessageStatus[]) =>
  infiniteQueryOptions({
    queryKey: [...MESSAGES, batchId, ...status],
    queryFn: async ({ signal, pageParam }) => {
      const body: MessageSearchIn = { batch_id: batchId, status: [...status], cursor: pageParam };
      return (await searchMessages({ body, signal, throwOnError: true })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export type Act = 'hold' | 'resume' | 'drop' | 'cancel';

export interface Decision {
  readonly act: Act;
  readonly note?: string | undefined;
  readonly emergenciesPass?: boolean;
}

/** Hold it, let it go on, drop or cancel it; both are told even where what asked is gone by then. */
export function useDecide(id: string, done: () => void, failed: (error: unknown) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (decision: Decision) => decide(id, decision),
    onSuccess: (batch) => {
      done();
      queries.setQueryData(batchKey(id), batch);
      void queries.invalidateQueries({ queryKey: heldQuery.queryKey });
      void queries.invalidateQueries({ queryKey: MESSAGES });
    },
    onError: (error) => {
      failed(error);
      void queries.invalidateQueries({ queryKey: HELD }); // it, or somebody else's, may have been done all the same
    },
  });
}

async function decide(id: string, { act, note, emergenciesPass }: Decision): Promise<BatchOut> {
  const path = { batch_id: id };
  switch (act) {
    case 'hold': {
      const body = { note: note ?? null, emergencies_pass: emergenciesPass ?? true };
      return (await holdBatch({ path, body, throwOnError: true })).data;
    }
    case 'resume':
      return (await resumeBatch({ path, throwOnError: true })).data;
    case 'drop':
      return (await dropBatch({ path, throwOnError: true })).data;
    case 'cancel': {
      const { batch } = (await cancelMessages({ body: { batch_id: id }, throwOnError: true })).data;
      if (batch === null) throw new Error('a batch that is cancelled is answered');
      return batch;
    }
  }
}

/** Cancel one message that has not gone out. */
export function useCancelMessage(failed: (error: unknown) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => {
      const { results } = (await cancelMessages({ body: { ids: [id] }, throwOnError: true })).data;
      return results[0];
    },
    onError: failed, // told by whom it belongs to: its own row may go at once
    // Done or not: it may have gone out meanwhile, or the answer alone is lost.
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: HELD });
    },
  });
}
