"""Imports in the table ``roster``: what became of each, and whose turn it is.

    imports / <import id>                          what is known of it (ImportRecord)
    import  / waiting#<uploaded at>#<execution>     who waits, the earliest upload first
    import  / lock                                 whose turn it is, and until when without a sign

A run that died gives its turn away when its lease ends: a run that was only slow notices at its next step
and stops, so that no two imports ever write at once.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from reachable.model.errors import Changed
from reachable.model.roster_import import ImportRecord, ImportState
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.roster.items import TABLE, place

LEASE: Final = timedelta(minutes=20)
"""Longer than any step may run (15 minutes); each step renews it."""
_SILENT: Final = timedelta(minutes=2)
"""Who waits asks every 10 seconds; who has not asked for so long has died."""
_LOCK: Final = "lock"
_WAITING: Final = "waiting#"


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
    """Write down how far an import is and what is known of it by now; the rest stays. 1 write unit.

    What is None is known no longer.
    """
    values = {"state": state.value, f"{state}_at": _time(now), **known}
    told = [name for name, value in values.items() if value is not None]
    gone = [name for name, value in values.items() if value is None]
    remove = " REMOVE " + ", ".join(f"#{name}" for name in gone) if gone else ""
    dynamodb.client().update_item(
        TableName=TABLE,
        Key=dynamodb.key(**place("imports", import_id)),
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in told) + remove,
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues=dynamodb.to_wire({f":{name}": values[name] for name in told}),
    )


def fail(record: ImportRecord, now: datetime, error: str) -> None:
    """Note that the run of an import is over; harmless where it stands otherwise by now. 1 write unit."""
    table = dynamodb.client()
    values = {":failed": ImportState.FAILED.value, ":at": _time(now), ":error": error}
    seen = {":state": record.state.value, ":then": _time(record.times[record.state])}
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**place("imports", record.id)),
            UpdateExpression="SET #state = :failed, failed_at = :at, #error = :error",
            ConditionExpression="#state = :state AND #then = :then",
            ExpressionAttributeNames={
                "#state": "state",
                "#error": "error",
                "#then": f"{record.state}_at",
            },
            ExpressionAttributeValues=dynamodb.to_wire(values | seen),
        )
    except table.exceptions.ConditionalCheckFailedException:
        return


def has_ended(import_id: str, execution: str) -> bool:
    """Whether this very run has brought an import to its end. 1 read unit."""
    found = dynamodb.get(TABLE, place("imports", import_id))
    return found is not None and found.get("execution") == execution and _record(found).state.has_ended


def known(import_id: str) -> ImportRecord | None:
    """What is known of an import. 1 read unit."""
    found = dynamodb.get(TABLE, place("imports", import_id))
    return _record(found) if found is not None else None


def latest(limit: int, before: str | None = None) -> list[ImportRecord]:
    """The newest imports, newest first; from the one ``before`` on. One Query."""
    return list(map(_record, dynamodb.last(TABLE, "imports", limit, before)))


def _record(item: Item) -> ImportRecord:
    return ImportRecord(
        id=item["item"],
        state=ImportState(item["state"]),
        key=item["key"],
        by=item["by"],
        execution=item.get("execution"),
        forced=item.get("force", False),
        dry_run=item.get("dry_run", False),
        refused=item.get("refused", False),
        version=item.get("version"),
        uploaded_at=datetime.fromisoformat(item["uploaded_at"]) if "uploaded_at" in item else None,
        times={
            state: datetime.fromisoformat(item[f"{state}_at"])
            for state in ImportState
            if f"{state}_at" in item
        },
        files=item.get("files", {}),
        counts=item.get("counts", {}),
        problems=item.get("problems", {}),
        report=item.get("report"),
        error=item.get("error"),
    )


def _time(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
