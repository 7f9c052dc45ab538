/** The providers by the names that they give themselves; they are the same in every language. */
const NAMES: Readonly<Record<string, string>> = {
  ses: 'Amazon SES',
  sendgrid: 'SendGrid',
  mailgun: 'Mailgun',
  postmark: 'Postmark',
  sparkpost: 'SparkPost',
  mailjet: 'Mailjet',
  resend: 'Resend',
  brevo: 'Brevo',
  mandrill: 'Mandrill',
  aws_sms: 'AWS End User Messaging',
  aws_sns_sms: 'Amazon SNS',
  twilio: 'Twilio',
  vonage: 'Vonage',
  telnyx: 'Telnyx',
  plivo: 'Plivo',
  bandwidth: 'Bandwidth',
  sinch: 'Sinch',
  messagebird: 'Bird',
};

/** What people call a provider; one that is new is shown by its id. */
export function providerName(id: string): string {
  return NAMES[id] ?? id;
}

/** Every provider that may tell of a bounce, by the names' order. */
export const EVERY_PROVIDER: readonly string[] = Object.keys(NAMES).sort((a, b) =>
  providerName(a).localeCompare(providerName(b)),
);
