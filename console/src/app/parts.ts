/** Parts of the console that are loaded when they are first wanted, and may not come. */
import { Unreached } from '@/api';
import { holdsUnfinished } from '@/components/unfinished';

/** A part that did not come; React asks for it no second time, so trying again is a reload. */
export class PartUnreached extends Unreached {}

/**
 * The part; where it is gone, since another build has replaced this one long ago, the page is loaded anew by
 * itself: a page that has not opened holds nothing that somebody typed. Not while an upload of another one lives.
 */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (failure) {
    if (holdsUnfinished() || !(await isReplaced())) throw new PartUnreached({ cause: failure });
    window.location.reload();
    return await new Promise<never>(() => undefined);
  }
}

/** Whether the server has another build than the one that runs. Without an answer, or with another page's, not. */
async function isReplaced(): Promise<boolean> {
  const own = document.querySelector('script[type=module]')?.getAttribute('src');
  const page = await served();
  return !!own && page !== null && !page.includes(own);
}

const PAUSES_MS = [0, 1_000, 2_000, 4_000, 8_000];

/**
 * Load the page anew once that shows the console, unless it is left by then or would cost somebody an upload. A network
 * is said to be back before it carries anything.
 */
export async function reloadOnceServed(left: AbortSignal): Promise<void> {
  for (const pause of PAUSES_MS) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const isServed = !left.aborted && (await served()) !== null;
    if (left.aborted || holdsUnfinished()) return;
    if (isServed) {
      window.location.reload();
      return;
    }
  }
}

/** The console's page as the server has it now; null without an answer, or with another page's. */
async function served(): Promise<string | null> {
  try {
    const answer = await fetch('/index.html', { cache: 'no-store' });
    const page = answer.ok ? await answer.text() : '';
    return page.includes('id="console"') ? page : null;
  } catch {
    return null;
  }
}
