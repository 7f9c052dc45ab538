"""One message to one user by one channel: what was asked for, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel
from reachable.model.send import Purpose


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message on its way out, whole: what the queue carries and a sender sends. Never stored.

    ``label`` comes before a text. ``attempts`` counts how often the provider put it off. ``id`` tells the
    user and the time too, so that it alone leads to the message's record.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is known of a message. Its words are not kept.

    ``at`` is when it came to each status; ``reason`` why it was blocked, refused or came back.
    """

    id: str
    user_id: str
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
    reason: Cause | str | None = None
    segments: int | None = None
    at: Mapping[MessageStatus, datetime] = field(default_factory=dict)

    @property
    def status(self) -> MessageStatus:
        """The highest that it came to."""
        return max(self.at, key=lambda status: status.rank, default=MessageStatus.QUEUED)
