/** The services that send our messages, by the names under which people know them, the same in every language. */
const NAMES: Record<string, string> = {
  aws_sms: 'AWS End User Messaging',
  aws_sns_sms: 'Amazon SNS',
  bandwidth: 'Bandwidth',
  brevo: 'Brevo',
  mailgun: 'Mailgun',
  mailjet: 'Mailjet',
  mandrill: 'Mandrill',
  messagebird: 'Bird',
  plivo: 'Plivo',
  postmark: 'Postmark',
  resend: 'Resend',
  sendgrid: 'SendGrid',
  ses: 'Amazon SES',
  sinch: 'Sinch',
  sparkpost: 'SparkPost',
  telnyx: 'Telnyx',
  twilio: 'Twilio',
  vonage: 'Vonage',
};

/** One that a later API has is shown by its id. */
export function providerName(id: string): string {
  return NAMES[id] ?? id;
}
