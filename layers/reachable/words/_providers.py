"""The providers by the names under which people know them, the same in every language."""

from collections.abc import Mapping
from typing import Final

NAMES: Final[Mapping[str, str]] = {
    "aws_sms": "AWS End User Messaging",
    "aws_sns_sms": "Amazon SNS",
    "bandwidth": "Bandwidth",
    "brevo": "Brevo",
    "mailgun": "Mailgun",
    "mailjet": "Mailjet",
    "mandrill": "Mandrill",
    "messagebird": "Bird",
    "plivo": "Plivo",
    "postmark": "Postmark",
    "resend": "Resend",
    "sendgrid": "SendGrid",
    "ses": "Amazon SES",
    "sinch": "Sinch",
    "sparkpost": "SparkPost",
    "telnyx": "Telnyx",
    "twilio": "Twilio",
    "vonage": "Vonage",
}
