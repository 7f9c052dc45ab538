/** The API's own words (enum values) that only a person's page shows, as people read them. */
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { Ground, Lift, Permanence, UpstreamState } from '@/api';

const GROUNDS: Record<Ground, MessageDescriptor> = {
  bounce: msg`A message did not arrive`,
  suppressed: msg`The service that sends for us refuses it`,
  manual: msg`Marked bad by hand`,
  complaint: msg`A message was marked as junk`,
  unsubscribed: msg`Asked not to be contacted`,
  opt_out: msg`Replied STOP`,
};
const LIFTS: Record<Lift, MessageDescriptor> = {
  staff: msg`Reset by staff`,
  consent: msg`Reset with the person's consent`,
  start: msg`The person texted START`,
  release: msg`Taken off the service's own list`,
  proof: msg`Somebody signed in with it`,
};
const PERMANENCES: Record<Permanence, MessageDescriptor> = {
  permanent: msg`For good, the provider says`,
  transient: msg`For now, the provider says`,
  undetermined: msg`The provider does not say whether for good`,
};
const UPSTREAM_STATES: Record<UpstreamState, MessageDescriptor> = {
  listed: msg`On its list: it refuses messages`,
  releasing: msg`Being taken off its list`,
  released: msg`Taken off its list`,
  refused: msg`Still on its list: it could not be taken off`,
  unknown: msg`Not known whether it is on its list`,
};
const EVENTS: Record<string, MessageDescriptor> = {
  bounced: msg`Message came back`,
  failed: msg`Message did not arrive`,
  complained: msg`Message marked as junk`,
  opted_out: msg`Asked for no more messages`,
  opted_in: msg`Asked for messages again`,
  marked: msg`Marked bad by hand`,
  reset: msg`Status reset`,
  released: msg`Taken off the service's own list`,
  releasing: msg`Being taken off the service's own list`,
  release_refused: msg`Could not be taken off the service's own list`,
  release_unknown: msg`Not known whether it is on the service's own list`,
  proved: msg`Somebody signed in with it: opened`,
  restored: msg`A reset of many was undone: closed as before`,
};
const HIDDEN: Record<string, MessageDescriptor> = {
  students: msg`Some students may be missing here: your role shows those of your own schools and classes.`,
  schools: msg`Some schools may be missing here: your role shows your own.`,
  classes: msg`Some classes may be missing here: your role shows those of your own schools, or your own classes.`,
  'credentials/holders': msg`Not all who share an address or number are named: your role does not show all of them.`,
  'credentials/blocks': msg`What closed an address or number, now and before, is hidden: your role does not show it.`,
  'credentials/last_message': msg`Messages and what became of them are hidden: your role does not show them.`,
  'credentials/upstream': msg`The lists of the services that send for us are hidden: your role does not show them.`,
};
const RELATIONS: Record<string, MessageDescriptor> = {
  mother: msg`mother`,
  father: msg`father`,
  parent: msg`parent`,
  guardian: msg`guardian`,
  relative: msg`relative`,
};

export function useTerms() {
  const { i18n } = useLingui();
  /** A word that a later API has is shown as it is: better than nothing. */
  const of = (table: Record<string, MessageDescriptor>) => (word: string) => {
    const found = table[word];
    return found ? i18n._(found) : word;
  };
  const languages = new Intl.DisplayNames(i18n.locale, { type: 'language' });
  return {
    ground: of(GROUNDS),
    lift: of(LIFTS),
    permanence: of(PERMANENCES),
    upstreamState: of(UPSTREAM_STATES),
    event: of(EVENTS),
    hidden: of(HIDDEN),
    relation: of(RELATIONS),
    language: (tag: string) => {
      try {
        return languages.of(tag) ?? tag;
      } catch {
        return tag; // the roster's own word, which is no language tag
      }
    },
  };
}
