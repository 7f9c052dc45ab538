"""The status of a credential: registers that only grow (design section 5).

A *block register*, named by ground and reach, holds the newest thing that closed the credential on that
ground; a *lift register* the newest thing that opened it. The status is their join, so the order and the
number of times in which events arrive do not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
class Status:
    """All registers of one credential. No registers at all: good."""

    blocked: tuple[Block, ...] = ()
    lifted: Mapping[Lift, Mark] = field(default_factory=dict)


GOOD: Final = Status()


@dataclass(frozen=True, slots=True)
class Lifting:
    """What a lift register takes in: who lifts, and up to which mark."""

    by: Lift
    at: Mark


type Change = Block | Lifting
"""What one event or one reset does to a status: it moves exactly one register."""

LIFT_PREFIX: Final = "lift."
"""How the names of lift registers begin."""


def register_name(change: Change) -> str:
    """The register that a change moves: ``bounce@email``, ``lift.staff``."""
    match change:
        case Block():
            return str(change.register)
        case Lifting():
            return f"{LIFT_PREFIX}{change.by}"
        case _:
            assert_never(change)
