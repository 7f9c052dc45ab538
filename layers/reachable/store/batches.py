"""Batches in the table ``messages``, and with them senders and receiving domains: counts, and what is held.

    batch#<group> / counts#<window>   how many messages came to what, and how many bounced for good
    batch#<group> / hold              held, resumed or dropped; since when, why, by whom

Counts are numbers alone, so that an item does not grow with what it counts. They are approximate: who adds
makes sure that nothing is added twice, and what a crash loses is lost.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from reachable.model.group import Group, Hold, HoldState, Tally
from reachable.rules.hold import BOUNCED
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages.keys import TABLE

_KEPT: Final = timedelta(days=90)
_HOLD: Final = "hold"
_COUNTS: Final = "counts#"
_MARK: Final = "mark"


def known(windows: Mapping[str, Iterable[str]]) -> dict[str, Group]:
    """What is known of these groups, in these windows. A BatchGetItem for each 100."""
    keys = [
        _place(group, item)
        for group, wanted in windows.items()
        for item in (_HOLD, *(f"{_COUNTS}{window}" for window in wanted))
    ]
    found: dict[str, list[Item]] = {group: [] for group in windows}
    for wire in dynamodb.batch_get(TABLE, keys):
        item = dynamodb.of_wire(wire)
        found[item["entity"].partition("#")[2]].append(item)
    return {group: _known(items) for group, items in found.items()}


def whole(group: str) -> Group | None:
    """All that is known of a group; None where nothing is. 1 Query."""
    items = dynamodb.query(
        TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": f"batch#{group}"}},
    )
    listed = [dynamodb.of_wire(item) for item in items]
    return _known(listed) if listed else None


def count(group: str, window: str, numbers: Mapping[str, int], now: datetime) -> None:
    """Count messages by what became of them. 1 write unit."""
    names = {f"#{i}": name for i, name in enumerate(numbers)}
    values = {f":{i}": number for i, number in enumerate(numbers.values())}
    added = ", ".join(f"#{i} :{i}" for i in range(len(numbers)))
    dynamodb.client_of_one_attempt().update_item(
        TableName=TABLE,
        Key=dynamodb.key(**_place(group, f"{_COUNTS}{window}")),
        UpdateExpression=f"ADD {added} SET #end = if_not_exists(#end, :end)",
        ExpressionAttributeNames={**names, "#end": "expires_at"},
        ExpressionAttributeValues=dynamodb.to_wire({**values, ":end": _end(now)}),
    )


def hold(group: str, figures: str, before: Hold | None, now: datetime) -> bool:
    """Hold a group back; False where meanwhile something else than ``before`` was said. 1 write unit.

    It bears a mark of its own: where the answer is lost and botocore writes it again, it finds itself.
    """
    mark = uuid4().hex
    said = Hold(state=HoldState.HELD, at=now, figures=figures)
    table = dynamodb.client()
    try:
        table.put_item(
            TableName=TABLE,
            Item=dynamodb.to_wire(_hold_item(group, said) | {_MARK: mark}),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **_still(before),
        )
    except table.exceptions.ConditionalCheckFailedException as refused:
        stored: Any = refused.response.get("Item", {})
        return bool(stored.get(_MARK) == {"S": mark})
    return True


def decide(
    group: str, state: HoldState, before: Hold, by: str, now: datetime, audit: Iterable[Mapping[str, Any]]
) -> bool:
    """Write down what a person decided about a group that is held; False where that is ``before`` no more.

    With the record of who did it (ready Puts), or not at all. 4 write units.
    """
    said = Hold(state=state, at=now, figures=before.figures, by=by)
    put = {"TableName": TABLE, "Item": dynamodb.to_wire(_hold_item(group, said))} | _still(before)
    items: list[Any] = [{"Put": put}, *({"Put": line} for line in audit)]
    table = dynamodb.client()
    try:
        table.transact_write_items(TransactItems=items)
    except table.exceptions.TransactionCanceledException as cancelled:
        if not dynamodb.met_another(cancelled.response):
            raise
        return False
    return True


def _still(before: Hold | None) -> dict[str, Any]:
    """The condition that nothing else has been said since."""
    if before is None:
        return {"ConditionExpression": "attribute_not_exists(entity)"}
    return {
        "ConditionExpression": "#at = :before",
        "ExpressionAttributeNames": {"#at": "at"},
        "ExpressionAttributeValues": {":before": {"S": _time(before.at)}},
    }


def _hold_item(group: str, said: Hold) -> Item:
    return _place(group, _HOLD) | {
        "state": said.state.value,
        "at": _time(said.at),
        "figures": said.figures,
        "by": said.by,
        "expires_at": _end(said.at),
    }


def _known(items: Iterable[Item]) -> Group:
    counts: dict[str, Mapping[str, int]] = {}
    tallies: dict[str, Tally] = {}
    said = None
    for item in items:
        if item["item"] == _HOLD:
            said = Hold(
                state=HoldState(item["state"]),
                at=datetime.fromisoformat(item["at"]),
                figures=item.get("figures"),
                by=item.get("by"),
            )
            continue
        window = item["item"].removeprefix(_COUNTS)
        counts[window] = {k: v for k, v in item.items() if isinstance(v, int) and k != "expires_at"}
        tallies[window] = _tally(counts[window])
    return Group(counts, tallies, said)


def _tally(counts: Mapping[str, int]) -> Tally:
    """What may have gone out above the line and below: of an uncertain message an event may tell, too."""
    return Tally(counts.get("sent", 0) + counts.get("uncertain", 0), counts.get(BOUNCED, 0))


def _place(group: str, item: str) -> dict[str, str]:
    return {"entity": f"batch#{group}", "item": item}


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _end(now: datetime) -> int:
    return int((now + _KEPT).timestamp())
