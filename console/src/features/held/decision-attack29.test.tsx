// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { aMoment, button, eventually, json, serve, show, shown } from '@/testing/page';
import { BatchPage } from '.';
import { messages } from './words/en.po';

vi.setConfig({ testTimeout: 60_000 });

const BATCH = {
  id: 'b1',
  state: 'held',
  counts: { queued: 7 },
  since: '2026-11-29T00:00:00Z',
  by: 'me',
  by_name: null,
  note: null,
  why: null,
  emergencies_pass: true,
  swept: null,
};

async function dropped(): Promise<void> {
  (await button(/^Drop what is held/)).click();
  (await button(/^Drop it for good/)).click();
}

test('while a drop is under way its dialog stays, it is not sent twice, and its refusal is said', async () => {
  const drops: ((answer: Response) => void)[] = [];
  serve((request) => {
    if (request.url.endsWith('/drop')) return new Promise((resolve) => drops.push(resolve));
    return Promise.resolve(json(request.method === 'GET' ? BATCH : { items: [], next_cursor: null }));
  });
  show(<BatchPage />, '/held/:id', '/held/b1', messages);
  await dropped();
  (await button(/^Dropping it/)).click();
  (await button(/^Leave it as it is/)).click();
  (await button(/^Dropping it/)).click();
  await aMoment();
  expect(drops).toHaveLength(1);
  drops[0]?.(json({ status: 403, detail: 'You may not decide this.' }, 403));
  await eventually(() => {
    expect(shown()).toContain('You may not decide this.');
  });
});

test('after a drop whose answer is lost all is looked at anew, and what is seen by then is not called unknown', async () => {
  let searches = 0;
  let now = BATCH;
  serve((request) => {
    if (request.url.endsWith('/drop')) {
      now = { ...BATCH, state: 'dropped', since: '2026-11-29T00:05:00Z' };
      return Promise.reject(new TypeError('network changed'));
    }
    if (request.method === 'GET') return Promise.resolve(json(now));
    searches += 1;
    return Promise.resolve(json({ items: [], next_cursor: null }));
  });
  show(<BatchPage />, '/held/:id', '/held/b1', messages);
  await eventually(() => {
    expect(searches).toBe(1);
  });
  await dropped();
  await eventually(() => {
    expect(shown()).toContain('Dropped');
    expect(searches).toBe(2);
    expect(shown()).toContain('The answer did not arrive. This page shows how it is now.');
  });
  expect(shown()).not.toContain('It is not known whether it was done');
});
