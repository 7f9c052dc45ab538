"""Imports in the table ``roster``: what became of each, and whose turn it is.

    imports / <import id>                          state, counts, problems
    import  / waiting#<uploaded at>#<execution>     who waits, the earliest upload first
    import  / lock                                 whose turn it is, and until when without a sign

A run that died gives its turn away when its lease ends: a run that was only slow notices at its next step
and stops, so that no two imports ever write at once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from reachable.model.errors import Changed
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.roster_items import TABLE, place

LEASE: Final = timedelta(minutes=20)
"""Longer than any step may run (15 minutes); each step renews it."""
_SILENT: Final = timedelta(minutes=2)
"""Who waits asks every 10 seconds; who has not asked for so long has died."""
_LOCK: Final = "lock"
_WAITING: Final = "waiting#"


class ImportState(StrEnum):
    """How far an import is."""

    WAITING = "waiting"
    VALIDATING = "validating"
    REFUSED = "refused"
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"


def take_turn(execution: str, uploaded_at: datetime, now: datetime) -> bool:
    """Whether it is this run's turn, in the order of the uploads. Asking again is harmless. 4 units."""
    ticket = f"{_WAITING}{_time(uploaded_at)}#{execution}"
    table = dynamodb.client()
    table.put_item(TableName=TABLE, Item=dynamodb.to_wire(place("import", ticket) | {"seen_at": _time(now)}))
    waiting = dict(_waiting())
    alive = [item for item, seen_at in waiting.items() if now - seen_at < _SILENT]
    if alive[0] != ticket:
        return False
    try:
        table.put_item(
            TableName=TABLE,
            Item=dynamodb.to_wire(
                place("import", _LOCK) | {"execution": execution, "until": _time(now + LEASE)}
            ),
            ConditionExpression="attribute_not_exists(entity) OR #x = :me OR #u < :now",
            ExpressionAttributeNames={"#x": "execution", "#u": "until"},
            ExpressionAttributeValues={":me": {"S": execution}, ":now": {"S": _time(now)}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return False
    dynamodb.batch_delete(TABLE, (place("import", item) for item in waiting if item not in alive[1:]))
    return True


def _waiting() -> list[tuple[str, datetime]]:
    items = dynamodb.query(
        TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e AND begins_with(#i, :w)",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":e": {"S": "import"}, ":w": {"S": _WAITING}},
    )
    return [(item["item"]["S"], datetime.fromisoformat(item["seen_at"]["S"])) for item in items]


def keep_turn(execution: str, now: datetime) -> None:
    """Give a sign of life; before anything is written. 1 write unit.

    Raises:
        Changed: another run has the turn: this one must write nothing more.
    """
    table = dynamodb.client()
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**place("import", _LOCK)),
            UpdateExpression="SET #u = :until",
            ConditionExpression="#x = :me",
            ExpressionAttributeNames={"#x": "execution", "#u": "until"},
            ExpressionAttributeValues={":me": {"S": execution}, ":until": {"S": _time(now + LEASE)}},
        )
    except table.exceptions.ConditionalCheckFailedException as lost:
        raise Changed("Another import has taken over.") from lost


def give_turn(execution: str) -> None:
    """Let the next one begin; harmless where the turn is another's."""
    table = dynamodb.client()
    try:
        table.delete_item(
            TableName=TABLE,
            Key=dynamodb.key(**place("import", _LOCK)),
            ConditionExpression="attribute_not_exists(entity) OR #x = :me",
            ExpressionAttributeNames={"#x": "execution"},
            ExpressionAttributeValues={":me": {"S": execution}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return


def note(import_id: str, state: ImportState, now: datetime, **known: Any) -> None:
    """Write down how far an import is and what is known of it by now; the rest stays. 1 write unit."""
    values = {"state": state.value, f"{state}_at": _time(now), **known}
    names = {f"#{i}": name for i, name in enumerate(values)}
    dynamodb.client().update_item(
        TableName=TABLE,
        Key=dynamodb.key(**place("imports", import_id)),
        UpdateExpression="SET " + ", ".join(f"#{i} = :{i}" for i in range(len(values))),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues=dynamodb.to_wire({f":{i}": v for i, v in enumerate(values.values())}),
    )


def known(import_id: str) -> Mapping[str, Any] | None:
    """What is known of an import."""
    found = dynamodb.batch_get(TABLE, [place("imports", import_id)])
    return _of_item(dynamodb.of_wire(found[0])) if found else None


def latest(limit: int) -> list[Mapping[str, Any]]:
    """The newest imports, newest first. One Query."""
    answer = dynamodb.client().query(
        TableName=TABLE,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": "imports"}},
        ScanIndexForward=False,
        Limit=limit,
    )
    return [_of_item(dynamodb.of_wire(item)) for item in answer["Items"]]


def _of_item(item: Item) -> Item:
    return {"id": item["item"]} | {name: v for name, v in item.items() if name not in ("entity", "item")}


def _time(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
