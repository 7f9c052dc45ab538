"""What providers say, as it comes off the queue: one event of a message to one or several people."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

SENT_AT: Final = "2026-09-14T09:00:00+00:00"
_RECEIVED_AT: Final = "2026-09-14T09:05:00+00:00"
_EPOCH: Final = int(datetime.fromisoformat(SENT_AT).timestamp())


def ses(
    kind: str,
    *named: str,
    to: Sequence[str] = (),
    id_: str = "m1",
    at: str = SENT_AT,
    tags: Mapping[str, str] | None = None,
) -> str:
    """An event of an SES configuration set: ``Send``, ``Delivery``, ``Bounce`` or ``Complaint``."""
    bodies: dict[str, dict[str, Any]] = {
        "Send": {"send": {}},
        "Delivery": {"delivery": {"timestamp": at, "recipients": list(named)}},
        "Bounce": {
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "timestamp": at,
                "feedbackId": f"bounce of {id_}",
                "bouncedRecipients": [
                    {"emailAddress": one, "status": "5.1.1", "diagnosticCode": "550 5.1.1 no such user"}
                    for one in named
                ],
            }
        },
        "Complaint": {
            "complaint": {
                "timestamp": at,
                "feedbackId": f"complaint of {id_}",
                "complaintFeedbackType": "abuse",
                "complainedRecipients": [{"emailAddress": one} for one in named],
            }
        },
    }
    mail = {
        "timestamp": at,
        "messageId": id_,
        "destination": list(to or named),
        "tags": {name: [value] for name, value in (tags or {}).items()},
    }
    return json.dumps({"eventType": kind, "mail": mail, **bodies[kind]})


def sendgrid(*told: tuple[str, str]) -> str:
    """One post of kinds and addresses, of one message: ``processed``, ``bounce``."""
    return _posted(
        "sendgrid",
        [
            {
                "event": kind,
                "email": address,
                "timestamp": _EPOCH,
                "sg_message_id": f"shared.recv-{address}",
                "sg_event_id": f"{kind} {address}",
                **({"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1"} if kind == "bounce" else {}),
            }
            for kind, address in told
        ],
    )


def sparkpost(*told: tuple[str, str]) -> str:
    """One post of kinds and addresses, of one transmission: ``injection``, ``bounce``."""
    return _posted(
        "sparkpost",
        [
            {
                "msys": {
                    "message_event": {
                        "type": kind,
                        "rcpt_to": address,
                        "transmission_id": "shared",
                        "event_id": f"{kind} {address}",
                        "timestamp": str(_EPOCH),
                        **({"bounce_class": "10", "raw_reason": "550 5.1.1"} if kind == "bounce" else {}),
                    }
                }
            }
            for kind, address in told
        ],
    )


def sinch(status: str, number: str, code: int) -> str:
    """A recipient's delivery report of one batch: ``Dispatched`` (401), ``Failed`` (1)."""
    report = {
        "type": "recipient_delivery_report_sms",
        "batch_id": "shared",
        "recipient": number.removeprefix("+"),
        "status": status,
        "code": code,
        "at": SENT_AT,
    }
    return _posted("sinch", report)


def texted(number: str, words: str) -> str:
    """A text from a person, as Twilio tells it."""
    form = f"MessageSid={words}&SmsStatus=received&Body={words}&From=%2B{number.removeprefix('+')}&To=%2B1999"
    return _form(form, datetime.now(UTC).isoformat())


def undelivered(number: str) -> str:
    """A text to a number that nobody has, as Twilio tells it."""
    form = f"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005&To=%2B{number.removeprefix('+')}"
    return _form(form)


def _posted(provider: str, body: object) -> str:
    return _entry(provider, json.dumps(body).encode(), "application/json")


def _form(body: str, received_at: str = _RECEIVED_AT) -> str:
    return _entry("twilio", body.encode(), "application/x-www-form-urlencoded", received_at)


def _entry(provider: str, body: bytes, content_type: str, received_at: str = _RECEIVED_AT) -> str:
    return json.dumps(
        {
            "provider": provider,
            "account": None,
            "method": "POST",
            "url": f"/webhooks/{provider}",
            "query": "",
            "headers": {"content-type": content_type},
            "received_at": received_at,
            "body": base64.b64encode(body).decode(),
        }
    )
