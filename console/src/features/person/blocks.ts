/** What closes a credential, and what a reset of it needs. */
import type { BlockOut, Channel, CredentialOut, Ground, UserOut } from '@/api';

/** Of these a person's word is needed (design, section 5: "Reset"). */
const BY_WORD: ReadonlySet<Ground> = new Set(['complaint', 'unsubscribed']);

export function inForce({ blocks }: CredentialOut): readonly BlockOut[] {
  return blocks.filter(({ until }) => until === null);
}

export function lifted({ blocks }: CredentialOut): readonly BlockOut[] {
  return blocks.filter(({ until }) => until !== null);
}

/** Those that the person has now. */
export function current({ credentials }: UserOut): readonly CredentialOut[] {
  return credentials.filter(({ former }) => !former);
}

/** Whether a reset has anything to do: it is closed here, or some provider's own list may still refuse it. */
export function canBeReset(credential: CredentialOut): boolean {
  return !credential.former && (credential.status === 'bad' || mayBeListed(credential));
}

function mayBeListed({ upstream }: CredentialOut): boolean {
  return upstream.some(({ state }) => state === 'listed' || state === 'refused' || state === 'unknown');
}

/** Whether a reset of these asks for a person's consent: `all` where without it nothing can be opened. */
export function consentFor(credentials: readonly CredentialOut[]): 'none' | 'some' | 'all' {
  const needs = credentials.map((credential) => {
    const blocks = inForce(credential).filter(({ ground }) => ground !== 'opt_out'); // START alone lifts that
    const byWord = blocks.filter(needsConsent);
    if (byWord.length === 0) return 'none';
    return byWord.length === blocks.length ? 'all' : 'some';
  });
  if (needs.every((need) => need === 'none')) return 'none';
  return needs.every((need) => need === 'all') ? 'all' : 'some';
}

/** What a provider refuses after a complaint is a complaint, too. */
function needsConsent({ ground, cause }: BlockOut): boolean {
  return BY_WORD.has(ground) || (ground === 'suppressed' && cause === 'complaint');
}

/** By what else the person can be reached than by this one. */
export function otherWays(user: UserOut, credential: CredentialOut): readonly Channel[] {
  return current(user).flatMap((other) => (other.kind === credential.kind ? [] : other.open));
}

/** By what the person can be reached at all. */
export function ways(user: UserOut): readonly Channel[] {
  return current(user).flatMap(({ open }) => open);
}
