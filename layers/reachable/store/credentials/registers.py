"""The registers of a credential: what is blocked, what is lifted, and since which mark. They are its status.

A register only ever moves to a greater mark, so that changes may come in any order, and twice.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Permanence
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
from reachable.store.credentials import keys
from reachable.store.credentials.keys import TABLE
from reachable.store.dynamodb import Item, WireItem


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
    """Move the one register of this change, if its mark is greater; whether it was. 1 write unit."""
    table = dynamodb.client()
    update = {"TableName": TABLE, **update_of(credential, change)}
    try:
        dynamodb.beside_transactions(lambda: table.update_item(**update))
    except table.exceptions.ConditionalCheckFailedException:
        return False
    return True


def update_of(credential: Credential, change: Change) -> dict[str, Any]:
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


def status(item: WireItem) -> Status:
    """The status of the registers' item, read straight from the wire: the gate does this for all blocked."""
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
