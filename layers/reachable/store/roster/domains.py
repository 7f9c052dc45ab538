"""Which receiving domains the district's people use: one small item, written by each import.

domains / counts    ``addresses``: how many addresses of the roster each has; the most used, no more than 300
"""

from collections.abc import Mapping
from typing import Final

from reachable.store import dynamodb
from reachable.store.roster.items import TABLE

_KEY: Final = {"entity": "domains", "item": "counts"}


def put(counts: Mapping[str, int]) -> None:
    """Keep them, in the place of those before. Some 6 to 9 write units for 300."""
    dynamodb.client().put_item(TableName=TABLE, Item=dynamodb.to_wire(_KEY | {"addresses": dict(counts)}))


def get() -> dict[str, int] | None:
    """The domains with their numbers of addresses; None before the first import. 1 to 3 read units."""
    item = dynamodb.get(TABLE, _KEY)
    return item["addresses"] if item is not None else None
