"""The event bus of this stage: what became of credentials and messages, for whoever sets a rule on it."""

from collections.abc import Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

import orjson

from reachable import aws, settings
from reachable.model.bus_event import BusEvent

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

BUS: Final = settings.text("EVENT_BUS")
SOURCE: Final = "reachable"
_AT_ONCE: Final = 10
"""PutEvents takes no more, and 256 KB."""


def _events() -> "EventBridgeClient":
    made: EventBridgeClient = aws.client("events")
    return made


def put(events: Sequence[BusEvent]) -> list[BusEvent]:
    """Publish events; those that the bus did not take. Publishing one twice is harmless: its id tells.

    Raises:
        botocore's errors: nobody knows what it took.
    """
    left: list[BusEvent] = []
    for some in batched(events, _AT_ONCE, strict=False):
        entries: list[Any] = [
            {
                "EventBusName": BUS,
                "Source": SOURCE,
                "DetailType": event.type.value,
                "Time": event.at,
                "Detail": orjson.dumps(event.detail).decode(),
            }
            for event in some
        ]
        answer = _events().put_events(Entries=entries)
        if answer["FailedEntryCount"]:
            left += [
                event for event, told in zip(some, answer["Entries"], strict=True) if "ErrorCode" in told
            ]
    return left
