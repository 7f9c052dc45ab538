// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { Announcements } from '@/components/Announcements';
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
const MESSAGE = {
  alternatives: [],
  batch_id: 'b1',
  channel: 'email',
  credential: 'email:a@x.org',
  dedup_id: 'd',
  exempted: null,
  id: 'm1',
  label: null,
  label_adds_segment: false,
  provider: null,
  purpose: 'general',
  reason: null,
  segments: null,
  status: 'held',
  subject: 'S',
  times: { held: '2026-11-29T00:00:00Z' },
  user_id: null,
  why: null,
};

test('what became of a cancelling whose answer is lost is said, though its row has gone', async () => {
  let items: object[] = [MESSAGE];
  serve((request) => {
    if (request.url.endsWith('/messages/cancel')) {
      items = [];
      return Promise.reject(new TypeError('network changed'));
    }
    return Promise.resolve(json(request.method === 'GET' ? BATCH : { items, next_cursor: null }));
  });
  show(
    <>
      <BatchPage />
      <Announcements label="news" />
    </>,
    '/held/:id',
    '/held/b1',
    messages,
  );
  (await button(/^Cancel this message/)).click();
  (await button(/^Cancel the message/)).click();
  await eventually(() => {
    expect(document.querySelector('[role=alertdialog]')).toBeNull();
  });
  await aMoment();
  expect(shown()).toMatch(/The answer did not arrive|The message is cancelled|not known whether/);
});

test('nor is the answer of a hold that was changed called unknown in its dialog and known on its page', async () => {
  const ALL = { ...BATCH, id: 'all' };
  let now = ALL;
  serve((request) => {
    if (request.url.endsWith('/hold')) {
      now = { ...ALL, since: '2026-11-29T00:05:00Z', emergencies_pass: false };
      return Promise.reject(new TypeError('network changed'));
    }
    return Promise.resolve(json(request.method === 'GET' ? now : { items: [], next_cursor: null }));
  });
  show(<BatchPage />, '/held/:id', '/held/all', messages);
  (await button(/^Change what goes out/)).click();
  await aMoment();
  const form = document.querySelector('[role=dialog] form');
  form?.querySelector<HTMLButtonElement>('button[type=submit]')?.click();
  await eventually(() => {
    expect(shown()).toContain('The answer did not arrive. This page shows how it is now.');
  });
  expect(shown()).not.toContain('It is not known whether it was done');
});
