/** Which of the API's advice stands where, and in which order. */
import type { Code, CredentialKind, GuidanceOut } from '@/api';

/**
 * The most useful first: what only this person can do (an API that has more codes puts them last); then what
 * makes a reset useless; then the reset; then what to know of it.
 */
const ORDER: readonly Code[] = [
  'remind',
  'came_back',
  'start_needed',
  'consent_needed',
  'wants_no_contact',
  'fix_sis_first',
  'reset_will_help',
  'provider_still_blocks',
  'shared',
  'good',
];

function rank({ code }: GuidanceOut): number {
  const place = ORDER.indexOf(code);
  return place === -1 ? ORDER.length : place;
}

export function inOrder(guidance: readonly GuidanceOut[]): readonly GuidanceOut[] {
  return [...guidance].sort((one, other) => rank(one) - rank(other));
}

/** What to do about one email or phone; about the account itself where `kind` is null. */
export function adviceOn(
  guidance: readonly GuidanceOut[],
  kind: CredentialKind | null,
): readonly GuidanceOut[] {
  return inOrder(guidance.filter(({ credential }) => credential === kind));
}

/** The address with the domain that may have been meant, to be read out to the family; null of what is no address. */
export function meant(typed: string, domain: string | null | undefined): string | null {
  const at = typed.lastIndexOf('@');
  return domain && at > 0 ? `${typed.slice(0, at)}@${domain}` : null;
}
