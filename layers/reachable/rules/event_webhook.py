"""What is posted of an event to a webhook, and how long one waits that was not taken.

Source: standardwebhooks.com's specification (payload, headers, "Retry schedule").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from reachable.model.bus_event import DetailType
from reachable.model.errors import ParseError

TYPES: Final[Mapping[DetailType, str]] = {
    DetailType.MARKED_BAD: "credential.marked_bad",
    DetailType.RESET: "credential.reset",
    DetailType.MESSAGE: "message.status_changed",
}
_WAITS: Final = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600)
"""The longest wait after each attempt, in seconds; after further ones the last."""
ATTEMPTS: Final = 12
"""Some two days and a half; infra/event_webhook.yaml receives a message so often."""
MOST_WAIT_SECONDS: Final = 42_000
"""SQS hides what it has given out for 12 hours at most, the attempt itself among them."""


@dataclass(frozen=True, slots=True)
class Telling:
    """An event as it is posted; ``id`` is the same however often it is told."""

    id: str
    body: str


def telling(entry: str) -> Telling:
    """What to post of an entry of the bus, as EventBridge puts it on a queue.

    Raises:
        ParseError: it is none of ours.
    """
    try:
        told = orjson.loads(entry)
        type_, id_ = TYPES[DetailType(told["detail-type"])], told["detail"]["id"]
        payload = {"type": type_, "timestamp": told["time"], "data": told["detail"]}
    except (ValueError, TypeError, KeyError) as problem:
        raise ParseError("event_webhook", "$", f"no event of ours: {type(problem).__name__}") from None
    if not isinstance(id_, str) or not id_.isalnum() or not id_.isascii():  # it goes into a header
        raise ParseError("event_webhook", "detail.id", "no id of ours")
    return Telling(id_, orjson.dumps(payload).decode())


def wait_seconds(attempt: int, asked: int | None, draw: float) -> int:
    """How long an event waits that was not taken at this attempt, which is counted from 1.

    Never less than the receiver has ``asked`` for; ``draw`` is random, from 0 to 1, so that what failed at
    once comes back apart. After the last attempt none waits: it is somebody's to look at.
    """
    if attempt >= ATTEMPTS:
        return 0
    longest = _WAITS[min(attempt, len(_WAITS)) - 1]
    return min(max(round(longest * (1 + draw) / 2), asked or 0), MOST_WAIT_SECONDS)
