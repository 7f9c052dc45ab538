import { MutationObserver, onlineManager, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import { Problem, Unreached } from '@/api';
import { queryClient } from './query-client';

afterEach(() => {
  onlineManager.setOnline(true);
  vi.useRealTimers();
});

test('what is pressed while offline is told at once, and not sent by itself later', async () => {
  onlineManager.setOnline(false);
  const sent = vi.fn(() => Promise.reject(new Unreached()));
  const queries = queryClient();
  queries.mount();
  const act = new MutationObserver(queries, { mutationFn: sent });
  await expect(act.mutate()).rejects.toBeInstanceOf(Unreached);
  onlineManager.setOnline(true);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(sent).toHaveBeenCalledTimes(1);
  queries.unmount();
});

test('a page that is opened while offline says so, and comes by itself when there is a connection', async () => {
  vi.useFakeTimers();
  onlineManager.setOnline(false);
  const answer = vi.fn(() =>
    onlineManager.isOnline() ? Promise.resolve('shown') : Promise.reject(new Unreached()),
  );
  const queries = queryClient();
  queries.mount();
  const page = new QueryObserver(queries, { queryKey: ['page'], queryFn: answer });
  const leave = page.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.getCurrentResult().status).toBe('error');
  onlineManager.setOnline(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(page.getCurrentResult().data).toBe('shown');
  leave();
  queries.unmount();
});

test.each([
  [null, 4],
  ['2', 4],
  ['20', 2],
  ['3600', 1],
  ['99999999999', 1],
  ['-5', 4],
  ['Infinity', 4],
  ['', 4],
])(
  'where asking again is put off by %j it is asked %d times within a minute, and said',
  async (after, times) => {
    vi.useFakeTimers();
    const asked = vi.fn(() => Promise.reject(new Problem(503, {}, after)));
    const queries = queryClient();
    queries.mount();
    const page = new QueryObserver(queries, { queryKey: ['page'], queryFn: asked });
    const leave = page.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(times);
    expect(page.getCurrentResult().status).toBe('error');
    leave();
    queries.unmount();
  },
);
