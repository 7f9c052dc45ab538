/** All catalogues are one language's: the same English, wherever it stands, must be the same in Spanish. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const CATALOGUES = Object.keys(import.meta.glob('/src/**/words/*.po')).filter((path) =>
  path.endsWith('/es.po'),
);
const ENTRY = /^msgid "(.+)"\nmsgstr "(.*)"$/gm;

function entries(path: string): [string, string][] {
  return [...readFileSync(`.${path}`, 'utf8').matchAll(ENTRY)].map(([, id = '', text = '']) => [id, text]);
}

test('the same words are translated alike in every feature', () => {
  const known = new Map<string, Set<string>>();
  for (const path of CATALOGUES)
    for (const [id, text] of entries(path)) known.set(id, (known.get(id) ?? new Set()).add(text));
  expect(CATALOGUES.length).toBeGreaterThan(5);
  expect([...known].filter(([, texts]) => texts.size > 1)).toEqual([]);
});
