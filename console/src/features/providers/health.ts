/** What an account's line asks somebody to do, the worst first: pure, so that it can be read and tested. */
import type { ProviderOut } from '@/api';

/**
 * `no_webhook`: the secret is missing without which nothing that it posts is believed. `silent`: it was heard, and is
 * no more. `denied`: it does not know our key. `no_key`: we have none for its list. `paused`: it did not answer, and
 * is left alone for now. `unknown`: nobody could tell of the newest release.
 */
export type Trouble = 'no_webhook' | 'denied' | 'silent' | 'no_key' | 'paused' | 'unknown';

/** Schools write each week of a term; so long without a word is no usual weekend, and may be a holiday. */
const SILENT_DAYS = 7;
const DAY_MS = 86_400_000;

/** Whether an account is in use at all: one that is set up, and was never heard nor asked, may never be. */
export function isInUse({ heard_at: heard, releases }: ProviderOut): boolean {
  const { released_at: released, refused_at: refused, unknown_at: unknown, waiting, denied } = releases;
  return [heard, released, refused, unknown].some((at) => at !== null) || waiting > 0 || denied;
}

export function troubles(account: ProviderOut, now: Date): readonly Trouble[] {
  if (!isInUse(account)) return [];
  const { webhook, upstream, heard_at: heard, releases } = account;
  const found: Trouble[] = [];
  if (webhook === 'missing') found.push('no_webhook');
  if (releases.denied) found.push('denied');
  if (heard !== null && now.getTime() - Date.parse(heard) > SILENT_DAYS * DAY_MS) found.push('silent');
  if (upstream === 'missing') found.push('no_key');
  if (!releases.denied && isLater(releases.paused_until, now.toISOString())) found.push('paused');
  if (isLater(releases.unknown_at, releases.released_at)) found.push('unknown');
  return found;
}

/** Whether something happened, and after the other, if that ever did. */
function isLater(one: string | null, other: string | null): boolean {
  return one !== null && (other === null || Date.parse(one) > Date.parse(other));
}

/** Those with trouble first, in their own order otherwise. */
export function worstFirst(accounts: readonly ProviderOut[], now: Date): readonly ProviderOut[] {
  const isWell = (account: ProviderOut) => Number(troubles(account, now).length === 0);
  return [...accounts].sort((a, b) => isWell(a) - isWell(b));
}
