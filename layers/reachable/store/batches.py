"""Batches in the table ``messages``, and with them senders and receiving domains: counts, and what is held.

    batch#<group> / counts#<window>   messages by what became of them; those that bounced for good, as a set
    batch#<group> / hold              held, resumed or dropped; since when, why, by whom

Bounces are a set of messages, since an event may come twice; the other counts are for people to read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from reachable.rules.hold import HoldState, Tally
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import TABLE

_KEPT: Final = timedelta(days=90)
_HOLD: Final = "hold"
_COUNTS: Final = "counts#"
_BOUNCED: Final = "bounced_for_good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What was said of a group. ``figures`` is why it was held."""

    state: HoldState
    at: datetime
    figures: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a group: counts by window, and what was said of it."""

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    hold: Hold | None = None


def known(windows: Mapping[str, Iterable[str]]) -> dict[str, Known]:
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


def whole(group: str) -> Known | None:
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
    _add(group, window, ", ".join(f"#{i} :{i}" for i in range(len(numbers))), names, values, now)


def count_bounce(group: str, window: str, message_id: str, now: datetime) -> None:
    """Count a message that bounced for good; the same one again counts once. 1 write unit."""
    hash_ = message_id.rpartition("_")[2]
    _add(group, window, "#b :b", {"#b": _BOUNCED}, {":b": {hash_}}, now)


def _add(
    group: str,
    window: str,
    what: str,
    names: Mapping[str, str],
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    dynamodb.client().update_item(
        TableName=TABLE,
        Key=dynamodb.key(**_place(group, f"{_COUNTS}{window}")),
        UpdateExpression=f"ADD {what} SET #end = if_not_exists(#end, :end)",
        ExpressionAttributeNames={**names, "#end": "expires_at"},
        ExpressionAttributeValues=dynamodb.to_wire({**values, ":end": _end(now)}),
    )


def hold(group: str, figures: str, before: Hold | None, now: datetime) -> bool:
    """Hold a group back; False where meanwhile something else than ``before`` was said. 1 write unit."""
    table = dynamodb.client()
    try:
        table.put_item(
            TableName=TABLE,
            Item=dynamodb.to_wire(_hold_item(group, Hold(state=HoldState.HELD, at=now, figures=figures))),
            ConditionExpression="attribute_not_exists(entity) OR #at = :before",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues={":before": {"S": _time(before.at) if before else "never"}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return False
    return True


def decide(group: str, state: HoldState, before: Hold, by: str, now: datetime) -> None:
    """Write down what a person decided about a group that is held. 1 write unit."""
    decided = Hold(state=state, at=now, figures=before.figures, by=by)
    dynamodb.batch_put(TABLE, [_hold_item(group, decided)])


def _hold_item(group: str, said: Hold) -> Item:
    return _place(group, _HOLD) | {
        "state": said.state.value,
        "at": _time(said.at),
        "figures": said.figures,
        "by": said.by,
        "expires_at": _end(said.at),
    }


def _known(items: Iterable[Item]) -> Known:
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
        bounced = len(item.get(_BOUNCED, ()))
        numbers = {k: v for k, v in item.items() if isinstance(v, int) and k != "expires_at"}
        counts[window] = numbers | ({_BOUNCED: bounced} if bounced else {})
        tallies[window] = Tally(numbers.get("sent", 0), bounced)
    return Known(counts, tallies, said)


def _place(group: str, item: str) -> dict[str, str]:
    return {"entity": f"batch#{group}", "item": item}


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _end(now: datetime) -> int:
    return int((now + _KEPT).timestamp())
