"""AWS End User Messaging SMS and Voice: status of texts and calls, and STOP and START as people text them.

Source: docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types and
.../configuration-sets-event-format (events), .../two-way-sms (texts that come in) and
docs.aws.amazon.com/eventbridge/latest/ref/events-ref-sms-voice. One event of one number, by SNS and SQS or by
EventBridge; it calls no webhook of ours. AWS calls no failure permanent: the permanences are our reading.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from reachable.model.delivery_event import Channel, Kind
from reachable.providers import _addresses, _sns, _tags, _words
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    CONTENT,
    DELIVERED,
    FILTERED,
    INVALID,
    OPTED_OUT,
    OUR_SETUP,
    SENT,
    UNKNOWN,
    UNREACHABLE,
    Classification,
    event_of,
    row_of,
)
from reachable.providers._reading import Finding, Record
from reachable.providers._times import epoch, iso

MESSAGES: Final[Mapping[str, Classification | None]] = {
    "QUEUED": SENT,
    "PENDING": SENT,
    "SENT": SENT,
    "SUCCESSFUL": DELIVERED,  # where it is final: in some countries the carriers use it for DELIVERED
    "DELIVERED": DELIVERED,
    "READ": DELIVERED,
    "INVALID": INVALID,
    "INVALID_MESSAGE": CONTENT,
    "FILE_INACCESSIBLE": CONTENT,
    "FILE_TYPE_UNSUPPORTED": CONTENT,
    "FILE_SIZE_EXCEEDED": CONTENT,
    "UNREACHABLE": AWAY,  # off or out of reach
    "CARRIER_UNREACHABLE": UNREACHABLE,  # the carrier's fault, not the phone's
    "TTL_EXPIRED": UNREACHABLE,
    "BLOCKED": BLOCKED,  # the device blocks texts
    "CARRIER_BLOCKED": BLOCKED,
    "SPAM": FILTERED,  # our content
    "PROTECT_BLOCKED": OUR_SETUP,  # our own rule for a country or a number
    "FAILED": UNKNOWN,
    "UNKNOWN": UNKNOWN,
    "FALLEN_BACK_TO_SMS": None,  # the text that follows has its own events
}
"""By what follows TEXT_, MEDIA_ or RCS_. Any other word is a failure of unknown cause."""

CALLS: Final[Mapping[str, Classification]] = {
    "INITIATED": SENT,
    "RINGING": SENT,
    "ANSWERED": DELIVERED,  # by a person or a machine
    "COMPLETED": DELIVERED,
    "BUSY": UNREACHABLE,
    "NO_ANSWER": UNREACHABLE,
    "TTL_EXPIRED": UNREACHABLE,
    "FAILED": UNKNOWN,
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


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event: AWS tells of one number."""
    return _sns.each(body, _event)


def _event(unwrapped: _sns.Unwrapped) -> list[Finding]:
    record = unwrapped.event
    if "originationNumber" in record:
        return [_inbound(record, unwrapped.notification)]
    tells_status = unwrapped.detail_type is None or unwrapped.detail_type.lower() in DETAIL_TYPES
    if "eventType" not in record and not tells_status:
        return [None]
    return [_status(record)]


def _inbound(record: Record, notification: Record | None) -> Finding:
    """Only the SNS envelope tells when."""
    return _words.inbound(
        "aws_sms",
        record.maybe_text("messageBody"),
        record.maybe_text("originationNumber"),
        occurred_at=notification.maybe_time("Timestamp", iso) if notification else None,
        event_id=record.maybe_text("inboundMessageId")
        or (notification or record).id_of(None, None, record.maybe_text("originationNumber")),
        provider_code=record.maybe_text("messageKeyword"),
    )


def _status(record: Record) -> Finding:
    type_ = record.text("eventType")
    prefix, _, status = type_.upper().partition("_")
    channel = CHANNELS.get(prefix)
    address = _addresses.phone(record.maybe_text("destinationPhoneNumber"))
    if channel is None or address is None:
        return None
    classification = _classification(record, channel, status)
    if classification is None:
        return None
    message_id = record.maybe_text("messageId")
    tags = _tags.tags(record.inner("context").fields)
    return event_of(
        "aws_sms",
        channel,
        classification,
        address,
        occurred_at=record.maybe_time("eventTimestamp", epoch),
        sent_at=record.maybe_time("messageRequestTimestamp", epoch) or _tags.sent_at(tags),
        provider_message_id=message_id,
        # SNS and EventBridge can both tell of it, and neither gives the event an id of its own.
        event_id=record.id_of(message_id, record.maybe_text("eventTimestamp"), type_, address),
        provider_code=type_,
        diagnostic=record.maybe_text("messageStatusDescription"),
        metadata=tags,
    )


def _classification(record: Record, channel: Channel, status: str) -> Classification | None:
    final = record.maybe_flag("isFinal") is not False
    if status == "BLOCKED" and "opted out" in (record.maybe_text("messageStatusDescription") or "").lower():
        return OPTED_OUT
    if status == "SUCCESSFUL" and not final:
        return SENT  # taken by the carrier; DELIVERED may follow
    if status == "UNKNOWN" and _no_receipt_came(record):
        return SENT
    classification = row_of(CALLS if channel is Channel.VOICE else MESSAGES, status)
    if classification is not None and classification.permanence is not None and not final:
        return Classification(Kind.DELAYED, cause=classification.cause)  # AWS is still trying
    return classification


def _no_receipt_came(record: Record) -> bool:
    at, sent_at = (record.maybe_time(key, epoch) for key in ("eventTimestamp", "messageRequestTimestamp"))
    return at is not None and sent_at is not None and at - sent_at >= GIVEN_UP_AFTER
