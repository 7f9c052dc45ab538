/** The policy of the pages names, by its hash, each style that a library writes into them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../node_modules');
const PACKAGES = ['react-aria', 'react-aria-components', 'react-stately', '@react-aria', '@react-stately'];
/** Where a style is made, up to the text it gets. */
const MADE = /createElement\('style'\)/g;
const TEXT = /createElement\('style'\)[^`]*?\.textContent = `([^`]*)`(\.trim\(\))?/g;

function sources(): string[] {
  return PACKAGES.flatMap((name) => {
    try {
      return readdirSync(join(FOLDER, name), { recursive: true, encoding: 'utf-8' })
        .filter((file) => file.endsWith('.mjs'))
        .map((file) => readFileSync(join(FOLDER, name, file), 'utf-8'));
    } catch {
      return []; // not installed on its own
    }
  });
}

/** A name of the module's own that stands in the text has its value beside it. */
function written(source: string): string[] {
  return [...source.matchAll(TEXT)].map(([, text = '', trimmed]) => {
    const whole = text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      const value = source.split(`const ${name} = `)[1]?.match(/^(['"])(.*?)\1/)?.[2];
      if (value === undefined) throw new Error(`${name} is no constant`);
      return value;
    });
    return trimmed ? whole.trim() : whole;
  });
}

test('each style that react-aria writes has its hash in infra/console.yaml, and nothing else has', () => {
  const all = sources();
  const styles = all.flatMap(written);
  expect(styles).toHaveLength(all.flatMap((source) => [...source.matchAll(MADE)]).length);
  const template = readFileSync(join(import.meta.dirname, '../../../infra/console.yaml'), 'utf-8');
  const hashes = styles.map((style) => `sha256-${createHash('sha256').update(style).digest('base64')}`);
  expect([...template.matchAll(/'(sha256-[^']+)'/g)].map(([, hash]) => hash).sort()).toEqual(hashes.sort());
});
