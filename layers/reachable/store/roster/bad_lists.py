"""The lists of bad credentials in the table ``roster``. Written by ``flows.keep_lists`` alone.

    school#<id>           / bad#<user_id>#<kind>#<hex>   whom a school no longer reaches by it; who has no
                                                         school stands under the school ``none``
    bad#<day>#<0-9>       / <credential>                 what closed on that day (UTC), whoever holds it
    bad                   / <day>                        the days of which there is, or was, such a list
    lists#<credential>    / version                      a number for each who works them out anew
    lists#<credential>    / <entity> <item>              where it stands, with a digest of what it says there

A line's hex is that of its credential: who gets another address has a line of each, until the old one goes.

What a list says and where it says so are written in one transaction, on condition that nobody has begun to
work them out anew. Who takes a number reads the tables after that; so whoever read before a change cannot
write over who read after it, however late, and the greatest number makes the lists say what the tables say.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from heapq import merge
from itertools import batched, chain, groupby
from typing import Any, Final

import orjson

from reachable import aws
from reachable.log import Event, logger
from reachable.model.bad_credential import BadCredential
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.details import Detail
from reachable.model.errors import Meaningless, Unavailable
from reachable.model.people import RosterKind
from reachable.model.status import Block, BlockRegister, Mark
from reachable.store import dynamodb
from reachable.store.dynamodb import Item, WireItem
from reachable.store.roster.items import NO_SCHOOL, TABLE, EntityId, Place, place

_BAD: Final = "bad#"
DAYS: Final = "bad"
_LISTS: Final = "lists#"
_VERSION: Final = "version"
_SHARDS: Final = 10
"""Of a day's list: when a receiving domain fails, thousands close on one."""
_AT_ONCE: Final = 49
"""Lines a transaction: two items each and the number, of the 100 items that DynamoDB takes."""
_TRIES: Final = 6
_PAGE: Final = 500
"""Lines a Query, at most."""
_HELD: Final = 20_000
"""Lines that are held at once, of all schools together: some 4 KB each."""
_CURSOR: Final = re.compile(r"[0-9a-f-]{36}\.(email|phone)")
_LEAST: Final = 50
"""Lines of a school that a Query reads: of 300 schools, a page needs few of each."""
_AFTER: Final = "~"
"""Sorts after every character of a line's key."""


# Which lines there are to be, and what stands in each: pure


def wanted(
    lines: Iterable[BadCredential], credential: Credential, days: Mapping[date, Iterable[Block]]
) -> dict[Place, Item]:
    """All lines of a credential, by place."""
    shard = int(credential.digest, 16) % _SHARDS
    of_days = {
        (f"{_BAD}{day}#{shard}", str(credential)): {"registers": sorted(str(b.register) for b in blocks)}
        for day, blocks in days.items()
    }
    of_schools = {
        (_school(school), _line(line)): _item(line)
        for line in lines
        for school in line.schools or (NO_SCHOOL,)
    }
    return of_days | of_schools


def digest(item: Item) -> str:
    """Tells whether a line says the same."""
    return sha256(orjson.dumps(item, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def _school(school_id: str) -> str:
    return str(EntityId(RosterKind.SCHOOL, school_id))


def _line(line: BadCredential) -> str:
    return f"{_BAD}{line.user_id}#{line.credential.kind}#{line.credential.digest}"


def _item(line: BadCredential) -> Item:
    return {
        "sourced_id": line.sourced_id,
        "name": line.name,
        "address": line.credential.address,
        "since": line.held_since.isoformat(),
        "shared": line.shared,
        "blocks": [
            {
                "register": str(block.register),
                "at": block.at,
                "cause": block.cause.value,
                "permanence": block.permanence and block.permanence.value,
                "provider": block.provider,
            }
            for block in line.blocks
        ],
    }


def _of_item(wire: WireItem) -> BadCredential:
    item = dynamodb.of_wire(wire)
    user_id, kind, _ = item["item"].removeprefix(_BAD).split("#")
    school = item["entity"].partition("#")[2]
    return BadCredential(
        user_id=user_id,
        sourced_id=item["sourced_id"],
        name=item["name"],
        credential=Credential.of_key(f"{kind}:{item['address']}"),
        blocks=tuple(
            Block(
                BlockRegister.of_name(block["register"]),
                Mark(block["at"]),
                Cause(block["cause"]),
                Permanence(block["permanence"]) if block["permanence"] else None,
                block["provider"],
            )
            for block in item["blocks"]
        ),
        held_since=datetime.fromisoformat(item["since"]),
        shared=item["shared"],
        schools=() if school == NO_SCHOOL else (school,),
    )


# Written


def take(credential: Credential) -> int:
    """A number greater than all before, to be taken before anything of a credential is read. 1 write unit."""
    table = dynamodb.client()
    answer = dynamodb.beside_transactions(
        lambda: table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**place(_where(credential), _VERSION)),
            UpdateExpression="ADD #v :one",
            ExpressionAttributeNames={"#v": "version"},
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
    )
    return int(answer["Attributes"]["version"]["N"])


def listed(credential: Credential) -> dict[Place, str]:
    """Where a credential stands, with the digest of what stands there. A strongly consistent Query."""
    found: dict[Place, str] = {}
    for item in dynamodb.query(
        TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": _where(credential)}},
    ):
        if "digest" in item:
            entity, _, where = item["item"]["S"].partition(" ")
            found[entity, where] = item["digest"]["S"]
    return found


def write(
    credential: Credential, number: int, puts: Mapping[Place, Item], deletes: AbstractSet[Place], most: int
) -> bool | None:
    """Write these lines and take those away, ``most`` at most; whether that was all.

    None where somebody has taken a greater number since: they will do it all. 4 write units a line.

    Raises:
        Unavailable: others write of the same lines all the time.
    """
    _note_days({entity for entity, _ in puts})
    changes = [*((key, item) for key, item in puts.items()), *((key, None) for key in deletes)]
    for some in batched(changes[:most], _AT_ONCE, strict=False):
        if not _transact(credential, number, some):
            return None
    return len(changes) <= most


def _transact(credential: Credential, number: int, changes: Iterable[tuple[Place, Item | None]]) -> bool:
    items: list[Any] = [
        {
            "ConditionCheck": {
                "TableName": TABLE,
                "Key": dynamodb.key(**place(_where(credential), _VERSION)),
                "ConditionExpression": "#v = :mine",
                "ExpressionAttributeNames": {"#v": "version"},
                "ExpressionAttributeValues": {":mine": {"N": str(number)}},
            }
        }
    ]
    for (entity, item), line in changes:
        key, pointer = place(entity, item), place(_where(credential), f"{entity} {item}")
        if line is None:
            items += [{"Delete": {"TableName": TABLE, "Key": dynamodb.key(**k)}} for k in (key, pointer)]
        else:
            both = (key | line, pointer | {"digest": digest(line)})
            items += [{"Put": {"TableName": TABLE, "Item": dynamodb.to_wire(whole)}} for whole in both]
    table = dynamodb.client()
    for attempt in range(_TRIES):
        try:
            table.transact_write_items(TransactItems=items)
        except table.exceptions.TransactionCanceledException as cancelled:
            reasons = {reason.get("Code") for reason in cancelled.response.get("CancellationReasons", [])}
            if "ConditionalCheckFailed" in reasons:
                return False
            if not dynamodb.met_another(cancelled.response):
                raise
            dynamodb.pause(attempt)
        else:
            return True
    raise Unavailable("Others write of these lines all the time.")


_days_noted: Final[set[str]] = set()
"""What this process has written down already."""


def _note_days(entities: Iterable[str]) -> None:
    """Write down that there are lists of these days, so that they are found. 1 write unit a new one."""
    days = {entity.split("#")[1] for entity in entities if entity.startswith(_BAD)} - _days_noted
    note_days(days)
    _days_noted.update(days)


def _where(credential: Credential) -> str:
    return f"{_LISTS}{credential}"


# Read


def of_schools(
    schools: Iterable[str], after: str | None = None, limit: int = _PAGE
) -> Iterator[BadCredential]:
    """The lines of these schools (``NO_SCHOOL``: who has none) by user, each once, with its schools of these.

    ``after`` is the `cursor_of` the last one before; of a school ``limit`` lines are read at first, then more
    as they are asked for: a Query a school, side by side, and one more for each 500 lines, or fewer where
    there are many schools. A line that can't be read is passed over and logged.

    Raises:
        Meaningless: it is no cursor of ours.
    """
    if after is not None and _CURSOR.fullmatch(after) is None:
        raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor")
    key = f"{_BAD}{after.replace('.', '#')}#{_AFTER}" if after is not None else _BAD
    entities = sorted({_school(school) for school in schools})
    a_page = max(_LEAST, min(_PAGE, _HELD // max(len(entities), 1)))
    first_page = min(a_page, max(_LEAST, limit + 1))
    pages = aws.side_by_side(lambda entity: (entity, _page(entity, key, first_page)), entities)
    found = merge(*(_rest(entity, page, a_page) for entity, page in pages), key=_key)
    for _, same in groupby(found, key=_key):
        lines = [line for line in map(_read, same) if line is not None]
        if lines:
            schools_of = chain.from_iterable(line.schools for line in lines)
            yield replace(lines[0], schools=tuple(schools_of))


def _read(item: WireItem) -> BadCredential | None:
    """A line; None where it can't be read, as after a rollback: `./dev fold-lists` shows it as different."""
    try:
        return _of_item(item)
    except (KeyError, TypeError, ValueError, AttributeError) as unreadable:
        logger.error(Event.LINE_NOT_READ, error=type(unreadable).__name__)
        return None


def cursor_of(line: BadCredential) -> str:
    """After which line to go on, by ids alone: it stands in an address, where no name may."""
    return f"{line.user_id}.{line.credential.kind}"


def _page(entity: str, after: str, limit: int) -> list[WireItem]:
    page = dynamodb.client().query(
        TableName=TABLE,
        KeyConditionExpression="entity = :e AND #i BETWEEN :from AND :to",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={
            ":e": {"S": entity},
            ":from": {"S": f"{after} "},  # the next key there can be
            ":to": {"S": f"{_BAD}{_AFTER}"},
        },
        Limit=limit,
    )
    return page["Items"] + ([{}] if "LastEvaluatedKey" in page else [])


def _rest(entity: str, page: list[WireItem], limit: int) -> Iterator[WireItem]:
    """A page and those after it; an empty item at its end says that there are more."""
    while page:
        last = page[-1]
        yield from page[:-1] if not last else page
        if last:
            return
        page = _page(entity, _key(page[-2]), limit)


def _key(item: WireItem) -> str:
    key: str = item["item"]["S"]
    return key


def days() -> list[date]:
    """The days of which there is, or was, a list, the oldest first. 1 Query."""
    items = dynamodb.query(
        TABLE, KeyConditionExpression="entity = :e", ExpressionAttributeValues={":e": {"S": DAYS}}
    )
    return [date.fromisoformat(item["item"]["S"]) for item in items]


def of_day(day: date) -> Iterator[Credential]:
    """What closed on a day and is closed still. 10 Queries."""
    for shard in range(_SHARDS):
        for item in dynamodb.query(
            TABLE,
            KeyConditionExpression="entity = :e",
            ExpressionAttributeValues={":e": {"S": f"{_BAD}{day}#{shard}"}},
        ):
            yield Credential.of_key(item["item"]["S"])


def since(first: date) -> Iterable[Credential]:
    """What closed on this day or later and is closed still, each once. 1 Query, and 10 a day."""
    listed = (day for day in days() if day >= first)
    return dict.fromkeys(chain.from_iterable(map(of_day, listed)))


@dataclass(frozen=True, slots=True)
class Stored:
    """All lines, by place, and all pointers, as digests of what stands there; and the days noted."""

    lines: Mapping[Place, str]
    pointers: Mapping[tuple[Credential, Place], str]
    days: AbstractSet[str]


def stored() -> Stored:
    """What the lists say, all of it. A Scan of the whole table: for ops and tests alone."""
    lines: dict[Place, str] = {}
    pointers: dict[tuple[Credential, Place], str] = {}
    noted: set[str] = set()
    for wire in dynamodb.scan(
        TABLE,
        ConsistentRead=True,
        FilterExpression=(
            "begins_with(entity, :lists) OR begins_with(entity, :bad) OR entity = :days"
            " OR (begins_with(entity, :school) AND begins_with(#i, :bad))"
        ),
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={
            ":lists": {"S": _LISTS},
            ":bad": {"S": _BAD},
            ":days": {"S": DAYS},
            ":school": {"S": _school("")},
        },
    ):
        item = dynamodb.of_wire(wire)
        entity, where = item.pop("entity"), item.pop("item")
        if entity == DAYS:
            noted.add(where)
        elif not entity.startswith(_LISTS):
            lines[entity, where] = digest(item)
        elif where != _VERSION:
            of, _, there = where.partition(" ")
            pointers[Credential.of_key(entity.removeprefix(_LISTS)), (of, there)] = item["digest"]
    return Stored(lines, pointers, noted)


def day_of(where: Place) -> str | None:
    """On which day's list a line stands; None of a school's."""
    return where[0].split("#")[1] if where[0].startswith(_BAD) else None


def strike(credential: Credential | None, where: Place) -> Credential | None:
    """Take away a line that is not as it should be, and what leads to it; whose lists to keep anew then.

    On the same condition as all who write lines: what somebody else writes meanwhile stays. For ops alone.
    4 write units.
    """
    of = credential or _credential_of(where)
    if of is not None:
        write(of, take(of), {}, {where}, 1)
        return of
    table = dynamodb.client()
    with suppress(table.exceptions.ConditionalCheckFailedException):  # by now it is a line of ours
        table.delete_item(
            TableName=TABLE,
            Key=dynamodb.key(**place(*where)),
            ConditionExpression="attribute_not_exists(address)",
        )
    return None


def _credential_of(where: Place) -> Credential | None:
    """Of whom a line is, as it says now; None of what we did not write."""
    entity, item = where
    line = dynamodb.get(TABLE, place(entity, item)) or {}
    try:
        if entity.startswith(_BAD):
            return Credential.of_key(item)
        return Credential.of_key(f"{item.split('#')[2]}:{line['address']}")
    except (KeyError, IndexError, ValueError):
        return None


def note_days(days: Iterable[str]) -> None:
    """Write down that there are lists of these days. 1 write unit each."""
    dynamodb.batch_put(TABLE, (place(DAYS, day) for day in sorted(days)))
