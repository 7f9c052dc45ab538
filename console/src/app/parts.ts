/** Parts of the console that are loaded when they are first wanted, and may not come. */
import { Unreached } from '@/api';

/** A part that did not come; React asks for it no second time, so trying again is a reload. */
export class PartUnreached extends Unreached {}

/**
 * The part; where it is gone, since another build has replaced this one long ago, the page is loaded anew by
 * itself: a page that has not opened holds nothing that somebody typed.
 */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (failure) {
    if (!(await isReplaced())) throw new PartUnreached({ cause: failure });
    window.location.reload();
    return await new Promise<never>(() => undefined);
  }
}

/** Whether the server has another build than the one that runs. Without an answer, or with another page's, not. */
async function isReplaced(): Promise<boolean> {
  const own = document.querySelector('script[type=module]')?.getAttribute('src');
  try {
    const answer = await fetch('/index.html', { cache: 'no-store' });
    const page = answer.ok ? await answer.text() : '';
    return !!own && page.includes('id="console"') && !page.includes(own);
  } catch {
    return false;
  }
}
