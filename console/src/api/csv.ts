/** A list as a file for a spreadsheet: asked with the token, saved by the browser, never kept in an address. */
import { client } from './generated/client.gen';
import { restOf, withoutHead } from './csv-parts';
import { save } from './save';

/** The whole list, however many answers it takes: the API gives some thousand lines at once. */
export async function csv(
  url: string,
  query: Record<string, string | undefined>,
  name: string,
): Promise<void> {
  const parts: string[] = [];
  let asked: Record<string, string> | null = Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  while (asked !== null) {
    const { text, rest }: Part = await part(url, asked);
    parts.push(parts.length === 0 ? text : withoutHead(text));
    asked = rest;
  }
  save(new Blob(['\ufeff', ...parts], { type: 'text/csv;charset=utf-8' }), name);
}

interface Part {
  readonly text: string;
  readonly rest: Record<string, string> | null;
}

async function part(url: string, query: Record<string, string>): Promise<Part> {
  const { data, response } = await client.get<string, unknown, true>({
    url,
    query,
    headers: { accept: 'text/csv' },
    security: [{ scheme: 'bearer', type: 'http' }],
    parseAs: 'text', // which leaves out the mark by which spreadsheets know UTF-8
    throwOnError: true,
  });
  return { text: data.replace(/^\ufeff/, ''), rest: restOf(response.headers.get('link')) };
}
