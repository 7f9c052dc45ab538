// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { Unreached } from './problem';
import { Expired, saveReport } from './signed';

const saved = vi.hoisted(() => vi.fn());
vi.mock('./save', () => ({ save: saved }));
afterEach(() => {
  saved.mockReset();
  vi.unstubAllGlobals();
});

const GOOD = () => new Response('file,line');
const OVER = () => new Response('<Code>AccessDenied</Code>', { status: 403 });
/** Of what our function had signed it with, before the address itself was over. */
const CREDENTIALS_OVER = () => new Response('<Error><Code>ExpiredToken</Code></Error>', { status: 400 });
const SLOW = () => new Response('<Error><Code>RequestTimeout</Code></Error>', { status: 400 });

function storage(...answers: (() => Response)[]) {
  vi.stubGlobal('fetch', () => Promise.resolve((answers.shift() ?? GOOD)()));
  return vi.fn((anew: boolean) => Promise.resolve(anew ? 'https://storage/2' : 'https://storage/1'));
}

test.each([
  ['holds', [GOOD], [[false]]],
  ['is over', [OVER, GOOD], [[false], [true]]],
  ['is over with the credentials', [CREDENTIALS_OVER, GOOD], [[false], [true]]],
])('a report whose address %s is saved', async (_, answers, asked) => {
  const ask = storage(...answers);
  await saveReport(ask, 'report.csv');
  expect(ask.mock.calls).toEqual(asked);
  expect(saved).toHaveBeenCalledTimes(1);
});

test('an address that is over and over is said to be', async () => {
  await expect(saveReport(storage(OVER, OVER), 'report.csv')).rejects.toBeInstanceOf(Expired);
});

test('a storage that fails is not asked for another address', async () => {
  const ask = storage(SLOW);
  await expect(saveReport(ask, 'report.csv')).rejects.toBeInstanceOf(Unreached);
  expect(ask).toHaveBeenCalledTimes(1);
});
