"""What is told on the event bus, from what was written: the two images of a record (design 3.4).

A detail names no address unless that is asked for, nor anything from which one could be worked out.
docs/events has the schemas.
"""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from reachable.model.bus_event import (
    VERSION,
    Announcement,
    BusEvent,
    DetailType,
    MessageMoved,
    StatusMoved,
)
from reachable.model.people import Holder
from reachable.model.status import NEVER, Block, CredentialStatus, time_of
from reachable.model.times import rfc3339
from reachable.rules import status as status_rules

_ID: Final = 32
"""Hex digits."""
HOLDERS_TOLD: Final = 25
DELIVERY: Final = "delivery"
COUNT: Final = "count"
"""What else than a lift opens something: a delivery clears the count of transient bounces; and of those that
are kept, too few may lie within the window since another came."""
SCHOOLS_TOLD: Final = 10
"""Of each holder. EventBridge takes 256 KB, and ten events at once."""


def of_status(moved: StatusMoved) -> Announcement | None:
    """What there is to tell, if anything: a register's newer mark alone changes nothing for anybody.

    One write moves one register, so it either closes or opens.
    """
    before = {block.register: block for block in status_rules.blocks(moved.before)}
    after = {block.register: block for block in status_rules.blocks(moved.after)}
    closed = tuple(block for register, block in after.items() if register not in before)
    if closed:
        return _announcement(DetailType.MARKED_BAD, moved, closed)
    opened = tuple(block for register, block in before.items() if register not in after)
    by = _opened_by(moved)
    if not opened or by is None:
        return None
    return _announcement(DetailType.RESET, moved, opened, by)


def _opened_by(moved: StatusMoved) -> str | None:
    """The lift that moved, a delivery, or a count that came to less; else the status was erased."""
    before, after = moved.before, moved.after
    lift = next((by for by, at in after.lifted.items() if at > before.lifted.get(by, NEVER)), None)
    if lift is not None:
        return lift.value
    if any(at > before.delivered.get(reach, NEVER) for reach, at in after.delivered.items()):
        return DELIVERY
    return COUNT if any(after.transient.values()) else None


def _announcement(
    type_: DetailType, moved: StatusMoved, blocks: tuple[Block, ...], by: str | None = None
) -> Announcement:
    """What opens goes into the id, too: the same block may come into force and be opened once more."""
    marks = [f"{block.register}={block.at}" for block in blocks]
    opening = moved.after.lifted.items() | moved.after.delivered.items()
    opened = sorted(f"{by}={at}" for by, at in opening)
    identity = "\n".join([type_, str(moved.credential), *sorted(marks), *opened])
    return Announcement(type_, identity, moved, blocks, by)


def of_credential(
    told: Announcement, holders: Sequence[Holder], *, key: bytes, with_address: bool
) -> BusEvent:
    """The event, with who holds the credential now: of so many that it stays small.

    Its id is signed by ``key``: all else that it is made of may be known, so that a number could be guessed.
    """
    id_ = hmac.digest(key, told.identity.encode(), "sha256").hex()[:_ID]
    credential, after = told.moved.credential, told.moved.after
    blocks = status_rules.blocks(after)
    detail: dict[str, Any] = {
        "version": VERSION,
        "id": id_,
        "at": rfc3339(told.moved.at),
        "credential": {"kind": credential.kind.value}
        | ({"address": credential.address} if with_address else {}),
        "status": (CredentialStatus.BAD if blocks else CredentialStatus.GOOD).value,
        "open": [channel.value for channel in status_rules.open_channels(credential.kind, after)],
        "holders": [
            {
                "user_id": holder.user_id,
                "sourced_id": holder.sourced_id,
                "schools": list(holder.schools[:SCHOOLS_TOLD]),
            }
            for holder in holders[:HOLDERS_TOLD]
        ],
        "other_holders": max(len(holders) - HOLDERS_TOLD, 0),
    }
    if told.by is None:
        detail |= {"blocks": [_block(block) for block in told.blocks]}
    else:
        detail |= {
            "lifted_by": told.by,
            "lifted": [_block(block) for block in told.blocks],
            "still_blocked": [_block(block) for block in blocks],
        }
    return BusEvent(told.type, id_, told.moved.at, detail)


def _block(block: Block) -> Mapping[str, Any]:
    return {
        "ground": block.register.ground.value,
        "channels": [channel.value for channel in block.channels],
        "cause": block.cause.value,
        "permanence": block.permanence and block.permanence.value,
        "provider": block.provider,
        "since": rfc3339(time_of(block.at)),
    }


def of_message(moved: MessageMoved) -> BusEvent | None:
    """The event of a message that came to another status.

    None where its status is as it was, or where it is nobody's: another system sent it to an address that
    several share, and its id tells which.
    """
    before, after = moved.before, moved.after
    if after.user_id is None or (before is not None and before.status is after.status):
        return None
    id_ = sha256(f"{DetailType.MESSAGE}\n{after.id}\n{after.status}".encode()).hexdigest()[:_ID]
    detail = {
        "version": VERSION,
        "id": id_,
        "at": rfc3339(moved.at),
        "message_id": after.id,
        "user_id": after.user_id,
        "channel": after.channel.value,
        "purpose": after.purpose.value,
        "batch_id": after.batch_id,
        "dedup_id": after.dedup_id,
        "provider": after.provider,
        "status": after.status.value,
        "previous_status": before and before.status.value,
        "reason": after.reason,
        "status_at": rfc3339(after.at[after.status]) if after.status in after.at else None,
    }
    return BusEvent(DetailType.MESSAGE, id_, moved.at, detail)
