"""Which alarms were told in which minute, in the table ``messages``: not one for each message.

alarm#<name> / <minute>
"""

from datetime import datetime, timedelta

from reachable.store import dynamodb
from reachable.store.messages import items
from reachable.store.messages.keys import TABLE


def is_told(name: str, now: datetime) -> bool:
    """Whether this alarm was told in this minute. 1 read unit."""
    return dynamodb.get(TABLE, _place(name, now)) is not None


def note(name: str, now: datetime) -> None:
    """Note that it was. 1 write unit."""
    dynamodb.put_if_absent(TABLE, _place(name, now) | {"expires_at": items.end(now, timedelta(days=1))})


def _place(name: str, now: datetime) -> dict[str, str]:
    return {"entity": f"alarm#{name}", "item": f"{now:%Y-%m-%dT%H:%M}"}
