"""What is closed after all that happened to a credential (design section 5).

Each register keeps its greatest mark and each event moves one register, so the status is a join: the same
events and resets in any order, any number of times, give the same status.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final, assert_never

from reachable.model.credential import CHANNELS_OF_KIND, CredentialKind
from reachable.model.delivery_event import Cause, Channel
from reachable.model.history import HistoryItem, Standing
from reachable.model.status import (
    LIFT_PREFIX,
    NEVER,
    Block,
    BlockRegister,
    Change,
    Ground,
    Lift,
    Lifting,
    Reach,
    Status,
)

LIFTED_BY: Final[Mapping[Ground, frozenset[Lift]]] = {
    Ground.BOUNCE: frozenset({Lift.STAFF, Lift.CONSENT}),
    Ground.MANUAL: frozenset({Lift.STAFF, Lift.CONSENT}),
    Ground.SUPPRESSED: frozenset({Lift.STAFF, Lift.CONSENT, Lift.RELEASE}),
    Ground.COMPLAINT: frozenset({Lift.CONSENT}),
    Ground.UNSUBSCRIBED: frozenset({Lift.CONSENT}),  # and of texts START
    Ground.OPT_OUT: frozenset({Lift.START}),  # the person's own START alone
}
_LIFTED_AFTER_COMPLAINT: Final = frozenset({Lift.CONSENT, Lift.RELEASE})
_UNSUBSCRIBED_BY_TEXT: Final = BlockRegister(Ground.UNSUBSCRIBED, Reach.SMS)


def change_of(item: HistoryItem) -> Change | None:
    """What a history item does to the status: it alone says so, so that the history gives the status."""
    if item.moves is None:
        return None
    if item.moves.startswith(LIFT_PREFIX):
        return Lifting(Lift(item.moves.removeprefix(LIFT_PREFIX)), item.mark)
    register = BlockRegister.of_name(item.moves)
    return Block(register, item.mark, item.cause or Cause.UNKNOWN, item.permanence, item.provider)


def join(status: Status, changes: Iterable[Change]) -> Status:
    """The status after these changes: each register keeps its greatest mark."""
    blocked = {block.register: block for block in status.blocked}
    lifted = dict(status.lifted)
    for change in changes:
        match change:
            case Block():
                known = blocked.get(change.register)
                if known is None or known.at < change.at:
                    blocked[change.register] = change
            case Lifting():
                lifted[change.by] = max(lifted.get(change.by, NEVER), change.at)
            case _:
                assert_never(change)
    return Status(tuple(sorted(blocked.values(), key=lambda block: str(block.register))), lifted)


def lifted_by(register: BlockRegister) -> frozenset[Lift]:
    """Which lifts end a block of this register."""
    if register == _UNSUBSCRIBED_BY_TEXT:
        return LIFTED_BY[Ground.UNSUBSCRIBED] | {Lift.START}
    return _LIFTED_AFTER_COMPLAINT if register.after_complaint else LIFTED_BY[register.ground]


def blocks(status: Status) -> list[Block]:
    """The blocks in force, newest first: those newer than every lift of their ground."""
    in_force = [
        block
        for block in status.blocked
        if all(block.at > status.lifted.get(by, NEVER) for by in lifted_by(block.register))
    ]
    return sorted(in_force, key=lambda block: block.at, reverse=True)


def lift_of(block: Block, status: Status) -> Lifting | None:
    """What ended a block: the oldest lift that covers it; None while it is in force."""
    covering = [
        Lifting(by, at)
        for by, at in status.lifted.items()
        if by in lifted_by(block.register) and at >= block.at
    ]
    return min(covering, key=lambda lifting: lifting.at, default=None)


def blocks_on(status: Status, channel: Channel) -> list[Block]:
    """The blocks in force that close this channel, newest first."""
    return [block for block in blocks(status) if channel in block.channels]


def open_channels(kind: CredentialKind, status: Status) -> tuple[Channel, ...]:
    """By what a credential of this kind can be reached now."""
    if not status.blocked:  # almost everybody
        return CHANNELS_OF_KIND[kind]
    closed = {channel for block in blocks(status) for channel in block.channels}
    return tuple(channel for channel in CHANNELS_OF_KIND[kind] if channel not in closed)


def etag(standings: Iterable[Standing]) -> str:
    """What a profile's status is now, in one short word: it changes when a register moves."""
    return etag_of(f"{standing.credential} {_registers(standing.status)}" for standing in standings)


def etag_of(lines: Iterable[str]) -> str:
    """An ETag (RFC 9110, 8.8.3) of what these lines tell."""
    return f'"{sha256("\n".join(lines).encode()).hexdigest()[:16]}"'


def _registers(status: Status) -> str:
    blocked = (f"{block.register}={block.at}" for block in status.blocked)
    lifted = (f"{by}={at}" for by, at in sorted(status.lifted.items()))
    return " ".join([*blocked, *lifted])
