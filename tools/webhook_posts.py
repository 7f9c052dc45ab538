"""Tell the stack what providers tell: signed with what ``./dev outputs`` names, and SES's messages."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

from twilio.request_validator import RequestValidator

from tools.stack import SENDER, Answer, Stack

_FORM: Final = "application/x-www-form-urlencoded"


def twilio(stack: Stack, fields: Mapping[str, str], *, query: str = "", secret: str | None = None) -> Answer:
    """A callback of Twilio's: HMAC-SHA1 over the public address and the sorted fields.

    Source: twilio.com/docs/usage/security, by Twilio's own package.
    """
    fields = {"MessageSid": f"SM{uuid4().hex}"} | dict(fields)
    known = stack.webhooks["twilio"]
    url = f"{known['url']}?{query}" if query else known["url"]
    signature = RequestValidator(secret or known["secret"]).compute_signature(url, fields)
    return stack.call(
        "POST",
        url,
        urlencode(fields).encode(),
        {"content-type": _FORM, "x-twilio-signature": signature},
    )


def ses_bounce(
    address: str,
    sent_at: datetime,
    *,
    feedback_id: str | None = None,
    type_key: str = "notificationType",
) -> str:
    """A bounce as SES tells it, of now, about a message of then.

    Source: docs.aws.amazon.com/ses/latest/dg/notification-contents. ``type_key`` is ``eventType`` where a
    configuration set tells it.
    """
    return json.dumps(
        {
            type_key: "Bounce",
            "mail": {
                "timestamp": _in_ses_form(sent_at),
                "messageId": str(uuid4()),
                "source": SENDER,
                "destination": [address],
            },
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [
                    {
                        "emailAddress": address,
                        "action": "failed",
                        "status": "5.1.1",
                        "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                    }
                ],
                "timestamp": _in_ses_form(datetime.now(UTC)),
                "feedbackId": feedback_id or str(uuid4()),
            },
        }
    )


def _in_ses_form(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
