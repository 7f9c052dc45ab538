"""The registers of a credential: what is blocked, what is lifted, and since which mark. They are its status.

A register only ever moves to a greater mark, so that changes may come in any order, and twice. A set of
transient bounces is one text, so that it is written on condition that it is as it was read.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

from reachable import settings
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.errors import Unavailable
from reachable.model.status import (
    DELIVERED_PREFIX,
    GOOD,
    LIFT_PREFIX,
    TRANSIENT_PREFIX,
    WHOLE,
    Block,
    BlockRegister,
    Change,
    Delivery,
    Ground,
    Lift,
    Lifting,
    Mark,
    Reach,
    Status,
    Terms,
    TransientBounce,
    register_name,
)
from reachable.rules import status as status_rules
from reachable.store import dynamodb
from reachable.store.credentials import keys
from reachable.store.credentials.keys import TABLE
from reachable.store.dynamodb import Item, WireItem

TERMS: Final = Terms(
    settings.typed("TRANSIENT_BOUNCE_LIMIT", int),
    timedelta(days=settings.typed("TRANSIENT_BOUNCE_WINDOW_DAYS", int)),
)
"""When transient bounces block: what every status is read by."""
_ATTEMPTS: Final = 6
"""How often a set is read anew where others grow it, too: a reach has few bounces at a time."""
_BETWEEN: Final = " "
"""What stands between the bounces of a set, and between the parts of one `_PART`."""
_PART: Final = "|"


def statuses(credentials: Iterable[Credential]) -> dict[Credential, Status]:
    """The status of each, strongly consistent. 1 read unit each, 100 a request.

    Raises:
        Unavailable: one of them could not be read.
    """
    wanted = set(credentials)
    found = dict.fromkeys(wanted, GOOD)
    for item in dynamodb.batch_get(TABLE, (keys.status(credential) for credential in wanted)):
        found[Credential.of_key(item["credential"]["S"])] = status(item)
    return found


def move(credential: Credential, change: Change) -> bool:
    """Move the one register of this change, if its mark is greater; whether it was. 1 write unit.

    Of a transient bounce: take it into the set of its reach; whether they came to a block by it.
    """
    if isinstance(change, TransientBounce):
        return _grow(credential, change)
    return _update(update_of(credential, change))


def _grow(credential: Credential, bounce: TransientBounce) -> bool:
    """Take a bounce into the set of its reach. 1 read unit, and 1 write unit if that changes it.

    Raises:
        Unavailable: others grew the same set each time; to be repeated.
    """
    for attempt in range(_ATTEMPTS):
        before = status(dynamodb.get_wire(TABLE, keys.status(credential)) or {})
        after = status_rules.join(before, [bounce])
        if after == before:
            return False
        if _update(_growth(credential, bounce, before, after)):
            closed = {block.register for block in status_rules.blocks(after)}
            return not closed <= {block.register for block in status_rules.blocks(before)}
        dynamodb.pause(attempt)
    raise Unavailable("Others grew the same set of bounces each time.")


def _growth(credential: Credential, bounce: TransientBounce, before: Status, after: Status) -> dict[str, Any]:
    """The Update of a set, on condition that it is as it was read."""
    was = before.transient.get(bounce.reach)
    update: dict[str, Any] = {
        "Key": dynamodb.key(**keys.status(credential)),
        "UpdateExpression": "SET #t = :new",
        "ConditionExpression": "attribute_not_exists(#t)" if was is None else "#t = :was",
        "ExpressionAttributeNames": {"#t": register_name(bounce)},
        "ExpressionAttributeValues": {":new": {"S": _set_text(after.transient[bounce.reach])}},
    }
    if was is not None:
        update["ExpressionAttributeValues"][":was"] = {"S": _set_text(was)}
    return update


def _update(update: dict[str, Any]) -> bool:
    """Whether the item was as the update wants it."""
    table = dynamodb.client()
    try:
        dynamodb.beside_transactions(lambda: table.update_item(TableName=TABLE, **update))
    except table.exceptions.ConditionalCheckFailedException:
        return False
    return True


def update_of(credential: Credential, change: Block | Lifting | Delivery) -> dict[str, Any]:
    """The Update of the one register of a change, on condition that its mark is greater.

    The table is still to be named.
    """
    name, value = _register(change)
    return {
        "Key": dynamodb.key(**keys.status(credential)),
        "UpdateExpression": "SET #r = :new",
        "ConditionExpression": "(attribute_not_exists(#r) OR #r.#at < :at)",
        "ExpressionAttributeNames": {"#r": name, "#at": "at"},
        "ExpressionAttributeValues": {":new": {"M": dynamodb.to_wire(value)}, ":at": {"S": change.at}},
    }


def unmoved(credential: Credential, seen: Status) -> dict[str, Any]:
    """The condition that no register has moved since it was seen, with its names and values."""
    marks = _marks(seen)
    sets = {f"{TRANSIENT_PREFIX}{reach}": _set_text(bounces) for reach, bounces in seen.transient.items()}
    names, conditions = {"#at": "at"}, []
    values: dict[str, Any] = {}
    for i, name in enumerate(_all_registers(credential)):
        names[f"#s{i}"] = name
        if name in marks:
            values[f":s{i}"] = {"S": marks[name]}
            conditions.append(f"#s{i}.#at = :s{i}")
        elif name in sets:
            values[f":s{i}"] = {"S": sets[name]}
            conditions.append(f"#s{i} = :s{i}")
        else:
            conditions.append(f"attribute_not_exists(#s{i})")
    return {
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names if marks else {n: v for n, v in names.items() if n != "#at"},
        "ExpressionAttributeValues": values,
    }


def _register(change: Block | Lifting | Delivery) -> tuple[str, Item]:
    name = register_name(change)
    match change:
        case Block():
            return name, {
                "at": change.at,
                "cause": change.cause.value,
                "permanence": change.permanence and change.permanence.value,
                "provider": change.provider,
            }
        case Lifting() | Delivery():
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
    counted = (f"{prefix}{reach}" for prefix in (TRANSIENT_PREFIX, DELIVERED_PREFIX) for reach in reaches)
    return [*blocks, *(f"{LIFT_PREFIX}{by}" for by in Lift), *sorted(counted)]


def _marks(status: Status) -> dict[str, Mark]:
    return (
        {str(block.register): block.at for block in status.blocked}
        | {f"{LIFT_PREFIX}{by}": at for by, at in status.lifted.items()}
        | {f"{DELIVERED_PREFIX}{reach}": at for reach, at in status.delivered.items()}
    )


def _set_text(bounces: Iterable[TransientBounce]) -> str:
    return _BETWEEN.join(
        _PART.join((bounce.at, bounce.message, bounce.cause, bounce.provider)) for bounce in bounces
    )


def _set(reach: Reach, text: str) -> tuple[TransientBounce, ...]:
    told = (part.split(_PART) for part in text.split(_BETWEEN))
    return tuple(
        TransientBounce(reach, Mark(at), message, Cause(cause), provider)
        for at, message, cause, provider in told
    )


def status(item: WireItem) -> Status:
    """The status of the registers' item, read straight from the wire: the gate does this for all blocked."""
    blocked: list[Block] = []
    lifted: dict[Lift, Mark] = {}
    transient: dict[Reach, tuple[TransientBounce, ...]] = {}
    delivered: dict[Reach, Mark] = {}
    for name, value in item.items():
        register = value.get("M")
        if register is None:
            if name.startswith(TRANSIENT_PREFIX):
                reach = Reach(name.removeprefix(TRANSIENT_PREFIX))
                transient[reach] = _set(reach, value["S"])
            continue
        at = Mark(register["at"]["S"])
        if name.startswith(LIFT_PREFIX):
            lifted[Lift(name.removeprefix(LIFT_PREFIX))] = at
        elif name.startswith(DELIVERED_PREFIX):
            delivered[Reach(name.removeprefix(DELIVERED_PREFIX))] = at
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
    return Status(tuple(blocked), lifted, transient, delivered, TERMS)


def every() -> Iterator[tuple[Credential, Status]]:
    """Each credential that anything ever closed, with its status. A Scan of the whole table: for ops
    alone."""
    for item in dynamodb.scan(
        TABLE,
        FilterExpression="#i = :status",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":status": {"S": keys.STATUS}},
    ):
        yield Credential.of_key(item["credential"]["S"]), status(item)
