/** The API's own words (enum values) as people read them: one place, whatever page shows them. */
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { Cause, Channel, CredentialKind, MessageStatus, Purpose } from '@/api';
import { useLocale } from './locale';

const CHANNELS: Record<Channel, MessageDescriptor> = {
  email: msg`Email`,
  sms: msg`Text message`,
  voice: msg`Phone call`,
};
const KINDS: Record<CredentialKind, MessageDescriptor> = { email: msg`Email`, phone: msg`Phone` };
const CAUSES: Record<Cause, MessageDescriptor> = {
  invalid_address: msg`No such address or number`,
  mailbox_full: msg`Mailbox full`,
  inactive_or_unreachable: msg`Not in use, or out of reach`,
  landline_or_incapable: msg`Takes no text messages`,
  carrier_blocked_or_spam: msg`Blocked by the carrier or as spam`,
  provider_suppressed: msg`On the provider's own list`,
  complaint: msg`Marked as spam`,
  opt_out: msg`Replied STOP`,
  revocation: msg`Asked not to be contacted`,
  content_or_size: msg`The message itself was refused`,
  account_or_quota: msg`The sender's account was refused`,
  manual: msg`Marked by hand`,
  unknown: msg`Not told`,
};
const ROLES: Record<string, MessageDescriptor> = {
  guardian: msg`Guardian`,
  teacher: msg`Teacher`,
  school_staff: msg`School staff`,
  district: msg`District staff`,
  student: msg`Student`,
  rostering_administrator: msg`Rostering Administrator`,
  communications_administrator: msg`Communications Administrator`,
  user_manager: msg`User Manager`,
};
const ACCOUNT_STATUSES: Record<string, MessageDescriptor> = {
  active: msg`Active`,
  pending: msg`Pending: has not accepted the invitation`,
};
const MESSAGE_STATUSES: Record<MessageStatus, MessageDescriptor> = {
  queued: msg`Waiting to be sent`,
  held: msg`Held back`,
  dropped: msg`Not sent: given up`,
  blocked: msg`Not sent: blocked`,
  sending: msg`Being sent`,
  uncertain: msg`Not known whether sent`,
  sent: msg`Sent`,
  delayed: msg`Delayed`,
  delivered: msg`Delivered`,
  failed: msg`Failed`,
  rejected: msg`Rejected`,
  bounced: msg`Bounced`,
  complained: msg`Marked as spam`,
};
const PURPOSES: Record<Purpose, MessageDescriptor> = {
  general: msg`General`,
  invitation: msg`Invitation`,
  sign_in: msg`Sign-in code`,
  emergency: msg`Emergency`,
};

export function useWords() {
  const { i18n } = useLingui();
  /** A word that a later API has is shown as it is: better than nothing. */
  const of = (table: Record<string, MessageDescriptor>) => (word: string) => {
    const found = table[word];
    return found ? i18n._(found) : word;
  };
  const locale = useLocale();
  const conjunction = new Intl.ListFormat(locale, { type: 'conjunction' });
  const numbers = new Intl.NumberFormat(locale);
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  return {
    channel: of(CHANNELS),
    kind: of(KINDS),
    cause: of(CAUSES),
    role: of(ROLES),
    accountStatus: of(ACCOUNT_STATUSES),
    messageStatus: of(MESSAGE_STATUSES),
    purpose: of(PURPOSES),
    /** "Email, text message and phone call": the first word alone begins with a capital. */
    list: ([first = '', ...rest]: readonly string[]) =>
      conjunction.format([first, ...rest.map((word) => word.toLocaleLowerCase(locale))]),
    number: (value: number) => numbers.format(value),
    percent: (share: number) => percents.format(share),
  };
}

export const EVERY_CAUSE = Object.keys(CAUSES) as Cause[];
