import { expect, test } from 'vitest';
import { tally } from './tally';

test('who has two bad addresses is one person', () => {
  expect(tally([{ id: 'a' }, { id: 'a' }, { id: 'b' }])).toEqual({ people: 2, lines: 3 });
});
