import { expect, test, vi } from 'vitest';
import { EMPTY, faultOf, LARGEST_LIST, listFault, peopleIn, whereOf } from './wish';

const NOW = Date.parse('2026-12-15T10:00');

test.each([
  ['no beginning', { from: '', to: '' }, { field: 'from', fault: 'no_beginning' }],
  [
    'a beginning that is still to come',
    { from: '2026-12-16T10:00', to: '' },
    { field: 'from', fault: 'not_yet' },
  ],
  [
    'an end before the beginning',
    { from: '2026-12-14T10:00', to: '2026-12-14T09:00' },
    { field: 'to', fault: 'backwards' },
  ],
  ['no end: that is good', { from: '2026-12-14T10:00', to: '' }, null],
  ['a window: that is good', { from: '2026-12-14T10:00', to: '2026-12-14T11:00' }, null],
])('%s', (_, window, fault) => {
  expect(faultOf({ ...EMPTY, ...window }, NOW)).toEqual(fault);
});

test('what is left blank is not asked for, and times are told in UTC', () => {
  const from = '2026-12-14T20:00';
  expect(whereOf({ ...EMPTY, from, domain: ' example.org ', text: '  ' })).toEqual({
    from: new Date(from).toISOString(),
    domain: 'example.org',
  });
});

test('in the hour that comes twice an end is its second time, a beginning its first', () => {
  vi.stubEnv('TZ', 'America/New_York');
  const window = { ...EMPTY, from: '2026-11-01T01:45', to: '2026-11-01T01:15' };
  expect(faultOf(window, Date.parse('2026-12-15T10:00Z'))).toBeNull();
  expect(whereOf(window)).toEqual({ from: '2026-11-01T05:45:00.000Z', to: '2026-11-01T06:15:00.000Z' });
  vi.unstubAllEnvs();
});

test.each([
  ['after a byte order mark', '\ufeff"gua-100"\r\n', ['gua-100']],
  ['a line each', 'gua-100\ngua-101\r\n\n', ['gua-100', 'gua-101']],
  ['a column of a spreadsheet, with its name', 'sourced_id\ngua-100', ['gua-100']],
  [
    'with commas, semicolons and tabs',
    'gua-100, gua-101;gua-102\tgua-103',
    ['gua-100', 'gua-101', 'gua-102', 'gua-103'],
  ],
  ['each once', 'gua-100\ngua-100', ['gua-100']],
  ['in quotation marks', '"gua-100"', ['gua-100']],
  ['nobody', ' \n', []],
])('people, %s', (_, pasted, people) => {
  expect(peopleIn(pasted)).toEqual(people);
});

const large = new File(['x'], 'people.csv');
Object.defineProperty(large, 'size', { value: LARGEST_LIST + 1 });

test.each([
  ['a list', new File(['sourced_id\ngua-100\n'], 'people.csv'), null],
  ['nothing', new File([], 'people.csv'), 'empty'],
  ['a workbook', new File([new Uint8Array([0x50, 0x4b, 3, 4])], 'people.xlsx'), 'no_text'],
  ['a list that is too large', large, 'too_large'],
])('a file: %s', async (_, file, fault) => {
  expect(await listFault(file)).toBe(fault);
});
