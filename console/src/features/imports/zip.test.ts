import { expect, test } from 'vitest';
import { LARGEST, whatIsWrong } from './zip';

const HEAD = [0x50, 0x4b, 0x03, 0x04];
const END = [0x50, 0x4b, 0x05, 0x06];
const file = (bytes: readonly number[], name = 'roster.zip') => new File([new Uint8Array(bytes)], name);
const large = () => {
  const zip = file([...HEAD, ...END]);
  Object.defineProperty(zip, 'size', { value: LARGEST + 1 });
  return zip;
};

test.each([
  ['a zip', file([...HEAD, 1, 2, 3, ...END, 0, 0]), null],
  ['nothing', file([]), 'empty'],
  ['a CSV', file([0x73, 0x6f, 0x75, 0x72, 0x63], 'users.csv'), 'not_a_zip'],
  ['a workbook, which is a zip inside', file([...HEAD, ...END], 'users.xlsx'), 'spreadsheet'],
  ['a zip whose end is missing', file([...HEAD, 1, 2, 3]), 'cut_off'],
  ['a zip that is too large', large(), 'too_large'],
])('%s', async (_, chosen, wrong) => {
  expect(await whatIsWrong(chosen)).toBe(wrong);
});
