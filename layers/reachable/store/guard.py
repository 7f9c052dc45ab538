"""What the guard counts and has told of, in the table ``messages``.

    guard#<place>#<shard> / <hour>   how many were sent (``s07a``) and bounced for good (``b07a``) of what was
                                     sent in each half minute: here the first of the hour's eighth minute
    guard / <place>#<number>         a leap that was seen, and who tells of it

Numbers alone, over several partitions, as in ``statistics``; an hour's item is at most 1.5 KB.
"""

import random
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from reachable.model.group import NOTHING, Tally
from reachable.model.guard import Cells, Open, Place, begins
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import items, keys
from reachable.store.messages.keys import TABLE

SHARDS: Final = 4
_AN_HOUR: Final = 120
"""Half minutes."""
_KEPT: Final = timedelta(days=32)
"""Somewhat longer than a time is believed that a provider tells."""
_OPEN: Final = "guard"
_NAMES: Final = frozenset({"entity", "item", "expires_at"})


def hours(first: int, last: int) -> range:
    """The hours of these half minutes."""
    return range(first // _AN_HOUR, last // _AN_HOUR + 1)


def count(place: Place, hour: int, cells: Cells, now: datetime) -> None:
    """Add what was sent in half minutes of an hour, and what bounced of it. 1 or 2 write units."""
    shard = random.randrange(SHARDS)  # noqa: S311 - spreads load, guards nothing
    numbers = {f"s{_half(cell)}": tally.sent for cell, tally in cells.items() if tally.sent}
    numbers |= {f"b{_half(cell)}": tally.bounced for cell, tally in cells.items() if tally.bounced}
    dynamodb.add(TABLE, _counted(place, shard, hour), numbers, items.end(now, _KEPT))


def by_hour(cells: Cells) -> dict[int, Cells]:
    """Half minutes by the hour of which they are."""
    found: dict[int, dict[int, Tally]] = {}
    for cell, tally in cells.items():
        found.setdefault(cell // _AN_HOUR, {})[cell] = tally
    return dict(found)


def read(places: Iterable[Place], hours_: Collection[int]) -> dict[Place, Cells]:
    """What places came to in these hours. 4 read units a place and hour, a BatchGetItem for each 100."""
    found: dict[Place, dict[int, Tally]] = {place: {} for place in places}
    at = {
        (key["entity"], key["item"]): (place, hour)
        for place in found
        for hour in hours_
        for shard in range(SHARDS)
        for key in [_counted(place, shard, hour)]
    }
    for wire in dynamodb.batch_get(TABLE, ({"entity": entity, "item": item} for entity, item in at)):
        stored = dynamodb.of_wire(wire)
        place, hour = at[stored["entity"], stored["item"]]
        for cell, tally in _cells(stored, hour):
            found[place][cell] = found[place].get(cell, NOTHING) + tally
    return dict(found)


def leaps() -> list[Open]:
    """All that explain what can still be told: what was sent within a month. 1 Query."""
    listed = dynamodb.query(
        TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": _OPEN}},
    )
    return [_open(dynamodb.of_wire(item)) for item in listed]


def claim(leap: Open, now: datetime) -> str | None:
    """Open a leap, to tell of it; the claim's mark, or None where another does or has. 1 write unit.

    Where the answer is lost and botocore writes it again, it finds itself by its mark.
    """
    mark = uuid4().hex
    table = dynamodb.client()
    try:
        table.put_item(
            TableName=TABLE,
            Item=dynamodb.to_wire(_item(leap) | {"mark": mark, "expires_at": items.end(leap.until, _KEPT)}),
            ConditionExpression=("attribute_not_exists(entity) OR (is_told = :no AND claimed_until <= :now)"),
            ExpressionAttributeValues=dynamodb.to_wire({":no": False, ":now": keys.time(now)}),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except table.exceptions.ConditionalCheckFailedException as refused:
        stored: Any = refused.response.get("Item", {})
        return mark if stored.get("mark") == {"S": mark} else None
    return mark


def note_told(leap: Open, mark: str) -> None:
    """Note that it was told. 1 write unit."""
    table = dynamodb.client()
    with suppress(table.exceptions.ConditionalCheckFailedException):  # another tells of it by now
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_place(leap)),
            UpdateExpression="SET is_told = :yes",
            ConditionExpression="mark = :mark",
            ExpressionAttributeValues=dynamodb.to_wire({":yes": True, ":mark": mark}),
        )


def _half(cell: int) -> str:
    return f"{cell % _AN_HOUR // 2:02}{'ab'[cell % 2]}"


def _cells(item: Item, hour: int) -> Iterable[tuple[int, Tally]]:
    for name, number in item.items():
        if name not in _NAMES:
            cell = hour * _AN_HOUR + int(name[1:3]) * 2 + "ab".index(name[3])
            yield cell, Tally(number, 0) if name[0] == "s" else Tally(0, number)


def _counted(place: Place, shard: int, hour: int) -> dict[str, str]:
    at = begins(hour * _AN_HOUR).astimezone(UTC)
    return {"entity": f"guard#{dynamodb.bounded(str(place))}#{shard}", "item": f"{at:%Y-%m-%dT%H}"}


def _place(leap: Open) -> dict[str, str]:
    return {"entity": _OPEN, "item": f"{dynamodb.bounded(str(leap.quiets))}#{leap.number}"}


def _item(leap: Open) -> Item:
    return _place(leap) | {
        "domain": leap.quiets.domain,
        "by_account": leap.account,
        "since_at": keys.time(leap.since),
        "incident_id": leap.incident_id,
        "open_until": keys.time(leap.until),
        "claimed_until": keys.time(leap.claimed_until),
        "is_told": leap.is_told,
        "number": leap.number,
    }


def _open(item: Item) -> Open:
    account = item["by_account"]
    return Open(
        quiets=Place(domain=item["domain"]) if "domain" in item else Place(account=account),
        account=account,
        since=datetime.fromisoformat(item["since_at"]),
        incident_id=item["incident_id"],
        until=datetime.fromisoformat(item["open_until"]),
        claimed_until=datetime.fromisoformat(item["claimed_until"]),
        is_told=item["is_told"],
        number=item["number"],
    )
