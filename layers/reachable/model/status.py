"""The status of a credential: registers that only grow (design section 5).

A *block register*, named by ground and reach, holds the newest thing that closed the credential on that
ground; a *lift register* the newest thing that opened it. Where transient bounces are counted
(`TransientBounceLimit`), a *set* keeps the newest of each reach, and a *delivery register* the newest
delivery. The status is their join, so the order and the number of times in which events arrive do not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType, assert_never

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel, EventHex, Permanence

Mark = NewType("Mark", str)
"""``2026-09-14T08:30:04.501000Z#<16 hex>``: a time, and a hex that orders what has the same time.

Marks are compared as text; that is why the time always has six decimals and Z.
"""

NEVER: Final = Mark("")
LOWEST_HEX: Final = EventHex("0" * 16)


def mark(at: datetime, event: EventHex) -> Mark:
    """The mark of an event at that time; ``at`` must be aware."""
    # Not strftime: its %Y writes the year 999 in three digits, which as text comes after every lift.
    return Mark(f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z#{event}")


def time_of(mark_: Mark) -> datetime:
    """The time that a mark holds."""
    return datetime.fromisoformat(mark_.partition("#")[0])


def hex_of(mark_: Mark) -> EventHex:
    """The history item that a block's mark leads to."""
    return EventHex(mark_.partition("#")[2])


class Ground(StrEnum):
    """Why something is closed."""

    BOUNCE = "bounce"
    SUPPRESSED = "suppressed"
    MANUAL = "manual"
    COMPLAINT = "complaint"
    UNSUBSCRIBED = "unsubscribed"
    OPT_OUT = "opt_out"


class Reach(StrEnum):
    """What a block closes."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    VOICE = "voice"


CHANNELS_OF_REACH: Final[Mapping[Reach, tuple[Channel, ...]]] = {
    Reach.EMAIL: (Channel.EMAIL,),
    Reach.PHONE: (Channel.SMS, Channel.VOICE),
    Reach.SMS: (Channel.SMS,),
    Reach.VOICE: (Channel.VOICE,),
}
WHOLE: Final[Mapping[CredentialKind, Reach]] = {
    CredentialKind.EMAIL: Reach.EMAIL,
    CredentialKind.PHONE: Reach.PHONE,
}


class Lift(StrEnum):
    """What ends a block."""

    STAFF = "staff"
    CONSENT = "consent"
    START = "start"
    RELEASE = "release"
    PROOF = "proof"
    """A sign-in with the credential (`LiftOnProof`)."""


class CredentialStatus(StrEnum):
    """What people call a credential: with a block bad, without one good."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class BlockRegister:
    """The name of a block register: ``bounce@phone``.

    ``after_complaint`` keeps a provider's refusal that follows a complaint apart from one that follows a
    bounce, since a newer bounce must not hide that consent is needed: ``suppressed+complaint@email``.
    """

    ground: Ground
    reach: Reach
    after_complaint: bool = False

    def __str__(self) -> str:
        return f"{self.ground}{'+complaint' if self.after_complaint else ''}@{self.reach}"

    @classmethod
    def of_name(cls, name: str) -> "BlockRegister":
        """The register that a stored attribute name means."""
        what, _, reach = name.partition("@")
        ground, _, after = what.partition("+")
        return cls(Ground(ground), Reach(reach), after_complaint=bool(after))


@dataclass(frozen=True, slots=True)
class Block:
    """What a block register holds: the newest event that closed this reach on this ground."""

    register: BlockRegister
    at: Mark
    cause: Cause
    permanence: Permanence | None
    provider: str

    @property
    def channels(self) -> tuple[Channel, ...]:
        """What it closes."""
        return CHANNELS_OF_REACH[self.register.reach]


@dataclass(frozen=True, slots=True)
class TransientBounce:
    """What a set of transient bounces takes in: one of a reach; so many of them block.

    ``message`` tells apart messages to one credential; several bounces of one count once.
    """

    reach: Reach
    at: Mark
    message: str
    cause: Cause
    provider: str

    @property
    def register(self) -> BlockRegister:
        """The register of which it would be a block."""
        return BlockRegister(Ground.BOUNCE, self.reach)

    @property
    def block(self) -> Block:
        """The block that it comes to, where it is the newest of enough."""
        return Block(self.register, self.at, self.cause, Permanence.TRANSIENT, self.provider)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a delivery register takes in: that a message arrived which was sent at this mark."""

    reach: Reach
    at: Mark


TRANSIENT_KEPT: Final = 5
"""Transient bounces of a reach: the most that `TransientBounceLimit` can ask for, whatever it asks now."""


@dataclass(frozen=True, slots=True)
class Terms:
    """When transient bounces block: so many messages that were sent within so long. One: at once."""

    limit: int = 1
    window: timedelta = timedelta(days=30)

    @property
    def counts(self) -> bool:
        """Whether one alone blocks nothing yet."""
        return self.limit > 1


AT_ONCE: Final = Terms()
"""As the product promises: one bounce is enough."""


@dataclass(frozen=True, slots=True)
class Status:
    """All registers of one credential, and the terms on which they are read. No registers at all: good.

    ``transient`` has the newest bounces of each reach, newest first; what they come to, `rules.status` says.
    """

    blocked: tuple[Block, ...] = ()
    lifted: Mapping[Lift, Mark] = field(default_factory=dict)
    transient: Mapping[Reach, tuple[TransientBounce, ...]] = field(default_factory=dict)
    delivered: Mapping[Reach, Mark] = field(default_factory=dict)
    terms: Terms = AT_ONCE


GOOD: Final = Status()


@dataclass(frozen=True, slots=True)
class Lifting:
    """What a lift register takes in: who lifts, and up to which mark."""

    by: Lift
    at: Mark


type Change = Block | Lifting | TransientBounce | Delivery
"""What one event or one reset does to a status: it moves exactly one register."""

LIFT_PREFIX: Final = "lift."
"""How the names of lift registers begin."""
TRANSIENT_PREFIX: Final = "transient@"
"""How the names of sets of transient bounces begin."""
DELIVERED_PREFIX: Final = "delivered@"
"""How the names of delivery registers begin."""


def register_name(change: Change) -> str:
    """The register that a change moves: ``bounce@email``, ``lift.staff``, ``transient@sms``."""
    match change:
        case Block():
            return str(change.register)
        case Lifting():
            return f"{LIFT_PREFIX}{change.by}"
        case TransientBounce():
            return f"{TRANSIENT_PREFIX}{change.reach}"
        case Delivery():
            return f"{DELIVERED_PREFIX}{change.reach}"
        case _:
            assert_never(change)
