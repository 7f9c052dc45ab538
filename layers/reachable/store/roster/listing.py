"""The listing of the table ``roster``: what is stored, record by record, for the next import to compare.

A line has the digest of the record, and a mark where its user is still to be invited.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.roster.items import TABLE, EntityId, listed_entity, listing_place, place

BUCKETS: Final = 4096
"""Records are divided by the first three hex digits of their ids."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of all records: those whose id begins with a number from ``first`` up to before ``end``."""

    first: int
    end: int


def part_of(entity: EntityId) -> int:
    """In which of the ``BUCKETS`` a record falls."""
    return int(entity.id[:3], 16)


@dataclass(frozen=True, slots=True)
class Line:
    """What the listing says of a record."""

    digest: str | None
    uninvited: bool = False


UNLISTED: Final = Line(None)


def lines(part: Part) -> Iterator[tuple[EntityId, Line]]:
    """All of a part, strongly consistent: a Query for each 1 MB, about 6,000 lines."""
    width = BUCKETS // 16
    for digit in range(part.first // width, (part.end - 1) // width + 1):
        first, last = max(part.first, digit * width), min(part.end, (digit + 1) * width) - 1
        for item in dynamodb.query(
            TABLE,
            ConsistentRead=True,
            KeyConditionExpression="entity = :e AND #i BETWEEN :first AND :last",
            ExpressionAttributeNames={"#i": "item"},
            ExpressionAttributeValues={
                ":e": {"S": f"listing#{digit:x}"},
                ":first": {"S": f"{first:03x}"},
                ":last": {"S": f"{last:03x}~"},
            },
        ):
            yield listed_entity(item["item"]["S"]), Line(item["digest"]["S"], "uninvited" in item)


def item_of(entity: EntityId, line: Line) -> Item:
    """A line as it is stored."""
    return place(*listing_place(entity)) | {"digest": line.digest, "uninvited": line.uninvited or None}
