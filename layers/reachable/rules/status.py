"""What an event does to a credential, and what is closed after all of them (design section 5).

Each register keeps its greatest mark and each event moves one register, so the status is a join: the same
events and resets in any order, any number of times, give the same status.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from reachable.model.credential import CHANNELS_OF_KIND, CredentialKind
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.history import Standing
from reachable.model.status import (
    NEVER,
    Block,
    BlockRegister,
    Change,
    Ground,
    Lift,
    Lifting,
    Mark,
    Reach,
    Status,
    mark,
)

LIFTED_BY: Final[Mapping[Ground, frozenset[Lift]]] = {
    Ground.BOUNCE: frozenset({Lift.STAFF, Lift.CONSENT}),
    Ground.MANUAL: frozenset({Lift.STAFF, Lift.CONSENT}),
    Ground.SUPPRESSED: frozenset({Lift.STAFF, Lift.CONSENT, Lift.RELEASE}),
    Ground.COMPLAINT: frozenset({Lift.CONSENT}),
    Ground.UNSUBSCRIBED: frozenset({Lift.CONSENT}),
    Ground.OPT_OUT: frozenset({Lift.START}),  # the person's own START alone
}
_LIFTED_AFTER_COMPLAINT: Final = frozenset({Lift.CONSENT, Lift.RELEASE})

MESSAGE_ONLY: Final = frozenset({Kind.SENT, Kind.DELIVERED, Kind.DELAYED, Kind.REJECTED})
"""Kinds that say something of the message and nothing of the address; they stand in no history."""

_OF_THE_SENDER: Final = frozenset({Cause.CONTENT_OR_SIZE, Cause.ACCOUNT_OR_QUOTA})
_FROM_THE_ACT: Final = frozenset({Kind.COMPLAINED, Kind.OPTED_OUT, Kind.OPTED_IN})


def change(event: DeliveryEvent, received_at: datetime) -> Change | None:
    """What this event does to its credential; None where it is for the message or the history only."""
    at = event_mark(event, received_at)
    if event.kind is Kind.OPTED_IN:
        return Lifting(Lift.START, at) if event.channel is Channel.SMS else None
    ground = _ground(event)
    if ground is None:
        return None
    register = BlockRegister(
        ground,
        _reach(event),
        after_complaint=ground is Ground.SUPPRESSED and event.kind is Kind.COMPLAINED,
    )
    return Block(register, at, event.cause or Cause.UNKNOWN, event.permanence, event.provider)


def _ground(event: DeliveryEvent) -> Ground | None:
    """The design's table "What blocks": the first line that fits."""
    if event.kind in MESSAGE_ONLY or _blames_several(event):
        return None
    if event.cause is Cause.PROVIDER_SUPPRESSED and event.kind is not Kind.OPTED_OUT:
        return Ground.SUPPRESSED
    match event.kind:
        case Kind.COMPLAINED:
            return Ground.COMPLAINT
        case Kind.OPTED_OUT:
            return Ground.UNSUBSCRIBED if event.channel is Channel.EMAIL else Ground.OPT_OUT
        case _:
            return None if _says_nothing_of_the_address(event) else Ground.BOUNCE


def _blames_several(event: DeliveryEvent) -> bool:
    """A complaint that may be any of several people's is recorded on all and blocks none."""
    return event.kind is Kind.COMPLAINED and event.possible_recipients > 1


def _says_nothing_of_the_address(event: DeliveryEvent) -> bool:
    if event.cause in _OF_THE_SENDER:
        return True
    if event.cause is Cause.CARRIER_BLOCKED_OR_SPAM:
        return event.permanence is not Permanence.PERMANENT
    if event.permanence is not Permanence.TRANSIENT:
        return False
    out_of_office = (
        event.channel is Channel.EMAIL
        and event.kind is Kind.BOUNCED
        and event.cause is Cause.UNKNOWN
        and event.smtp_status is None
    )
    busy = (
        event.channel is Channel.VOICE
        and event.kind is Kind.FAILED
        and event.cause is Cause.INACTIVE_OR_UNREACHABLE
    )
    return out_of_office or busy


def _reach(event: DeliveryEvent) -> Reach:
    """What it closes: a number that does not exist is closed whole, anything else by its own channel."""
    if event.channel is not Channel.EMAIL and event.cause is Cause.INVALID_ADDRESS:
        return Reach.PHONE
    return Reach(event.channel)


def event_mark(event: DeliveryEvent, received_at: datetime) -> Mark:
    """From when an event counts.

    A bounce or suppression counts from when its message was sent, so that a late one about a message from
    before a reset does not block again; a person's own act from the act. Never later than ``received_at``:
    a provider's wrong clock must not block for ever.
    """
    told = (
        event.occurred_at
        if event.kind in _FROM_THE_ACT and event.cause is not Cause.PROVIDER_SUPPRESSED
        else event.sent_at or event.occurred_at
    )
    return mark(min(told or received_at, received_at), event.hex)


def join(status: Status, changes: Iterable[Change]) -> Status:
    """The status after these changes: each register keeps its greatest mark."""
    blocked = {block.register: block for block in status.blocked}
    lifted = dict(status.lifted)
    for one in changes:
        match one:
            case Block():
                known = blocked.get(one.register)
                if known is None or known.at < one.at:
                    blocked[one.register] = one
            case Lifting():
                lifted[one.by] = max(lifted.get(one.by, NEVER), one.at)
    return Status(tuple(sorted(blocked.values(), key=lambda block: str(block.register))), lifted)


def lifted_by(register: BlockRegister) -> frozenset[Lift]:
    """Which lifts end a block of this register."""
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


def at(one: Change, decided: Mark) -> Change:
    """The same change with the mark that its history item holds: a mark is decided once."""
    return replace(one, at=decided)


def etag(standings: Iterable[Standing]) -> str:
    """What a profile's status is now, in one short word: it changes when a register moves."""
    told = "\n".join(f"{standing.credential} {_registers(standing.status)}" for standing in standings)
    return f'"{sha256(told.encode()).hexdigest()[:16]}"'


def _registers(status: Status) -> str:
    blocked = (f"{block.register}={block.at}" for block in status.blocked)
    lifted = (f"{by}={at}" for by, at in sorted(status.lifted.items()))
    return " ".join([*blocked, *lifted])
