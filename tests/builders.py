"""Values with good defaults, so that a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.status import AT_ONCE, Change, Terms
from reachable.rules.event import UNKNOWN, Known, decide, received
from reachable.rules.status import change_of

DAY = datetime(2026, 9, 14, tzinfo=UTC)


def clock(text: str) -> datetime:
    """A time of the test day: ``09:00`` or ``09:00:07.5``."""
    hours, minutes, *seconds = text.split(":")
    return DAY + timedelta(
        hours=int(hours), minutes=int(minutes), seconds=float(seconds[0] if seconds else 0)
    )


def delivery_event(**changes: Any) -> DeliveryEvent:
    """A permanent bounce of an email, sent at 09:00 and told at 09:01."""
    told: dict[str, Any] = {
        "provider": "ses",
        "channel": Channel.EMAIL,
        "kind": Kind.BOUNCED,
        "permanence": Permanence.PERMANENT,
        "cause": Cause.INVALID_ADDRESS,
        "address": "ada@example.org",
        "sent_at": clock("09:00"),
        "occurred_at": clock("09:01"),
        "event_id": "1",
    } | changes
    return DeliveryEvent(**told)


def text_event(**changes: Any) -> DeliveryEvent:
    """A text that a number did not take: nobody has the number."""
    return delivery_event(
        **{"provider": "twilio", "channel": Channel.SMS, "address": "+12025550123"} | changes
    )


def change_by(
    event: DeliveryEvent, received_at: datetime, known: Known = UNKNOWN, terms: Terms = AT_ONCE
) -> Change | None:
    """What an event does to the status of the credential that it blames, by its history."""
    item = decide(received(event, None, received_at), known, terms).history
    return change_of(item) if item else None
