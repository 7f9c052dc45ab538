"""Groups in the table ``messages``: batches, senders, receiving domains, ``all``. Counts, and what is held.

    batch#<group> / hold                     held, resumed, dropped or cancelled; since when, why, by whom
    batch#<group> / urgent#<channel>         when a sender last took no urgent message
    counts#<group>#<shard> / <window>        how many messages came to what, and how many bounced for good
    holds / <group>#<id of the hold>         each hold under which something may be parked

Counts are numbers alone, so that an item does not grow with what it counts, and lie in several partitions:
one takes 1,000 writes a second. They are approximate: who adds makes sure that nothing is added twice, and
what a crash loses is lost. A hold has no end of its own; what was decided ends with the messages that it was
about.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from reachable.model.delivery_event import Channel
from reachable.model.details import Detail
from reachable.model.errors import NotFound, Unavailable
from reachable.model.group import ALL, Drop, Group, Hold, HoldState, Sweep, Tally
from reachable.rules.hold import BOUNCED, SENDER
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import items, keys
from reachable.store.messages.keys import TABLE

SHARDS: Final = 4
OF_BEFORE: Final = "before"
"""The id of a hold from when they had none: nothing can be parked under it."""
_TRIES: Final = 3
_COUNTS_KEPT: Final = timedelta(days=90)
_HOLD: Final = "hold"
_URGENT: Final = "urgent#"
_HOLDS: Final = "holds"


def known(windows: Mapping[str, Iterable[str]]) -> dict[str, Group]:
    """What is known of these groups, in these windows. A BatchGetItem for each 100 items."""
    wanted = [_place(group, _HOLD) for group in windows]
    wanted += [
        _place(group, f"{_URGENT}{channel}")
        for group in windows
        if group.startswith(SENDER)
        for channel in Channel
    ]
    wanted += [
        _counted(group, shard, window)
        for group, named in windows.items()
        for window in named
        for shard in range(SHARDS)
    ]
    found: dict[str, list[Item]] = {group: [] for group in windows}
    for wire in dynamodb.batch_get(TABLE, wanted):
        item = dynamodb.of_wire(wire)
        found[_group_of(item["entity"])].append(item)
    return {group: _known(listed) for group, listed in found.items()}


def said(group: str) -> Hold | None:
    """What was said of a group, as it stands just now. 1 read unit."""
    item = dynamodb.get(TABLE, _place(group, _HOLD))
    return _hold(item) if item else None


def shown(group: str) -> Group:
    """All that is known of a group, in all windows. 1 read unit, and a Query a shard.

    Raises:
        NotFound: nothing is known of such a one; of ``all`` something always is.
    """
    hold = dynamodb.get(TABLE, _place(group, _HOLD))
    listed = [hold] if hold else []
    for shard in range(SHARDS):
        listed += map(dynamodb.of_wire, _query(_counted(group, shard, "")["entity"]))
    if not listed and group != ALL:
        raise NotFound(Detail.NO_SUCH_BATCH)
    return _known(listed)


def _query(entity: str) -> Iterable[Item]:
    return dynamodb.query(
        TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": entity}},
    )


def count(group: str, window: str, numbers: Mapping[str, int], now: datetime) -> None:
    """Count messages by what became of them. 1 write unit."""
    shard = random.randrange(SHARDS)  # noqa: S311 - spreads load, guards nothing
    place = _counted(group, shard, window)
    dynamodb.add(TABLE, place, numbers, items.end(now, _COUNTS_KEPT))


def note_urgent_put_off(group: str, channel: Channel, now: datetime) -> None:
    """Write down when a sender last took no urgent message of a channel. 1 write unit."""
    dynamodb.client_of_one_attempt().put_item(
        TableName=TABLE,
        Item=dynamodb.to_wire(
            _place(group, f"{_URGENT}{channel}")
            | {"at": keys.time(now), "expires_at": items.end(now, timedelta(days=1))}
        ),
    )


def say(group: str, hold: Hold, before: Hold | None, audit: Iterable[Mapping[str, Any]]) -> bool:
    """Write down what is said of a group; False where it is not as ``before`` any more.

    With its entry among the holds, and the record of who said it (ready Puts), or not at all. 4 write units,
    and 2 for the record. Where the answer is lost and botocore writes it again, it finds itself; where it met
    another's transaction that came to nothing, it tries again.

    Raises:
        Unavailable: it met others each time.
    """
    end = {} if hold.state is HoldState.HELD else {"expires_at": items.end(hold.at, items.RETENTION)}
    item = _item_of(hold) | end
    entry = _entry(group, hold) | _item_of(hold)
    puts: list[Any] = [
        {"Put": {"TableName": TABLE, "Item": dynamodb.to_wire(_place(group, _HOLD) | item)} | _still(before)},
        {"Put": {"TableName": TABLE, "Item": dynamodb.to_wire(entry)}},
        *({"Put": line} for line in audit),
    ]
    table = dynamodb.client()
    for _ in range(_TRIES):
        try:
            table.transact_write_items(TransactItems=puts)
        except table.exceptions.TransactionCanceledException as cancelled:
            if not dynamodb.met_another(cancelled.response):
                raise
            found = said(group)
            if found is not None and _item_of(found) == _item_of(hold):
                return True
            if not (before.is_still(found) if before is not None else found is None):
                return False
        else:
            return True
    raise Unavailable("Others write of this group all the time.")


def _still(before: Hold | None) -> dict[str, Any]:
    """The condition that nothing else has been said since."""
    if before is None:
        return {"ConditionExpression": "attribute_not_exists(entity)"}
    return {
        "ConditionExpression": "(hold_id = :id OR attribute_not_exists(hold_id)) AND #state = :state",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": dynamodb.to_wire({":id": before.id, ":state": before.state.value}),
    }


def holds() -> list[tuple[str, Hold]]:
    """Each hold under which something may be parked, with its group. 1 Query."""
    listed = map(dynamodb.of_wire, _query(_HOLDS))
    return [(item["item"].rpartition("#")[0], _hold(item)) for item in listed]


def begin_sweep(group: str, hold: Hold, now: datetime, until: datetime) -> bool:
    """Take a hold to sweep it, until then; False where somebody else does so now. 1 write unit.

    It bears a mark of its own: where the answer is lost and botocore writes it again, it finds itself.
    """
    mark = uuid4().hex
    table = dynamodb.client()
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_entry(group, hold)),
            UpdateExpression="SET swept_until = :until, swept_by = :mark",
            ConditionExpression=(
                "attribute_exists(entity) AND (attribute_not_exists(swept_until) OR swept_until < :now)"
            ),
            ExpressionAttributeValues=dynamodb.to_wire(
                {":until": keys.time(until), ":now": keys.time(now), ":mark": mark}
            ),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except table.exceptions.ConditionalCheckFailedException as refused:
        stored: Any = refused.response.get("Item", {})
        return bool(stored.get("swept_by") == {"S": mark})
    return True


def end_sweep(group: str, hold: Hold) -> None:
    """Give it back. 1 write unit."""
    table = dynamodb.client()
    with suppress(table.exceptions.ConditionalCheckFailedException):  # it is off the list
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_entry(group, hold)),
            UpdateExpression="REMOVE swept_until",
            ConditionExpression="attribute_exists(entity)",
        )


def forget(group: str, hold: Hold) -> None:
    """Take a hold off the list: it was decided, and nothing is parked under it. 1 write unit."""
    dynamodb.client().delete_item(TableName=TABLE, Key=dynamodb.key(**_entry(group, hold)))


def add_swept(group: str, hold: Hold, swept: Sweep) -> None:
    """Count what a sweep let go and dropped, where it is still the group's hold. 1 write unit."""
    table = dynamodb.client_of_one_attempt()
    finished = " SET sweep_finished = :yes" if swept.finished else ""
    values = {":r": swept.resumed, ":d": swept.dropped, ":id": hold.id}
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_place(group, _HOLD)),
            UpdateExpression=f"ADD sweep_resumed :r, sweep_dropped :d{finished}",
            ConditionExpression="hold_id = :id",
            ExpressionAttributeValues=dynamodb.to_wire(values | ({":yes": True} if swept.finished else {})),
        )
    except table.exceptions.ConditionalCheckFailedException:
        return  # it was held anew meanwhile


def _item_of(hold: Hold) -> Item:
    return {
        "hold_id": hold.id,
        "state": hold.state.value,
        "at": keys.time(hold.at),
        "sent": hold.tally and hold.tally.sent,
        "bounced": hold.tally and hold.tally.bounced,
        "note": hold.note,
        "by": hold.by,
        "urgent_too": hold.urgent_too or None,
        "dropped_before": hold.dropped and keys.time(hold.dropped.before),
        "dropped_urgent_too": (hold.dropped and hold.dropped.urgent_too) or None,
    }


def _hold(item: Item) -> Hold:
    return Hold(
        id=item.get("hold_id", OF_BEFORE),
        state=HoldState(item["state"]),
        at=datetime.fromisoformat(item["at"]),
        tally=Tally(item["sent"], item["bounced"]) if "sent" in item else None,
        note=item.get("note"),
        by=item.get("by"),
        urgent_too=item.get("urgent_too", False),
        dropped=_dropped(item),
        sweep=Sweep(
            item.get("sweep_resumed", 0), item.get("sweep_dropped", 0), item.get("sweep_finished", False)
        ),
    )


def _dropped(item: Item) -> Drop | None:
    if "dropped_before" not in item:
        return None
    return Drop(datetime.fromisoformat(item["dropped_before"]), item.get("dropped_urgent_too", False))


def _known(listed: Iterable[Item]) -> Group:
    group = Group()
    counts: dict[str, Counter[str]] = {}
    put_off: dict[Channel, datetime] = {}
    for item in listed:
        match item["item"]:
            case "hold":
                group = replace(group, hold=_hold(item))
            case str() as urgent if urgent.startswith(_URGENT):
                put_off[Channel(urgent.removeprefix(_URGENT))] = datetime.fromisoformat(item["at"])
            case window:
                numbers = {k: v for k, v in item.items() if isinstance(v, int) and k != "expires_at"}
                counts.setdefault(window, Counter()).update(numbers)
    tallies = {window: _tally(told) for window, told in counts.items()}
    return replace(group, counts=counts, tallies=tallies, urgent_put_off_at=put_off)


def _tally(counts: Mapping[str, int]) -> Tally:
    """What may have gone out above the line and below: of an uncertain message an event may tell, too."""
    return Tally(counts.get("sent", 0) + counts.get("uncertain", 0), counts.get(BOUNCED, 0))


def _entry(group: str, hold: Hold) -> dict[str, str]:
    return {"entity": _HOLDS, "item": f"{group}#{hold.id}"}


def _place(group: str, item: str) -> dict[str, str]:
    return {"entity": f"batch#{group}", "item": item}


def _counted(group: str, shard: int, window: str) -> dict[str, str]:
    return {"entity": f"counts#{group}#{shard}", "item": window}


def _group_of(entity: str) -> str:
    kind, _, rest = entity.partition("#")
    return rest.rpartition("#")[0] if kind == "counts" else rest
