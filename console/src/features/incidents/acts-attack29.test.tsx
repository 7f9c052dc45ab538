// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { aMoment, button, eventually, json, serve, show, shown } from '@/testing/page';
import { IncidentPage } from '.';
import { messages } from './words/en.po';

vi.setConfig({ testTimeout: 60_000 });

const COUNTED = {
  id: 'i1',
  actions: ['start', 'count'],
  by: 'me',
  by_name: null,
  counting: null,
  counts: { cause: {}, domain: {}, school: {}, outcome: { reset: 3 } },
  dry_run: true,
  error: null,
  events: null,
  examples: [],
  left_alone: [],
  note: null,
  people: 3,
  releases: [],
  run: null,
  started_by: null,
  started_by_name: null,
  state: 'counted',
  times: { counting: '2026-09-14T10:00:00Z', counted: '2026-09-14T10:01:00Z' },
  undo: null,
  where: null,
};

async function started(answer: () => Promise<Response>) {
  let hangs = false;
  serve((request) => {
    if (request.method === 'POST') {
      hangs = true;
      return answer();
    }
    return hangs ? new Promise(() => undefined) : Promise.resolve(json(COUNTED));
  });
  show(<IncidentPage />, '/incidents/:id', '/incidents/i1', messages);
  (await button(/^Start the run…/)).click();
  (await button(/^Start the run$/)).click();
}

test('a lost answer is said at once, though the page cannot be asked anew', async () => {
  await started(() => Promise.reject(new TypeError('network changed')));
  await eventually(() => {
    expect(shown()).toContain('It is not known whether it was done');
  });
});

test('what was started closes its question, though the page cannot be asked anew', async () => {
  await started(() => Promise.resolve(json({ ...COUNTED, state: 'running' }, 202)));
  await eventually(() => {
    expect(document.querySelector('[role=alertdialog]')).toBeNull();
  });
});

test('who is in it can leave it by then', async () => {
  await started(() => Promise.reject(new TypeError('network changed')));
  await aMoment();
  await vi.waitFor(
    async () => {
      const leave = [...document.querySelectorAll('button')].find((one) =>
        one.textContent.startsWith('Leave it as it is'),
      );
      leave?.click();
      await aMoment();
      expect(document.querySelector('[role=alertdialog]')).toBeNull();
    },
    { timeout: 10_000, interval: 500 },
  );
});
