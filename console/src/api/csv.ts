/** A list as a file for a spreadsheet: asked with the token, saved by the browser, never kept in an address. */
import { client } from './generated/client.gen';
import { save } from './save';

export async function csv(
  url: string,
  query: Record<string, string | undefined>,
  name: string,
): Promise<void> {
  const asked = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const { data } = await client.get<Blob, unknown, true>({
    url,
    query: asked,
    headers: { accept: 'text/csv' },
    security: [{ scheme: 'bearer', type: 'http' }],
    parseAs: 'blob',
    throwOnError: true,
  });
  save(data, name);
}
