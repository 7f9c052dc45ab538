"""One message to one user by one channel: what was asked for, and what became of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel, DeliveryEvent, EventHex
from reachable.model.send import Alternative, Purpose

_ID: Final = re.compile(r"([0-9a-f-]{36}|[0-9a-f]{32})_([0-9]{8}T[0-9]{9})_[0-9a-f]{12}")
_TIME: Final = "%Y%m%dT%H%M%S%f"


def message_id(owner: str, queued_at: datetime, seed: str) -> str:
    """The id of a message: the same for the same owner, millisecond and seed.

    Its owner is a user, or, where another system wrote to an address that several share, that address by its
    ``digest``. The id holds letters, digits, ``-`` and ``_`` alone, so that every provider takes it as a tag,
    and tells owner and time, so that it leads to the record by itself.
    """
    time = queued_at.astimezone(UTC).strftime(_TIME)[:-3]
    told = f"{owner} {time} {seed}".encode(errors="surrogatepass")
    return f"{owner}_{time}_{sha256(told).hexdigest()[:12]}"


def read_message_id(text: str) -> tuple[str, datetime] | None:
    """Owner and time of a message's id; None of what is no id of ours."""
    found = _ID.fullmatch(text)
    if found is None:
        return None
    try:
        return found[1], datetime.strptime(f"{found[2]}000", _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


class Dropped(StrEnum):
    """Why a message was dropped.

    ``too_old``: its time was over before the provider took it. ``dropped``: somebody dropped what was held.
    ``cancelled``: somebody cancelled it, or its batch.
    """

    TOO_OLD = "too_old"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


class MessageStatus(StrEnum):
    """What became of a message.

    ``uncertain``: it was given to the provider and nobody knows whether the provider took it. ``blocked``,
    ``held`` and ``dropped`` are those that were not given to any.
    """

    QUEUED = "queued"
    HELD = "held"
    DROPPED = "dropped"
    BLOCKED = "blocked"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    FAILED = "failed"
    REJECTED = "rejected"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    @property
    def rank(self) -> int:
        """Of two statuses of one message the one of the higher rank is its status, whichever came first."""
        return list(MessageStatus).index(self)


UNREACHED: Final = frozenset(
    {
        MessageStatus.BLOCKED,
        MessageStatus.DROPPED,
        MessageStatus.UNCERTAIN,
        MessageStatus.FAILED,
        MessageStatus.REJECTED,
        MessageStatus.BOUNCED,
    }
)
"""Of these the person has, as far as we know, not got the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message on its way out, whole: what the queue carries and a sender sends. Never stored.

    ``label`` comes before a text. ``attempts`` counts how often the provider put it off. ``id`` tells the
    user and the time too, so that it alone leads to the message's record. ``expires_at``: when its sender
    wants it no more; ``resumed_at``: when somebody let it go that had been parked.
    """

    id: str
    user_id: str
    channel: Channel
    purpose: Purpose
    queued_at: datetime
    text: str
    subject: str | None = None
    html: str | None = None
    label: str | None = None
    batch_id: str | None = None
    dedup_id: str | None = None
    unsubscribe_url: str | None = None
    attempts: int = 0
    expires_at: datetime | None = None
    resumed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is known of a message. Its words are not kept.

    ``user_id`` is None of what another system sent to an address that several share: it belongs to the
    address. ``at`` is when it came to each status, ``reasons`` why: a cause, or why the gate refused.
    ``claim`` marks who has it in hand. ``label_adds_segment``: without its label it would take fewer.
    ``exempted`` names the cause that its purpose passed.
    """

    id: str
    user_id: str | None
    channel: Channel
    purpose: Purpose
    queued_at: datetime
    credential: Credential | None = None
    subject: str | None = None
    label: str | None = None
    batch_id: str | None = None
    dedup_id: str | None = None
    provider: str | None = None
    provider_message_id: str | None = None
    segments: int | None = None
    label_adds_segment: bool = False
    exempted: str | None = None
    claim: str | None = None
    at: Mapping[MessageStatus, datetime] = field(default_factory=dict)
    reasons: Mapping[MessageStatus, str] = field(default_factory=dict)

    @property
    def status(self) -> MessageStatus:
        """The highest that it came to."""
        return max(self.at, key=lambda status: status.rank, default=MessageStatus.QUEUED)

    @property
    def reason(self) -> str | None:
        """Why it came to its status."""
        return self.reasons.get(self.status)

    @property
    def dispatched(self) -> bool:
        """Whether dispatch itself sent it: it alone claims a message before it sends it."""
        return MessageStatus.SENDING in self.at

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent: ours by our own clock, another system's as its provider told."""
        return self.at.get(MessageStatus.SENDING) or self.at.get(MessageStatus.SENT)


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The newest message to a credential: how it went, and what it came to when.

    ``to_address``: another system sent it, then, to an address that several share.
    """

    channel: Channel
    status: MessageStatus
    at: datetime
    sent_at: datetime
    to_address: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A message as it stands after an event, and as before: to what it had come, whether it had bounced.

    ``had_bounced``: an event had said that it bounced for good.
    """

    message: Message
    had_bounced: bool
    before: frozenset[MessageStatus] = frozenset()


@dataclass(frozen=True, slots=True)
class Pointer:
    """By what a provider names a message to one recipient: an id may be of many, an account's are its own."""

    provider: str
    account: str | None
    message_id: str
    credential: Credential


@dataclass(frozen=True, slots=True)
class Early:
    """A bounce that came before we knew whose message it is about: its name, and when we received it."""

    hex: EventHex
    event: DeliveryEvent
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A message, and by what else its recipient can be reached now, where it did not reach them."""

    message: Message
    alternatives: tuple[Alternative, ...] = ()


class CancelOutcome(StrEnum):
    """What became of a message that was to be cancelled.

    ``too_late``: it had ended, or a worker had begun to send it.
    """

    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What became of one, and the status that it has."""

    id: str
    outcome: CancelOutcome
    status: MessageStatus | None = None
