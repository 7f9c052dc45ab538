"""AWS End User Messaging SMS and Voice: status of texts and calls, and STOP and START as people text them.

Source: docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types and
.../configuration-sets-event-format (events), .../two-way-sms (texts that come in) and
docs.aws.amazon.com/eventbridge/latest/ref/events-ref-sms-voice. One event of one number, by SNS and SQS or by
EventBridge; it calls no webhook of ours. AWS calls no failure permanent: the permanences are our reading.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.providers import _addresses, _sns, _tags, _words
from reachable.providers._codes import Verdict
from reachable.providers._reading import Outcome, Record
from reachable.providers._times import epoch, iso

_PERMANENT: Final = Permanence.PERMANENT
_TRANSIENT: Final = Permanence.TRANSIENT
_UNDETERMINED: Final = Permanence.UNDETERMINED

_SENT: Final = Verdict(Kind.SENT)
_DELIVERED: Final = Verdict(Kind.DELIVERED)
_CONTENT: Final = Verdict(Kind.FAILED, _PERMANENT, Cause.CONTENT_OR_SIZE)
_UNREACHABLE: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
_BLOCKED: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
_OUR_PROTECTION: Final = Verdict(Kind.REJECTED, _PERMANENT, Cause.ACCOUNT_OR_QUOTA)
_UNKNOWN: Final = Verdict(Kind.FAILED, _UNDETERMINED, Cause.UNKNOWN)

MESSAGES: Final[Mapping[str, Verdict | None]] = {
    "QUEUED": _SENT,
    "PENDING": _SENT,
    "SENT": _SENT,
    "SUCCESSFUL": _DELIVERED,  # where it is final: in some countries the carriers use it for DELIVERED
    "DELIVERED": _DELIVERED,
    "READ": _DELIVERED,
    "INVALID": Verdict(Kind.BOUNCED, _PERMANENT, Cause.INVALID_ADDRESS),
    "INVALID_MESSAGE": _CONTENT,
    "FILE_INACCESSIBLE": _CONTENT,
    "FILE_TYPE_UNSUPPORTED": _CONTENT,
    "FILE_SIZE_EXCEEDED": _CONTENT,
    "UNREACHABLE": Verdict(Kind.BOUNCED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),  # off or out of reach
    "CARRIER_UNREACHABLE": _UNREACHABLE,  # the carrier's fault, not the phone's
    "TTL_EXPIRED": _UNREACHABLE,
    "BLOCKED": _BLOCKED,  # the device blocks texts
    "CARRIER_BLOCKED": _BLOCKED,
    "SPAM": Verdict(Kind.FAILED, _TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM),  # our content
    "PROTECT_BLOCKED": _OUR_PROTECTION,  # our own rule for a country or a number
    "FAILED": _UNKNOWN,
    "UNKNOWN": _UNKNOWN,
    "FALLEN_BACK_TO_SMS": None,  # the text that follows has its own events
}
"""By what follows TEXT_, MEDIA_ or RCS_. Any other word is a failure of unknown cause."""

CALLS: Final[Mapping[str, Verdict]] = {
    "INITIATED": _SENT,
    "RINGING": _SENT,
    "ANSWERED": _DELIVERED,  # by a person or a machine
    "COMPLETED": _DELIVERED,
    "BUSY": _UNREACHABLE,
    "NO_ANSWER": _UNREACHABLE,
    "TTL_EXPIRED": _UNREACHABLE,
    "FAILED": _UNKNOWN,
}
"""By what follows VOICE_. Any other word is a failure of unknown cause."""

CHANNELS: Final[Mapping[str, Channel]] = {
    "TEXT": Channel.SMS,
    "MEDIA": Channel.SMS,
    "RCS": Channel.SMS,
    "VOICE": Channel.VOICE,
}

DETAIL_TYPES: Final = frozenset(
    {
        "text message delivery status updated",
        "media message delivery status updated",
        "voice message delivery status updated",
    }
)
"""Of EventBridge, whose details must have an ``eventType``; others (Registration Status Change) need not."""

GIVEN_UP_AFTER: Final = timedelta(hours=71)
"""AWS itself writes UNKNOWN where no receipt came within 72 hours; an hour of grace for its own delay."""


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Outcome]:
    """At most one event: AWS tells of one number."""
    return _sns.each(body, _event)


def _event(unwrapped: _sns.Unwrapped) -> list[Outcome]:
    record = unwrapped.event
    if "originationNumber" in record:
        return [_inbound(record, unwrapped.notification)]
    tells_status = unwrapped.detail_type is None or unwrapped.detail_type.lower() in DETAIL_TYPES
    if "eventType" not in record and not tells_status:
        return [None]
    return [_status(record)]


def _inbound(record: Record, notification: Record | None) -> DeliveryEvent | None:
    """Who wrote is the person; only the SNS envelope tells when."""
    verdict = _words.wish(record.maybe_text("messageBody"))
    address = _addresses.phone(record.maybe_text("originationNumber"))
    if verdict is None or address is None:
        return None
    return DeliveryEvent(
        provider="aws_sms",
        channel=Channel.SMS,
        kind=verdict.kind,
        cause=verdict.cause,
        address=address,
        occurred_at=notification.maybe_time("Timestamp", iso) if notification else None,
        event_id=record.text("inboundMessageId"),
        provider_code=record.maybe_text("messageKeyword"),
    )


def _status(record: Record) -> DeliveryEvent | None:
    type_ = record.text("eventType")
    prefix, _, status = type_.upper().partition("_")
    channel = CHANNELS.get(prefix)
    address = _addresses.phone(record.maybe_text("destinationPhoneNumber"))
    if channel is None or address is None:
        return None
    verdict = _verdict(record, channel, status)
    if verdict is None:
        return None
    message_id = record.text("messageId")
    tags = _tags.tags(context.fields if (context := record.maybe_record("context")) else None)
    return DeliveryEvent(
        provider="aws_sms",
        channel=channel,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=record.maybe_time("eventTimestamp", epoch),
        sent_at=record.maybe_time("messageRequestTimestamp", epoch) or _tags.sent_at(tags),
        provider_message_id=message_id,
        # SNS and EventBridge can both tell of it, and neither gives the event an id of its own.
        event_id=f"{message_id}:{type_}:{record.maybe_text('eventTimestamp') or ''}",
        provider_code=type_,
        diagnostic=record.maybe_text("messageStatusDescription"),
        metadata=tags,
    )


def _verdict(record: Record, channel: Channel, status: str) -> Verdict | None:
    final = "isFinal" not in record or record.flag("isFinal")
    if status == "BLOCKED" and "opted out" in (record.maybe_text("messageStatusDescription") or "").lower():
        return _words.OPTED_OUT
    if status == "SUCCESSFUL" and not final:
        return _SENT  # taken by the carrier; DELIVERED may follow
    if status == "UNKNOWN" and _no_receipt_came(record):
        return _SENT
    verdict = (CALLS if channel is Channel.VOICE else MESSAGES).get(status, _UNKNOWN)
    if verdict is not None and verdict.permanence is not None and not final:
        return Verdict(Kind.DELAYED, cause=verdict.cause)  # AWS is still trying
    return verdict


def _no_receipt_came(record: Record) -> bool:
    at, sent_at = (record.maybe_time(key, epoch) for key in ("eventTimestamp", "messageRequestTimestamp"))
    return at is not None and sent_at is not None and at - sent_at >= GIVEN_UP_AFTER
