import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { CredentialOut } from '@/api';
import { SharedSign } from '@/components/SharedSign';

interface SharingProps {
  readonly credential: CredentialOut;
  /** Whether names lead to their pages: not out of a dialog, where what was typed would be lost. */
  readonly links?: boolean;
}

/** At most so many are named by the API; the others it only counts, whoever asks. */
const NAMED = 25;

/** Who else has it: what closes or opens it does so for them, too. */
export function Sharing({ credential, links = true }: SharingProps) {
  const { i18n } = useLingui();
  const { holders, other_holders: others, shared } = credential;
  if (!shared) return null;
  const rest =
    others === 0 ? null : holders.length >= NAMED ? (
      <Plural value={others} one="# more person" other="# more people" />
    ) : (
      <Plural value={others} one="# person whom you may not see" other="# people whom you may not see" />
    );
  const people = [
    ...holders.map(({ id, name }) => (links ? <Link to={`/users/${id}`}>{name}</Link> : name)),
    ...(rest === null ? [] : [rest]),
  ];
  return (
    <p>
      <SharedSign /> <Trans>with</Trans> {joined(people, i18n.locale)}
    </p>
  );
}

/** "a, b and c", as the language joins them. */
function joined(parts: readonly React.ReactNode[], locale: string): React.ReactNode[] {
  const places = parts.map((_, i) => String(i));
  return new Intl.ListFormat(locale, { type: 'conjunction' })
    .formatToParts(places)
    .map(({ type, value }) =>
      type === 'element' ? <span key={`part ${value}`}>{parts[Number(value)]}</span> : value,
    );
}
