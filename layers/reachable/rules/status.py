"""What is closed after all that happened to a credential (design section 5).

Each register keeps its greatest mark and each event moves one register, so the status is a join: the same
events and resets in any order, any number of times, give the same status. The newest few of a union are a
join, too; so are those of transient bounces, of which each message has its greatest mark.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final, assert_never

from reachable.model.credential import CHANNELS_OF_KIND, CredentialKind
from reachable.model.delivery_event import Cause, Channel, event_hex
from reachable.model.history import HistoryItem, Standing
from reachable.model.status import (
    CHANNELS_OF_REACH,
    LIFT_PREFIX,
    NEVER,
    TRANSIENT_KEPT,
    TRANSIENT_PREFIX,
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
    TransientBounce,
    time_of,
)
from reachable.rules import event as event_rules

LIFTED_BY: Final[Mapping[Ground, frozenset[Lift]]] = {
    Ground.BOUNCE: frozenset({Lift.STAFF, Lift.CONSENT, Lift.PROOF}),
    Ground.MANUAL: frozenset({Lift.STAFF, Lift.CONSENT}),
    Ground.SUPPRESSED: frozenset({Lift.STAFF, Lift.CONSENT, Lift.RELEASE}),
    Ground.COMPLAINT: frozenset({Lift.CONSENT}),
    Ground.UNSUBSCRIBED: frozenset({Lift.CONSENT}),  # and of texts START
    Ground.OPT_OUT: frozenset({Lift.START}),  # the person's own START alone
}
_LIFTED_AFTER_COMPLAINT: Final = frozenset({Lift.CONSENT, Lift.RELEASE})
_UNSUBSCRIBED_BY_TEXT: Final = BlockRegister(Ground.UNSUBSCRIBED, Reach.SMS)
_MESSAGE_DIGITS: Final = 8
"""Of the hex that tells messages apart: enough among five of one address, and the status stays small."""


def change_of(item: HistoryItem) -> Change | None:
    """What a history item does to the status: it alone says so, so that the history gives the status."""
    if item.moves is None:
        return None
    if item.moves.startswith(LIFT_PREFIX):
        return Lifting(Lift(item.moves.removeprefix(LIFT_PREFIX)), item.mark)
    if item.moves.startswith(TRANSIENT_PREFIX):
        reach = Reach(item.moves.removeprefix(TRANSIENT_PREFIX))
        return TransientBounce(
            reach, item.mark, _message_of(item), item.cause or Cause.UNKNOWN, item.provider
        )
    register = BlockRegister.of_name(item.moves)
    return Block(register, item.mark, item.cause or Cause.UNKNOWN, item.permanence, item.provider)


def _message_of(item: HistoryItem) -> str:
    """What is the same of all that a provider says of one message; without an id, the event's own."""
    if item.provider_message_id is None:
        return item.hex[:_MESSAGE_DIGITS]
    id_ = event_rules.plain_id(item.provider, item.provider_message_id)
    return event_hex(item.provider, id_, item.account)[:_MESSAGE_DIGITS]


def join(status: Status, changes: Iterable[Change]) -> Status:
    """The status after these changes: each register keeps its greatest mark, a set its newest few."""
    blocked = {block.register: block for block in status.blocked}
    lifted = dict(status.lifted)
    transient = dict(status.transient)
    delivered = dict(status.delivered)
    for change in changes:
        match change:
            case Block():
                known = blocked.get(change.register)
                if known is None or known.at < change.at:
                    blocked[change.register] = change
            case Lifting():
                lifted[change.by] = max(lifted.get(change.by, NEVER), change.at)
            case TransientBounce():
                transient[change.reach] = newest_bounces([*transient.get(change.reach, ()), change])
            case Delivery():
                delivered[change.reach] = max(delivered.get(change.reach, NEVER), change.at)
            case _:
                assert_never(change)
    by_name = tuple(sorted(blocked.values(), key=lambda block: str(block.register)))
    return Status(by_name, lifted, transient, delivered, status.terms)


def newest_bounces(bounces: Iterable[TransientBounce]) -> tuple[TransientBounce, ...]:
    """The newest bounce of each of the last messages, newest first: as many as a limit may ask for.

    What is left out can never be among the newest again, so that it does not matter when it is left out.
    """
    of_message = {bounce.message: bounce for bounce in sorted(bounces, key=lambda bounce: bounce.at)}
    newest = sorted(of_message.values(), key=lambda bounce: bounce.at, reverse=True)
    return tuple(newest[:TRANSIENT_KEPT])


def lifted_by(register: BlockRegister) -> frozenset[Lift]:
    """Which lifts end a block of this register."""
    if register == _UNSUBSCRIBED_BY_TEXT:
        return LIFTED_BY[Ground.UNSUBSCRIBED] | {Lift.START}
    return _LIFTED_AFTER_COMPLAINT if register.after_complaint else LIFTED_BY[register.ground]


def all_blocks(status: Status) -> list[Block]:
    """All that closed anything, in force or lifted, in no order: of each register the newest.

    Transient bounces come to a block of their reach's bounces, which is worked out here and written nowhere.
    """
    if not status.transient:  # wherever they are not counted
        return list(status.blocked)
    newest = {block.register: block for block in status.blocked}
    for reach, bounces in status.transient.items():
        block = _counted(reach, bounces, status)
        if block is not None and (block.register not in newest or newest[block.register].at < block.at):
            newest[block.register] = block
    return list(newest.values())


def _counted(reach: Reach, bounces: Sequence[TransientBounce], status: Status) -> Block | None:
    """The block that the transient bounces of a reach come to; else the one that a lift of theirs ended.

    Each lift begins the count anew, and so does a delivery: what counts together lies between two of them.
    """
    lifts = (status.lifted.get(by, NEVER) for by in LIFTED_BY[Ground.BOUNCE])
    delivered = (status.delivered.get(Reach(channel), NEVER) for channel in CHANNELS_OF_REACH[reach])
    arrived, until = max(delivered), None
    for since in sorted({NEVER, *lifts}, reverse=True):
        together = [
            bounce
            for bounce in bounces
            if bounce.at > max(since, arrived) and (until is None or bounce.at <= until)
        ]
        if _are_enough([bounce.at for bounce in together], status):
            return together[0].block
        until = since
    return None


def _are_enough(marks: Sequence[Mark], status: Status) -> bool:
    """Whether so many of these, newest first, lie within the window, whichever: a newer one opens nothing."""
    limit, window = status.terms.limit, status.terms.window
    runs = zip(marks, marks[limit - 1 :], strict=False)
    return any(time_of(last) - time_of(first) <= window for last, first in runs)


def blocks(status: Status) -> list[Block]:
    """The blocks in force, newest first: those newer than every lift of their ground."""
    in_force = [
        block
        for block in all_blocks(status)
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
    if not status.blocked and not status.transient:  # almost everybody
        return CHANNELS_OF_KIND[kind]
    closed = {channel for block in blocks(status) for channel in block.channels}
    return tuple(channel for channel in CHANNELS_OF_KIND[kind] if channel not in closed)


def etag(standings: Iterable[Standing]) -> str:
    """What a profile's status is now, in one short word: it changes when a block or a lift does.

    Neither a delivery nor a transient bounce that blocks nothing yet changes it.
    """
    return etag_of(f"{standing.credential} {_registers(standing.status)}" for standing in standings)


def etag_of(lines: Iterable[str]) -> str:
    """An ETag (RFC 9110, 8.8.3) of what these lines tell."""
    return f'"{sha256("\n".join(lines).encode()).hexdigest()[:16]}"'


def _registers(status: Status) -> str:
    known = sorted(all_blocks(status), key=lambda block: str(block.register))
    blocked = (f"{block.register}={block.at}" for block in known)
    lifted = (f"{by}={at}" for by, at in sorted(status.lifted.items()))
    return " ".join([*blocked, *lifted])
