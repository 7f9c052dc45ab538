"""Which alarms were told in which minute or hour, in the table ``messages``: not one for each message.

alarm#<name> / <minute or hour>
"""

from datetime import datetime, timedelta
from enum import StrEnum

from reachable.store import dynamodb
from reachable.store.messages import items
from reachable.store.messages.keys import TABLE


class Once(StrEnum):
    """How often an alarm is told: its times of one such window read the same."""

    A_MINUTE = "%Y-%m-%dT%H:%M"
    AN_HOUR = "%Y-%m-%dT%H"


def is_told(name: str, now: datetime, once: Once) -> bool:
    """Whether this alarm was told in this minute or hour. 1 read unit."""
    return dynamodb.get(TABLE, _place(name, now, once)) is not None


def note(name: str, now: datetime, once: Once) -> None:
    """Note that it was. 1 write unit."""
    dynamodb.put_if_absent(TABLE, _place(name, now, once) | {"expires_at": items.end(now, timedelta(days=1))})


def _place(name: str, now: datetime, once: Once) -> dict[str, str]:
    return {"entity": f"alarm#{name}", "item": now.strftime(once)}
