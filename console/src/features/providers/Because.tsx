import { useLingui } from '@lingui/react/macro';
import type { Hindrance } from '@/api';

/** Why an address stays on a provider's list, or nobody can tell: in words, and what somebody must do. */
export function Because({ why }: { readonly why: Hindrance | null }) {
  const { t } = useLingui();
  if (why === null) return null;
  const words: Readonly<Record<Hindrance, string>> = {
    start: t`The person has replied STOP. Only they can take it back: by texting START.`,
    consent: t`There it is a complaint or an unsubscribe. A reset with the person’s consent takes it off.`,
    support: t`Only the provider’s support can take it off, at the request of whoever runs the account.`,
    own_guess: t`The provider takes the address for a wrong one, without an entry that could be removed.`,
    not_yet: t`The provider takes it off only later, or once in a while.`,
    listed_again: t`The provider listed it again after the reset, since messages still fail.`,
    not_set_up: t`Reachable has no key for this account, or one without the right to do it.`,
    in_line: t`Its turn comes later: the provider takes only so many an hour.`,
    cannot_be_asked: t`The provider offers no way to ask. The next message will show.`,
    no_answer: t`The provider was busy or did not answer. It is tried again by itself.`,
    gave_up: t`It did not answer for two days, and is not tried again by itself. The next reset asks again.`,
  };
  return <span className="line">{words[why]}</span>;
}
