// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import { Announcements } from '@/components/Announcements';
import { aMoment, button, eventually, json, serve, show, shown, type } from '@/testing/page';
import { ImportPage } from '.';
import { messages } from './words/en.po';

vi.setConfig({ testTimeout: 60_000 });

const REFUSED = {
  id: '20260914T100000Z-00000000',
  state: 'refused',
  key: 'roster/r.zip',
  by: 'me',
  by_name: null,
  can_be_forced: true,
  counts: { unchanged: { user: 5 } },
  dry_run: false,
  error: null,
  files: {},
  forced: false,
  problem_counts: {},
  problems: [],
  refused: true,
  report_url: null,
  times: { waiting: '2026-09-14T10:00:00Z', refused: '2026-09-14T10:01:00Z' },
  uploaded_at: '2026-09-14T10:00:00Z',
};
const AGAIN = { ...REFUSED.times, validating: '2026-09-14T11:00:00Z' };
const VALIDATING = { ...REFUSED, state: 'validating', can_be_forced: false, forced: true, times: AGAIN };
const DONE = { ...REFUSED, state: 'done', forced: true, times: { ...AGAIN, done: '2026-09-14T11:00:05Z' } };
const REFUSED_AGAIN = { ...REFUSED, forced: true, times: { ...AGAIN, refused: '2026-09-14T11:00:05Z' } };
const UNKNOWN = 'It is not known whether it was done';

interface Sent {
  readonly answer: (response: Response) => void;
  readonly lose: () => void;
}

let now: object;
let sent: Sent[];

beforeEach(() => {
  now = REFUSED;
  sent = [];
  serve((request) =>
    request.method === 'GET'
      ? Promise.resolve(json(now))
      : new Promise((resolve, reject) => {
          sent.push({
            answer: resolve,
            lose: () => {
              reject(new TypeError('network changed'));
            },
          });
        }),
  );
});

async function forced(): Promise<Sent> {
  const open = await button(/^Force this import/);
  open.focus();
  open.click();
  const confirm = await button(/^Force the import/);
  type('5');
  await aMoment();
  confirm.click();
  return vi.waitUntil(() => sent.at(-1), { timeout: 20_000 });
}

function opened() {
  const page = (
    <>
      <ImportPage />
      <Announcements label="news" />
    </>
  );
  return show(page, '/imports/:id', `/imports/${REFUSED.id}`, messages);
}

test('while a force is under way its dialog stays, it is not sent twice, and its refusal is said', async () => {
  opened();
  const force = await forced();
  (await button(/^Forcing/)).click();
  (await button(/^Leave it as it is/)).click();
  (await button(/^Forcing/)).click();
  await aMoment();
  expect(sent).toHaveLength(1);
  force.answer(json({ title: 'Forbidden', status: 403, detail: 'You may not force imports any more.' }, 403));
  await eventually(() => {
    expect(shown()).toContain('You may not force imports any more.');
  });
});

test('an answer that is lost after the run has been seen is not looked for', async () => {
  const queries = opened();
  const force = await forced();
  now = DONE;
  await queries.invalidateQueries(); // as on return to the window
  await eventually(() => {
    expect(shown()).toContain('The file was imported whole');
  });
  force.lose();
  await aMoment();
  expect(shown()).not.toContain('Looking whether it begins');
  expect(shown()).not.toContain(UNKNOWN);
});

test('once the run shows it is known that it was done', async () => {
  opened();
  const force = await forced();
  now = VALIDATING;
  force.lose();
  await eventually(() => {
    expect(shown()).toContain('The whole file is read');
  });
  expect(shown()).not.toContain(UNKNOWN);
});

test('a lost answer is said at once, though the page cannot be asked anew', async () => {
  opened();
  const force = await forced();
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  force.lose();
  await eventually(() => {
    expect(shown()).toContain(UNKNOWN);
  });
});

test('who is told to try again in some seconds finds what to press', async () => {
  opened();
  const force = await forced();
  force.answer(json({ status: 503, detail: 'The audit could not be written.' }, 503, { 'retry-after': '5' }));
  await eventually(() => {
    expect(shown()).toContain('Try again in 5 seconds.');
  });
  expect(await button(/^Force this import/)).toBeDefined();
});

test('after it is forced the focus is on what is waited for', async () => {
  opened();
  const force = await forced();
  force.answer(json(REFUSED));
  await eventually(() => {
    expect(document.activeElement?.textContent).toBe('It begins in a moment…');
  });
});

test('a forced run that ends as the one before is said to who listens', async () => {
  opened();
  const force = await forced();
  now = REFUSED_AGAIN;
  force.answer(json(REFUSED));
  await eventually(() => {
    expect(document.querySelector('[aria-label=news]')?.textContent).toContain(
      'Refused: nothing was changed',
    );
  });
});
