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

let now: object;
let date: string;
let sent: { answer: (response: Response) => void; lose: () => void }[];

beforeEach(() => {
  now = REFUSED;
  date = 'Mon, 14 Sep 2026 10:59:00 GMT';
  sent = [];
  serve((request) => {
    if (request.method === 'GET') {
      return Promise.resolve(json(now, 200, { date }));
    }
    return new Promise((resolve, reject) => {
      sent.push({
        answer: resolve,
        lose: () => {
          reject(new TypeError('network changed'));
        },
      });
    });
  });
});

async function confirm(): Promise<void> {
  const open = await button(/^Force this import/);
  open.focus();
  open.click();
  const go = await button(/^Force the import/);
  type('5');
  await aMoment();
  go.click();
}
async function forced() {
  await confirm();
  return vi.waitUntil(() => sent.at(-1), { timeout: 20_000 });
}
async function opened(at: object = REFUSED) {
  now = at;
  const queries = show(
    <>
      <ImportPage />
      <Announcements label="news" />
    </>,
    '/imports/:id',
    `/imports/${REFUSED.id}`,
    messages,
  );
  await eventually(() => {
    expect(document.activeElement?.tagName).toBe('H1'); // where a page begins
  });
  return queries;
}

test('while a force is under way its dialog stays, it is not sent twice, and its refusal is said', async () => {
  await opened();
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
  const queries = await opened();
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
  await opened();
  const force = await forced();
  now = VALIDATING;
  force.lose();
  await eventually(() => {
    expect(shown()).toContain('The whole file is read');
  });
  expect(shown()).not.toContain(UNKNOWN);
});

test('a lost answer is said at once, though the page cannot be asked anew', async () => {
  await opened();
  const force = await forced();
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  force.lose();
  await eventually(() => {
    expect(shown()).toContain(UNKNOWN);
  });
});

test('who is told to try again in some seconds finds what to press', async () => {
  await opened();
  const force = await forced();
  force.answer(json({ status: 503, detail: 'The audit could not be written.' }, 503, { 'retry-after': '5' }));
  await eventually(() => {
    expect(shown()).toContain('Try again in 5 seconds.');
  });
  expect(await button(/^Force this import/)).toBeDefined();
});

test('after it is forced the focus is on what is waited for', async () => {
  await opened();
  const force = await forced();
  force.answer(json(REFUSED));
  await eventually(() => {
    expect(document.activeElement?.textContent).toBe('It begins in a moment…');
  });
});

test('a forced run that ends as the one before is said to who listens', async () => {
  await opened();
  const force = await forced();
  now = REFUSED_AGAIN;
  force.answer(json(REFUSED));
  await eventually(() => {
    expect(document.querySelector('[aria-label=news]')?.textContent).toContain(
      'Refused: nothing was changed',
    );
  });
});

test('a late run that begins and ends meanwhile closes the question about forcing it again', async () => {
  const queries = await opened();
  const force = await forced();
  force.lose();
  await eventually(() => {
    expect(shown()).toContain('Looking whether it begins');
  });
  date = 'Mon, 14 Sep 2026 11:02:00 GMT'; // three minutes on
  await queries.invalidateQueries();
  await eventually(() => {
    expect(shown()).toContain('it does not run twice');
  });
  (await button(/^Force this import/)).click();
  await button(/^Force the import/);
  now = VALIDATING;
  await queries.invalidateQueries();
  await eventually(() => {
    expect(shown()).toContain('The whole file is read');
  });
  expect(document.querySelector('[role=alertdialog]')).toBeNull();
  now = DONE;
  await queries.invalidateQueries();
  await eventually(() => {
    expect(shown()).toContain('The file was imported whole');
  });
  await aMoment();
  expect(document.querySelector('[role=alertdialog]')).toBeNull(); // nobody has asked for it
});

test('what it was told not to run twice is not sent twice once it has run', async () => {
  const queries = await opened();
  const force = await forced();
  force.lose();
  await eventually(() => {
    expect(shown()).toContain('Looking whether it begins');
  });
  date = 'Mon, 14 Sep 2026 11:02:00 GMT';
  await queries.invalidateQueries();
  await eventually(() => {
    expect(shown()).toContain('it does not run twice');
  });
  (await button(/^Force this import/)).click();
  const go = await button(/^Force the import/);
  type('5');
  now = DONE; // it begins and ends between two looks
  await queries.invalidateQueries();
  await eventually(() => {
    expect(shown()).toContain('The file was imported whole');
  });
  if (go.isConnected) go.click();
  await aMoment();
  expect(sent).toHaveLength(1);
});

test('who waits for a turn is told so once, not at each look', async () => {
  const waiting = (second: number) => ({
    ...REFUSED,
    state: 'waiting',
    can_be_forced: false,
    refused: false,
    times: { waiting: `2026-09-14T11:00:${String(second).padStart(2, '0')}Z` }, // begin notes it at each ask
  });
  const queries = await opened(waiting(0));
  await eventually(() => {
    expect(shown()).toContain('Two imports never run at once');
  });
  const said: (string | null)[] = [];
  const news = document.querySelector('[aria-label=news]');
  if (!news) throw new Error('no news');
  new MutationObserver(() => said.push(news.textContent)).observe(news, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  for (const second of [10, 20, 30, 40]) {
    now = waiting(second);
    await queries.invalidateQueries();
    await aMoment();
  }
  expect(said).toEqual([]);
});

test('who forces again is led on to what is waited for', async () => {
  await opened();
  const force = await forced();
  force.lose();
  await eventually(() => {
    expect(shown()).toContain('Looking whether it begins');
  });
  await confirm();
  await vi.waitUntil(() => sent.length === 2, { timeout: 20_000 });
  sent[1]?.answer(json(REFUSED));
  await eventually(() => {
    expect(shown()).toContain('It begins in a moment');
  });
  await aMoment();
  expect(document.activeElement?.textContent).toBe('It begins in a moment…');
});

test('after "Somebody has just run this import again" the page looks until that run shows', async () => {
  await opened();
  const force = await forced();
  force.answer(json({ status: 409, detail: 'Somebody has just run this import again.' }, 409));
  await eventually(() => {
    expect(shown()).toContain('Somebody has just run this import again.');
  });
  await aMoment();
  now = VALIDATING; // its first step notes it a second later
  await vi.waitFor(
    () => {
      expect(shown()).toContain('The whole file is read');
    },
    { timeout: 8_000, interval: 50 },
  );
});

test('the focus stays once what was waited for has begun', async () => {
  const queries = await opened();
  const force = await forced();
  force.answer(json(REFUSED));
  await eventually(() => {
    expect(document.activeElement?.textContent).toBe('It begins in a moment…');
  });
  now = VALIDATING;
  await queries.invalidateQueries();
  await eventually(() => {
    expect(shown()).toContain('The whole file is read');
  });
  await aMoment();
  expect(document.activeElement).not.toBe(document.body);
});

test('a page that could not be looked at anew does not say that it shows how it is now', async () => {
  await opened();
  const force = await forced();
  vi.stubGlobal('fetch', () => new Promise(() => undefined)); // nothing is answered from here on
  force.answer(json({ status: 409, detail: 'Somebody has just run this import again.' }, 409));
  await eventually(() => {
    expect(shown()).toContain('Somebody has just run this import again.');
  });
  await aMoment();
  expect(shown()).not.toContain('This page shows how it is now');
});
