"""What test_dialects_* share: the table "What blocks" of design section 5, and a body of each provider."""

import json
from typing import Any
from urllib.parse import urlencode

from reachable import providers
from reachable.model.delivery_event import DeliveryEvent

PHONE = "+12025550123"
ADA = "ada@example.org"
_NEVER = {"sent", "delivered", "delayed", "rejected", "opted_in"}
_OURS = {"content_or_size", "account_or_quota"}


def closes(event: DeliveryEvent) -> bool:
    """Whether the event closes the address, by the table."""
    kind, cause, permanence = event.kind, event.cause, event.permanence
    if kind in _NEVER:
        return False
    if kind in {"complained", "opted_out"} or cause == "provider_suppressed":
        return True
    if cause in _OURS or (cause == "carrier_blocked_or_spam" and permanence != "permanent"):
        return False
    if event.channel == "email":
        return not (permanence == "transient" and cause == "unknown" and not event.smtp_status)
    return not (event.channel == "voice" and permanence == "transient" and cause == "inactive_or_unreachable")


def parse(provider: str, body: Any, headers: dict[str, str] | None = None) -> list[DeliveryEvent]:
    """The events of a JSON value or of raw bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return providers.parse(provider, raw, headers or {})


def one(provider: str, body: Any) -> DeliveryEvent:
    """The only event."""
    (event,) = parse(provider, body)
    return event


def form(**fields: Any) -> bytes:
    return urlencode(fields).encode()


def mailgun(reply: str, recipient: Any = ADA, to: str = ADA) -> Any:
    code = int(reply[:3]) if reply[:3].isdigit() else 498
    return {
        "event-data": {
            "event": "failed",
            "id": "id",
            "timestamp": 1757838600.1,
            "recipient": recipient,
            "severity": "permanent",
            "reason": "bounce",
            "delivery-status": {"code": code, "message": reply},
            "message": {"headers": {"message-id": "m@example.com", "to": to}},
            "user-variables": [],
        }
    }


def sendgrid(type_: str, classification: str, reason: str, status: str) -> Any:
    return [
        {
            "event": "bounce",
            "type": type_,
            "bounce_classification": classification,
            "reason": reason,
            "status": status,
            "email": ADA,
            "timestamp": 1757838600,
            "sg_event_id": "e",
            "sg_message_id": "m",
        }
    ]


def sparkpost(class_: str, reason: str) -> Any:
    event = {"type": "bounce", "bounce_class": class_, "raw_reason": reason, "rcpt_to": ADA, "event_id": "e"}
    return [{"msys": {"message_event": event}}]


def postmark(type_: str, details: str) -> Any:
    return {"RecordType": "Bounce", "Type": type_, "Details": details, "Email": ADA, "ID": 1}


def mailjet(hard: bool, error: str, comment: str) -> Any:
    return [
        {
            "event": "bounce",
            "hard_bounce": hard,
            "error": error,
            "comment": comment,
            "email": ADA,
            "time": 1757838600,
        }
    ]


def mandrill(word: str, description: str, diag: str) -> bytes:
    message = {"email": ADA, "bounce_description": description, "diag": diag, "_id": "1"}
    return form(mandrill_events=json.dumps([{"event": word, "_id": "1", "ts": 1757838600, "msg": message}]))


def ses(type_: str, subtype: str, status: str, diagnostic: str) -> Any:
    bounced = [{"emailAddress": ADA, "status": status, "diagnosticCode": diagnostic, "action": "failed"}]
    bounce = {"bounceType": type_, "bounceSubType": subtype, "bouncedRecipients": bounced, "feedbackId": "f"}
    return {"notificationType": "Bounce", "bounce": bounce, "mail": {"messageId": "m"}}


def resend(type_: str, subtype: str, message: str) -> Any:
    bounce = {"type": type_, "subType": subtype, "message": message}
    return {"type": "email.bounced", "data": {"email_id": "e", "to": [ADA], "bounce": bounce}}


def telnyx_text(code: Any) -> Any:
    to = [{"phone_number": PHONE, "status": "delivery_failed"}]
    payload = {"id": "m", "to": to, "errors": [{"code": code}]}
    return {"data": {"id": "e", "event_type": "message.finalized", "payload": payload}}
