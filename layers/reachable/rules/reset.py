"""What a reset by staff, or a mark by hand, does to a credential (design section 5, "Reset", "By hand")."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reachable.model.credential import CHANNELS_OF_KIND, CredentialKind
from reachable.model.delivery_event import OURS, Cause, Channel, EventHex
from reachable.model.reset import Need
from reachable.model.status import (
    LOWEST_HEX,
    NEVER,
    WHOLE,
    Block,
    BlockRegister,
    Ground,
    Lift,
    Lifting,
    Reach,
    Status,
    mark,
    time_of,
)
from reachable.rules import status as status_rules


class ResetOutcome(StrEnum):
    """What became of one credential in a reset."""

    RESET = "reset"
    ALREADY_GOOD = "already_good"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """``lifting`` is what to write, None where there is nothing to write."""

    outcome: ResetOutcome
    lifting: Lifting | None = None
    needs: tuple[Need, ...] = ()
    still_blocked: tuple[Channel, ...] = ()


def decide(
    kind: CredentialKind, status: Status, now: datetime, *, consent: bool, listed: bool = False
) -> Decision:
    """What a reset does: it lifts all that it may lift and says what stays closed, and for want of what.

    Of a credential that is good here it does nothing, unless a provider's own list may still refuse it
    (``listed``): then the reset asks the provider again, such as with the person's consent.

    The lift's mark is the later of now, cut to the second since many providers cut their times, and of
    every block that it lifts. Its hex is the lowest, so that a message sent in the same second after the
    reset blocks again when it bounces.
    """
    in_force = status_rules.blocks(status)
    if not in_force and not listed:
        return Decision(ResetOutcome.ALREADY_GOOD)
    by = Lift.CONSENT if consent else Lift.STAFF
    liftable = [block for block in in_force if by in status_rules.lifted_by(block.register)]
    kept = [block for block in in_force if block not in liftable]
    needs = tuple(sorted({_need(block) for block in kept}))
    if in_force and not liftable:
        return Decision(ResetOutcome.REFUSED, None, needs, _closed(kind, status))
    # Of what is open already no message is meant, and two resets in a second are two.
    at = now.replace(microsecond=0) if in_force else now
    lifting = Lifting(by, max(mark(at, LOWEST_HEX), *(block.at for block in liftable), NEVER))
    if lifting.at <= status.lifted.get(by, NEVER):
        return Decision(ResetOutcome.ALREADY_GOOD)
    return Decision(ResetOutcome.RESET, lifting, needs, _closed(kind, status_rules.join(status, [lifting])))


def _need(block: Block) -> Need:
    return Need.START if block.register.ground is Ground.OPT_OUT else Need.CONSENT


def _closed(kind: CredentialKind, status: Status) -> tuple[Channel, ...]:
    open_ = status_rules.open_channels(kind, status)
    return tuple(channel for channel in CHANNELS_OF_KIND[kind] if channel not in open_)


def by_hand(
    kind: CredentialKind,
    channel: Channel | None,
    ground: Ground,
    now: datetime,
    event: EventHex,
    status: Status,
) -> Block:
    """The block that staff set by hand: of the chosen channel, or of all.

    It counts from now, and after every lift that it saw: another clock of ours may run ahead.
    """
    reach = WHOLE[kind] if channel is None else Reach(channel)
    cause = Cause.MANUAL if ground is Ground.MANUAL else Cause.OPT_OUT
    lifted = (time_of(at) + timedelta(microseconds=1) for at in status.lifted.values())
    return Block(BlockRegister(ground, reach), mark(max(now, *lifted, now), event), cause, None, OURS)
