"""Amazon SNS SMS: what became of a text, as SNS writes it to its delivery log.

Source: docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch. One line of the CloudWatch log groups
``sns/<region>/<account>/DirectPublishToPhoneNumber`` and ``.../Failure``, put on the queue by a function of
ours that a subscription filter invokes; it calls no webhook of ours. There are no codes and no custom data:
only ``providerResponse`` tells why.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from reachable.model.delivery_event import Channel
from reachable.providers import _addresses
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    CONTENT,
    DELIVERED,
    FILTERED,
    INVALID,
    OPTED_OUT,
    OUR_QUOTA,
    UNKNOWN,
    UNREACHABLE,
    Classification,
    event_of,
    row_of,
)
from reachable.providers._reading import Finding, json_record
from reachable.providers._times import iso

FAILURES: Final[Mapping[str, Classification]] = {
    "invalid phone number": INVALID,
    "phone number is opted out": OPTED_OUT,
    "phone is currently unreachable/unavailable": AWAY,
    "phone carrier is currently unreachable/unavailable": UNREACHABLE,
    "phone has blocked sms": BLOCKED,
    "phone is on a blocked list": BLOCKED,
    "phone carrier has blocked this message": FILTERED,
    "blocked as spam by phone carrier": FILTERED,
    "destination is on a blocked list": FILTERED,
    "message body is invalid": CONTENT,
    "this delivery would exceed max price": OUR_QUOTA,
    "no quota left for account": OUR_QUOTA,
    "unknown error attempting to reach phone": UNKNOWN,
}
"""By ``providerResponse`` in lower case. Any other text is a failure of unknown cause."""


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event: a line tells of one text to one number."""
    line = json_record(body)
    status = line.text("status").upper()
    notification, delivery = line.inner("notification"), line.record("delivery")
    address = _addresses.phone(delivery.maybe_text("destination"))
    response = delivery.maybe_text("providerResponse")
    message_id = notification.maybe_text("messageId")
    published_at = notification.maybe_time("timestamp", iso)
    event = event_of(
        "aws_sns_sms",
        Channel.SMS,
        _classification(status, response),
        address,
        occurred_at=delivery.maybe_time("dwellTimeMs", _after(published_at)) if published_at else None,
        sent_at=published_at,
        provider_message_id=message_id,
        event_id=line.id_of(message_id, notification.maybe_text("timestamp"), status, address),
        provider_code=status,
        diagnostic=response,
    )
    return [event]


def _classification(status: str, response: str | None) -> Classification | None:
    match status:
        case "SUCCESS":
            return DELIVERED
        case "FAILURE":
            return row_of(FAILURES, (response or "").strip().rstrip(".").lower() or None)
        case _:
            return None


def _after(published_at: datetime) -> Callable[[object], datetime]:
    """The form of a time that is told as milliseconds since the text was published."""

    def form(value: object) -> datetime:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("no number")  # noqa: TRY004 - one error for whatever is no time
        try:
            return published_at + timedelta(milliseconds=value)
        except OverflowError as problem:
            raise ValueError("out of range") from problem

    return form
