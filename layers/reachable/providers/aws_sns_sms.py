"""Amazon SNS SMS: what became of a text, as SNS writes it to its delivery log.

Source: docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch. One line of the CloudWatch log groups
``sns/<region>/<account>/DirectPublishToPhoneNumber`` and ``.../Failure``, put on the queue by a function of
ours that a subscription filter invokes; it calls no webhook of ours. There are no codes and no custom data:
only ``providerResponse`` tells why.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.providers import _addresses, _words
from reachable.providers._codes import Verdict
from reachable.providers._reading import Outcome, json_record
from reachable.providers._times import iso

_DELIVERED: Final = Verdict(Kind.DELIVERED)
_BLOCKED: Final = Verdict(Kind.BOUNCED, Permanence.UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
_FILTERED: Final = Verdict(Kind.FAILED, Permanence.TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)
_OUR_QUOTA: Final = Verdict(Kind.REJECTED, Permanence.TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
_UNKNOWN: Final = Verdict(Kind.FAILED, Permanence.UNDETERMINED, Cause.UNKNOWN)

FAILURES: Final[Mapping[str, Verdict]] = {
    "invalid phone number": Verdict(Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS),
    "phone number is opted out": _words.OPTED_OUT,
    "phone is currently unreachable/unavailable": Verdict(
        Kind.BOUNCED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE
    ),
    "phone carrier is currently unreachable/unavailable": Verdict(
        Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE
    ),
    "phone has blocked sms": _BLOCKED,
    "phone is on a blocked list": _BLOCKED,
    "phone carrier has blocked this message": _FILTERED,
    "blocked as spam by phone carrier": _FILTERED,
    "destination is on a blocked list": _FILTERED,
    "message body is invalid": Verdict(Kind.FAILED, Permanence.PERMANENT, Cause.CONTENT_OR_SIZE),
    "this delivery would exceed max price": _OUR_QUOTA,
    "no quota left for account": _OUR_QUOTA,
    "unknown error attempting to reach phone": _UNKNOWN,
}
"""By ``providerResponse`` in lower case. Any other text is a failure of unknown cause."""


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Outcome]:
    """At most one event: a line tells of one text to one number."""
    line = json_record(body)
    status = line.text("status").upper()
    notification, delivery = line.record("notification"), line.record("delivery")
    address = _addresses.phone(delivery.maybe_text("destination"))
    response = delivery.maybe_text("providerResponse")
    verdict = _verdict(status, response)
    if verdict is None or address is None:
        return []
    message_id = notification.text("messageId")
    published_at = notification.maybe_time("timestamp", iso)
    event = DeliveryEvent(
        provider="aws_sns_sms",
        channel=Channel.SMS,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=delivery.maybe_time("dwellTimeMs", _after(published_at)) if published_at else None,
        sent_at=published_at,
        provider_message_id=message_id,
        event_id=f"{message_id}:{status}",
        provider_code=status,
        diagnostic=response,
    )
    return [event]


def _verdict(status: str, response: str | None) -> Verdict | None:
    match status:
        case "SUCCESS":
            return _DELIVERED
        case "FAILURE":
            return FAILURES.get((response or "").strip().rstrip(".").lower(), _UNKNOWN)
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
