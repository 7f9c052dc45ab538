"""Counts in the table ``messages``: how many messages came to what, by anything that has names, in windows.

    stats#<by>#<window>#<shard> / name#<name>   numbers by word
    stats#<by>#<window>#<shard> / names         how many names there are
    stats#<by>#<window>#<shard> / other         what came under more names than a partition takes

Numbers alone, over several partitions: one takes 1,000 writes a second. They are approximate, as those of
``groups``: who adds makes sure that nothing is added twice. Others choose names (whoever sends mail chooses
domains), so a partition takes so many; a window is a week, or whatever whoever counts makes of it.
"""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from reachable import aws
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import items
from reachable.store.messages.keys import TABLE

SHARDS: Final = 4
NAMES: Final = 2_000
"""Names that a partition takes, and one a process and thread more: some 300 KB to read."""
KEPT: Final = timedelta(days=731)
_NAME: Final = "name#"
_NAMES: Final = "names"
_OTHER: Final = "other"

type Windows = Mapping[str, Mapping[str, int]]
"""Numbers by window."""

_full: Final[set[str]] = set()
"""Partitions of which this process knows that they take no more names."""


def count(by: str, window: str, name: str, numbers: Mapping[str, int], now: datetime) -> None:
    """Add numbers to a name's. 1 write unit; 2 where the name is new, or its partition takes no more.

    An empty name is what came under too many.
    """
    shard = random.randrange(SHARDS)  # noqa: S311 - spreads load, guards nothing
    entity = _entity(by, window, shard)
    place = {"entity": entity, "item": f"{_NAME}{dynamodb.bounded(name)}"}
    if not name:
        _add({"entity": entity, "item": _OTHER}, numbers, now)
    elif entity in _full:
        _add_if_there(place, numbers, now)
    elif not _add(place, numbers, now):
        before = _add({"entity": entity, "item": _NAMES}, {_NAMES: 1}, now)
        if before.get(_NAMES, 0) + 1 >= NAMES:
            _full.add(entity)


def read(by: str, windows: Iterable[str]) -> list[tuple[str, str | None, dict[str, int]]]:
    """Numbers by window and name, in parts to be summed; None is what came under too many names.

    4 Queries a window, side by side.
    """

    def of(partition: tuple[str, int]) -> list[tuple[str, str | None, dict[str, int]]]:
        window, shard = partition
        found = dynamodb.query(
            TABLE,
            KeyConditionExpression="entity = :e",
            ExpressionAttributeValues={":e": {"S": _entity(by, window, shard)}},
        )
        listed = map(dynamodb.of_wire, found)
        return [(window, _name(item), _numbers(item)) for item in listed if item["item"] != _NAMES]

    parts = aws.side_by_side(of, product(windows, range(SHARDS)))
    return [counted for part in parts for counted in part]


def of_names(named: Iterable[tuple[str, str]], windows: Collection[str]) -> dict[tuple[str, str], Windows]:
    """The numbers of some names alone, each with by what it is counted, by window.

    Half a read unit a name, window and shard, a BatchGetItem for each 100.
    """
    found: dict[tuple[str, str], dict[str, Counter[str]]] = {pair: {} for pair in named}
    at = {
        (_entity(by, window, shard), f"{_NAME}{dynamodb.bounded(name)}"): (by, name, window)
        for by, name in found
        for window in windows
        for shard in range(SHARDS)
    }
    wanted = ({"entity": entity, "item": item} for entity, item in at)
    for wire in dynamodb.batch_get(TABLE, wanted, consistent=False):
        item = dynamodb.of_wire(wire)
        by, name, window = at[item["entity"], item["item"]]
        found[by, name].setdefault(window, Counter()).update(_numbers(item))
    return dict(found)


def _add_if_there(place: Mapping[str, str], numbers: Mapping[str, int], now: datetime) -> None:
    try:
        _add(place, numbers, now, ConditionExpression="attribute_exists(entity)")
    except dynamodb.client_of_one_attempt().exceptions.ConditionalCheckFailedException:
        _add({**place, "item": _OTHER}, numbers, now)


def _add(place: Mapping[str, str], numbers: Mapping[str, int], now: datetime, **only: str) -> Item:
    return dynamodb.add(TABLE, place, numbers, items.end(now, KEPT), **only)


def _entity(by: str, window: str, shard: int) -> str:
    return f"stats#{by}#{window}#{shard}"


def _name(item: Item) -> str | None:
    return item["item"].removeprefix(_NAME) if item["item"] != _OTHER else None


def _numbers(item: Item) -> dict[str, int]:
    return {name: value for name, value in item.items() if isinstance(value, int) and name != "expires_at"}
