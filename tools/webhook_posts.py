"""Tell the stack what providers tell: signed with what ``./dev outputs`` names, and SES's messages."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

from tools.calls import Answer
from tools.stack import SENDER, Stack
from tools.webhook_signing import Call, sign

_FORM: Final = "application/x-www-form-urlencoded"
BY_GET: Final = frozenset({"messagebird"})
"""Who tells in the query of a GET."""


def post(
    stack: Stack,
    provider: str,
    body: bytes,
    *,
    headers: Mapping[str, str] | None = None,
    query: str = "",
    sender: Mapping[str, str] | None = None,
) -> Answer:
    """A provider's call, signed as it signs; one that calls by GET has its body in the query.

    ``sender`` are other secrets than the stack's, to be refused.
    """
    known = stack.webhooks[provider]
    address = f"{known['url']}?{query}" if query else known["url"]
    by_get = provider in BY_GET
    call = Call(
        method="GET" if by_get else "POST",
        url=f"{known['url']}?{body.decode()}" if by_get else address,
        headers=dict(headers or {}),
        body=b"" if by_get else body,
    )
    signed = sign(provider, call, sender or known)
    return stack.call(signed.method, signed.url, signed.body or None, signed.headers)


def twilio(stack: Stack, fields: Mapping[str, str], *, query: str = "", secret: str | None = None) -> Answer:
    """A callback of Twilio's: a form."""
    fields = {"MessageSid": f"SM{uuid4().hex}"} | dict(fields)
    return post(
        stack,
        "twilio",
        urlencode(fields).encode(),
        headers={"content-type": _FORM},
        query=query,
        sender={"secret": secret} if secret else None,
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
