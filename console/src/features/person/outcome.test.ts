import { expect, it } from 'vitest';
import { Problem, Unreached } from '@/api';
import { isLost } from '@/components/overtaken';
import { isClosedToViewer, isOvertaken } from './outcome';

it.each<[Error, boolean, boolean, boolean]>([
  [new Unreached(), true, false, false],
  [new Problem(503, {}), true, false, false],
  [new Problem(412, {}), false, true, false],
  [new Problem(409, {}), false, true, false],
  [new Problem(403, {}), false, false, true],
  [new Problem(404, {}), false, false, true],
  [new Problem(422, {}), false, false, false],
  [new TypeError(), false, false, false],
])('%s', (error, lost, overtaken, closed) => {
  expect([isLost(error), isOvertaken(error), isClosedToViewer(error)]).toEqual([lost, overtaken, closed]);
});
