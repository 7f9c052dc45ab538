/** The words of incidents: states, outcomes, who tells of bounces. */
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { Ground, IncidentState, Outcome } from '@/api';

const STATES: Record<IncidentState, MessageDescriptor> = {
  raised: msg`Raised: not counted yet`,
  waiting: msg`Waiting for its list of people`,
  counting: msg`Being counted`,
  counted: msg`Counted: nothing was done yet`,
  refused: msg`Refused: its list cannot be used`,
  running: msg`Being reset`,
  stopping: msg`Being stopped`,
  stopped: msg`Stopped`,
  done: msg`Done`,
  undoing: msg`Being undone`,
  undone: msg`Undone`,
  failed: msg`Failed on our side`,
};
const WOULD: Record<Outcome, MessageDescriptor> = {
  reset: msg`Would be reset: marked good again`,
  left_alone: msg`Would be left alone: something else closes it, too`,
  already_good: msg`Already good: somebody has reset it since`,
  unknown_user: msg`Not known: nobody in the roster is called so`,
  restored: msg`Would be closed again`,
  failed: msg`Could not be read`,
};
const DID: Record<Outcome, MessageDescriptor> = {
  reset: msg`Reset: marked good again`,
  left_alone: msg`Left alone: something else closes it, too`,
  already_good: msg`Already good: nothing to do`,
  unknown_user: msg`Not known: nobody in the roster is called so`,
  restored: msg`Closed again, as before the run`,
  failed: msg`Could not be read: nothing was done`,
};
const GROUNDS: Record<Ground, MessageDescriptor> = {
  bounce: msg`Bounced`,
  suppressed: msg`Refused by the provider's own list`,
  manual: msg`Marked by hand`,
  complaint: msg`Marked as spam`,
  unsubscribed: msg`Unsubscribed`,
  opt_out: msg`Replied STOP`,
};
/** As their makers write them. */
export const PROVIDERS: Readonly<Record<string, string>> = {
  ses: 'Amazon SES',
  aws_sms: 'AWS End User Messaging SMS',
  aws_sns_sms: 'Amazon SNS SMS',
  bandwidth: 'Bandwidth',
  brevo: 'Brevo',
  mailgun: 'Mailgun',
  mailjet: 'Mailjet',
  mandrill: 'Mandrill',
  messagebird: 'MessageBird',
  plivo: 'Plivo',
  postmark: 'Postmark',
  resend: 'Resend',
  sendgrid: 'SendGrid',
  sinch: 'Sinch',
  sparkpost: 'SparkPost',
  telnyx: 'Telnyx',
  twilio: 'Twilio',
  vonage: 'Vonage',
};

export function useIncidentWords() {
  const { i18n } = useLingui();
  return {
    state: (state: IncidentState) => i18n._(STATES[state]),
    would: (outcome: Outcome) => i18n._(WOULD[outcome]),
    did: (outcome: Outcome) => i18n._(DID[outcome]),
    ground: (ground: Ground) => i18n._(GROUNDS[ground]),
    provider: (id: string) => PROVIDERS[id] ?? id,
  };
}
