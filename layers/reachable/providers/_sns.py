"""What AWS wraps around an event: SNS by SQS, SNS raw, SNS records of a Lambda call, EventBridge.

Source: docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats (the envelope: ``Type``, ``Message``),
docs.aws.amazon.com/lambda/latest/dg/with-sns (``Records[].Sns``) and
docs.aws.amazon.com/eventbridge/latest/userguide/eb-events (``detail-type``, ``detail``). SNS's signature is
not checked: the queue takes messages from our topics alone, which IAM guards.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from reachable.providers._reading import Finding, Record, json_record

_NOTIFICATION: Final = "Notification"


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """An event without its envelopes. ``detail_type`` is EventBridge's, ``notification`` SNS's."""

    event: Record
    detail_type: str | None = None
    notification: Record | None = None


def each(body: bytes, read: Callable[[Unwrapped], Iterable[Finding]]) -> Iterator[Finding]:
    """What each event in a body gives; texts of SNS itself (subscribed, topic validated) give nothing."""
    record = json_record(body)
    if "Records" in record:
        return record.entries("Records").each(lambda entry: _unwrap(entry.record("Sns"), read))
    return iter(_unwrap(record, read))


def _unwrap(record: Record, read: Callable[[Unwrapped], Iterable[Finding]]) -> Iterable[Finding]:
    notification = record if "Type" in record and "Message" in record else None
    if notification is not None:
        if notification.text("Type") != _NOTIFICATION:
            return [None]
        message = notification.text("Message")
        if not message.lstrip().startswith("{"):
            return [None]
        record = json_record(message, notification.place("Message"))
    if "detail-type" in record:
        return read(Unwrapped(record.record("detail"), record.text("detail-type"), notification))
    return read(Unwrapped(record, notification=notification))
