"""The table ``credentials``: status, history and holders of each credential, one partition each.

Items: ``status`` (the registers; there only once something blocked or a START came), ``event#<hex>`` (the
history, append only), ``holder#<user_id>``. ``holder#`` sorts before ``status``, so one Query gives both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from reachable import settings
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, EventHex, Permanence
from reachable.model.details import Detail
from reachable.model.errors import Changed
from reachable.model.history import Consent, HistoryItem, HistoryKind, Standing
from reachable.model.people import Holder
from reachable.model.status import (
    GOOD,
    LIFT_PREFIX,
    WHOLE,
    Block,
    BlockRegister,
    Change,
    Ground,
    Lift,
    Lifting,
    Mark,
    Reach,
    Status,
    register_name,
)
from reachable.store import dynamodb
from reachable.store.dynamodb import Item, WireItem

TABLE: Final = settings.text("CREDENTIALS_TABLE")

_STATUS: Final = "status"
_HOLDER: Final = "holder#"
_EVENT: Final = "event#"


def _key(credential: Credential, item: str) -> dict[str, str]:
    return {"credential": str(credential), "item": item}


# Status


def statuses(credentials: Iterable[Credential]) -> dict[Credential, Status]:
    """The status of each, strongly consistent. 1 read unit each, 100 a request.

    Raises:
        Unavailable: one of them could not be read.
    """
    wanted = set(credentials)
    found = dict.fromkeys(wanted, GOOD)
    for item in dynamodb.batch_get(TABLE, (_key(credential, _STATUS) for credential in wanted)):
        found[Credential.of_key(item["credential"]["S"])] = _status(item)
    return found


def move(credential: Credential, change: Change) -> bool:
    """Move the one register of this change, if its mark is greater; whether it was. 1 write unit."""
    table = dynamodb.client()
    update = {"TableName": TABLE, **_update(credential, change)}
    try:
        dynamodb.beside_transactions(lambda: table.update_item(**update))
    except table.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _update(credential: Credential, change: Change) -> dict[str, Any]:
    name, value = _register(change)
    return {
        "Key": dynamodb.key(**_key(credential, _STATUS)),
        "UpdateExpression": "SET #r = :new",
        "ConditionExpression": "(attribute_not_exists(#r) OR #r.#at < :at)",
        "ExpressionAttributeNames": {"#r": name, "#at": "at"},
        "ExpressionAttributeValues": {":new": {"M": dynamodb.to_wire(value)}, ":at": {"S": change.at}},
    }


def _unmoved(credential: Credential, seen: Status) -> dict[str, Any]:
    """The condition that no register has moved since it was seen."""
    marks = _marks(seen)
    names, values, conditions = {"#at": "at"}, {}, []
    for i, name in enumerate(_all_registers(credential)):
        names[f"#s{i}"] = name
        if name in marks:
            values[f":s{i}"] = {"S": marks[name]}
            conditions.append(f"#s{i}.#at = :s{i}")
        else:
            conditions.append(f"attribute_not_exists(#s{i})")
    return {
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names if values else {n: v for n, v in names.items() if n != "#at"},
        "ExpressionAttributeValues": values,
    }


def _register(change: Change) -> tuple[str, Item]:
    name = register_name(change)
    match change:
        case Block():
            return name, {
                "at": change.at,
                "cause": change.cause.value,
                "permanence": change.permanence and change.permanence.value,
                "provider": change.provider,
            }
        case Lifting():
            return name, {"at": change.at}


def _all_registers(credential: Credential) -> list[str]:
    """Every register that a credential of this kind can have."""
    reaches = {WHOLE[credential.kind], *(Reach(channel) for channel in credential.channels)}
    blocks = (
        str(BlockRegister(ground, reach, after_complaint=after))
        for ground in Ground
        for reach in sorted(reaches)
        for after in ((False, True) if ground is Ground.SUPPRESSED else (False,))
    )
    return [*blocks, *(f"{LIFT_PREFIX}{by}" for by in Lift)]


def _marks(status: Status) -> dict[str, Mark]:
    return {str(block.register): block.at for block in status.blocked} | {
        f"{LIFT_PREFIX}{by}": at for by, at in status.lifted.items()
    }


def _status(item: WireItem) -> Status:
    """Read straight from the wire: the gate does this for every blocked recipient."""
    blocked: list[Block] = []
    lifted: dict[Lift, Mark] = {}
    for name, value in item.items():
        register = value.get("M")
        if register is None:
            continue
        at = Mark(register["at"]["S"])
        if name.startswith(LIFT_PREFIX):
            lifted[Lift(name.removeprefix(LIFT_PREFIX))] = at
        else:
            permanence = register.get("permanence")
            blocked.append(
                Block(
                    BlockRegister.of_name(name),
                    at,
                    Cause(register["cause"]["S"]),
                    permanence and Permanence(permanence["S"]),
                    register["provider"]["S"],
                )
            )
    blocked.sort(key=lambda block: str(block.register))
    return Status(tuple(blocked), lifted)


# History


def record(credential: Credential, item: HistoryItem) -> HistoryItem:
    """Append to the history; the item that stands there. Writing it twice is writing it once. 1 write unit.

    What an event does is decided once: where its item is there already, that counts and not this call's.
    """
    table = dynamodb.client()
    put: dict[str, Any] = {"TableName": TABLE, **_put_history(credential, item)}
    try:
        dynamodb.beside_transactions(
            lambda: table.put_item(**put, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        )
    except table.exceptions.ConditionalCheckFailedException as known:
        stored: Any = known.response.get("Item", {})
        return _history_item(dynamodb.of_wire(stored))
    return item


def history(credential: Credential) -> list[HistoryItem]:
    """All that ever happened to a credential, newest first by the time at which it occurred."""
    items = dynamodb.query(
        TABLE,
        KeyConditionExpression="credential = :c AND begins_with(#i, :e)",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":c": {"S": str(credential)}, ":e": {"S": _EVENT}},
    )
    found = [_history_item(dynamodb.of_wire(item)) for item in items]
    return sorted(found, key=lambda item: (item.occurred_at, item.hex), reverse=True)


def history_items(credential: Credential, hexes: Iterable[EventHex]) -> dict[EventHex, HistoryItem]:
    """The named history items: those that a status's marks lead to. Half a read unit each."""
    keys = [_key(credential, f"{_EVENT}{hex_}") for hex_ in hexes]
    items = dynamodb.batch_get(TABLE, keys, consistent=False)
    found = (_history_item(dynamodb.of_wire(item)) for item in items)
    return {item.hex: item for item in found}


def _put_history(credential: Credential, item: HistoryItem) -> dict[str, Any]:
    return {
        "Item": dynamodb.to_wire(
            _key(credential, f"{_EVENT}{item.hex}")
            | {
                "kind": item.kind.value,
                "provider": item.provider,
                "account": item.account,
                "occurred_at": _time(item.occurred_at),
                "received_at": _time(item.received_at),
                "channel": item.channel and item.channel.value,
                "permanence": item.permanence and item.permanence.value,
                "cause": item.cause and item.cause.value,
                "sent_at": item.sent_at and _time(item.sent_at),
                "event_id": item.event_id,
                "provider_message_id": item.provider_message_id,
                "provider_code": item.provider_code,
                "smtp_status": item.smtp_status,
                "diagnostic": item.diagnostic,
                "metadata": dict(item.metadata) or None,
                "moves": item.moves,
                "raw": item.raw,
                "mark": item.mark,
                "lift": item.lift and item.lift.value,
                "by": item.by,
                "note": item.note,
                "consent": item.consent and {"from": item.consent.from_whom, "how": item.consent.how},
            }
        ),
        "ConditionExpression": "attribute_not_exists(credential)",
    }


def _history_item(item: Item) -> HistoryItem:
    consent = item.get("consent")
    return HistoryItem(
        hex=EventHex(item["item"].removeprefix(_EVENT)),
        kind=HistoryKind(item["kind"]),
        provider=item["provider"],
        account=item.get("account"),
        occurred_at=datetime.fromisoformat(item["occurred_at"]),
        received_at=datetime.fromisoformat(item["received_at"]),
        channel=_word(Channel, item.get("channel")),
        permanence=_word(Permanence, item.get("permanence")),
        cause=_word(Cause, item.get("cause")),
        sent_at=datetime.fromisoformat(item["sent_at"]) if "sent_at" in item else None,
        event_id=item.get("event_id"),
        provider_message_id=item.get("provider_message_id"),
        provider_code=item.get("provider_code"),
        smtp_status=item.get("smtp_status"),
        diagnostic=item.get("diagnostic"),
        metadata=item.get("metadata", {}),
        moves=item.get("moves"),
        raw=item.get("raw"),
        mark=item["mark"],
        lift=_word(Lift, item.get("lift")),
        by=item.get("by"),
        note=item.get("note"),
        consent=Consent(consent["from"], consent["how"]) if consent else None,
    )


def _word[W: StrEnum](word: type[W], value: str | None) -> W | None:
    return None if value is None else word(value)


def _time(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


# What staff do: history, status and audit in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAct:
    """What staff do to one credential: ``item`` is its line, ``change`` what moves, if anything does.

    ``seen`` is the status that they decided by.
    """

    credential: Credential
    seen: Status
    item: HistoryItem | None = None
    change: Change | None = None


def write_by_staff(acts: Iterable[StaffAct], audit: Iterable[Mapping[str, Any]]) -> None:
    """Write what staff did to several credentials whole, or not at all; ``audit`` are ready Puts.

    An act without item and change only makes sure that its credential is as it was seen. 2 write units an
    item.

    Raises:
        Changed: a status is no longer what it was when they looked. Nothing is written.
    """
    items: list[Any] = [item for act in acts for item in _items_of(act)]
    items += [{"Put": put} for put in audit]
    table = dynamodb.client()
    try:
        table.transact_write_items(TransactItems=items)
    except table.exceptions.TransactionCanceledException as cancelled:
        if not dynamodb.met_another(cancelled.response):
            raise
        raise Changed(Detail.STATUS_CHANGED) from cancelled


def _items_of(act: StaffAct) -> list[Any]:
    unmoved = _unmoved(act.credential, act.seen)
    if act.change is None:
        check = {"Key": dynamodb.key(**_key(act.credential, _STATUS))} | unmoved
        if not check["ExpressionAttributeValues"]:
            del check["ExpressionAttributeValues"]
        status: dict[str, Any] = {"ConditionCheck": {"TableName": TABLE} | check}
    else:
        update = _update(act.credential, act.change)
        both = f"{update['ConditionExpression']} AND {unmoved['ConditionExpression']}"
        merged = {
            part: update[part] | unmoved[part]
            for part in ("ExpressionAttributeNames", "ExpressionAttributeValues")
        }
        status = {"Update": {"TableName": TABLE, **update, **merged, "ConditionExpression": both}}
    put = (
        [] if act.item is None else [{"Put": {"TableName": TABLE, **_put_history(act.credential, act.item)}}]
    )
    return [status, *put]


# Holders


def standing(credential: Credential) -> Standing:
    """Status and holders of a credential in one strongly consistent Query."""
    status, holders = GOOD, []
    for item in dynamodb.query(
        TABLE,
        ConsistentRead=True,
        KeyConditionExpression="credential = :c AND #i BETWEEN :h AND :s",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={
            ":c": {"S": str(credential)},
            ":h": {"S": _HOLDER},
            ":s": {"S": _STATUS},
        },
    ):
        if item["item"]["S"] == _STATUS:
            status = _status(item)
        else:
            holders.append(_holder(dynamodb.of_wire(item)))
    return Standing(credential, status, tuple(holders))


def holders(credential: Credential) -> list[Holder]:
    """All who hold or held a credential."""
    return list(standing(credential).holders)


def holders_at(credential: Credential, at: datetime, limit: int, named: str | None) -> list[Holder]:
    """Some of those who held a credential at a time; ``named``, if it is one of them, alone.

    The roster tells since when we know of a holding: before the first that we know it was theirs, too. Read
    page by page until there are so many, so that of one that thousands share not all are read. 1 Query.
    """
    if named is not None:
        known = dynamodb.batch_get(TABLE, [_key(credential, f"{_HOLDER}{named}")])
        held = [holder for item in known if (holder := _holder(dynamodb.of_wire(item))).held(at)]
        if held:
            return held
    items = dynamodb.query(
        TABLE,
        KeyConditionExpression="credential = :c AND begins_with(#i, :h)",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":c": {"S": str(credential)}, ":h": {"S": _HOLDER}},
        Limit=_HOLDERS_A_PAGE,
    )
    found: list[Holder] = []
    later: list[Holder] = []
    for item in items:
        holder = _holder(dynamodb.of_wire(item))
        if holder.held(at):
            found.append(holder)
        elif holder.since > at:
            later.append(holder)
        if len(found) >= limit:
            return found
    first = min((holder.since for holder in later), default=None)
    return found or [holder for holder in later if holder.since == first][:limit]


_HOLDERS_A_PAGE: Final = 25


def put_holders(held: Iterable[tuple[Credential, Holder]]) -> int:
    """Write holders, 25 a request, over what was known of them; how many. Used by roster imports alone."""
    return dynamodb.batch_put(TABLE, (_holder_item(credential, holder) for credential, holder in held))


def _holder_item(credential: Credential, holder: Holder) -> Item:
    return _key(credential, f"{_HOLDER}{holder.user_id}") | {
        "sourced_id": holder.sourced_id,
        "name": holder.name,
        "language": holder.language,
        "schools": list(holder.schools),
        "since": _time(holder.since),
        "until": holder.until and _time(holder.until),
    }


def _holder(item: Item) -> Holder:
    return Holder(
        user_id=item["item"].removeprefix(_HOLDER),
        sourced_id=item["sourced_id"],
        name=item["name"],
        language=item["language"],
        schools=tuple(item["schools"]),
        since=datetime.fromisoformat(item["since"]),
        until=datetime.fromisoformat(item["until"]) if "until" in item else None,
    )
