"""What a sender asks of the gate, and what the gate answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel

RECIPIENTS_LIMIT: Final = 1_000
"""Of one question to the gate."""


DISPATCHED_BY: Final = frozenset({"ses", "aws_sms", "aws_sns_sms"})
"""The providers by which dispatch itself sends: their events may be about its messages."""


class Purpose(StrEnum):
    """What a message is for."""

    GENERAL = "general"
    INVITATION = "invitation"
    SIGN_IN = "sign_in"
    EMERGENCY = "emergency"

    @property
    def is_urgent(self) -> bool:
        """Whether somebody waits for it now: it has a queue of its own, and no hold stops it."""
        return self in (Purpose.SIGN_IN, Purpose.EMERGENCY)


class Refusal(StrEnum):
    """Why a recipient can't be sent to, where no block is the reason."""

    UNKNOWN_USER = "unknown_user"
    NO_SUCH_CHANNEL = "no_such_channel"
    INVALID_RECIPIENT = "invalid_recipient"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient of a check: a user by id, or a credential; without a channel, by any.

    ``credential`` is None for a user, and also where what the caller typed is no address (``invalid``).
    """

    user_id: str | None = None
    credential: Credential | None = None
    channel: Channel | None = None
    purpose: Purpose = Purpose.GENERAL
    invalid: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to the same person that is open."""

    channel: Channel
    credential: Credential


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer for one recipient.

    ``open`` is told only where no channel was asked for; ``label`` and ``alternatives`` only where a user
    was named. ``since`` is when the newest block in force began to count. ``exempted``: the purpose passes
    that block, for its ``reason``.
    """

    send: bool
    channel: Channel | None = None
    credential: Credential | None = None
    reason: Cause | Refusal | None = None
    since: datetime | None = None
    label: str | None = None
    open: tuple[Channel, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    exempted: bool = False
