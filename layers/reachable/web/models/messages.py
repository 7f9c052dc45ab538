"""Messages and batches."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints

from reachable.model.delivery_event import Channel
from reachable.model.enqueue import LIMIT, EnqueueOutcome, Queued, Reason, Wish
from reachable.model.group import Group, HoldState
from reachable.model.message import Message, MessageStatus
from reachable.model.page import PAGE, PAGE_LIMIT, Page
from reachable.model.people import RosterKind, id_of
from reachable.model.send import Purpose, Refusal
from reachable.web.models.fields import Id, Model, Time
from reachable.web.models.sends import AlternativeOut

type DedupId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]


class MessageIn(Model):
    """One message to one user by one channel. An email has a subject, and `html` beside `text` if wanted.

    A text to a shared phone gets its label by itself. `dedup_id` is the sender's own: the same one again
    sends nothing again. Here is its shape alone: what cannot be sent as it is, is `refused` by itself.
    """

    user_id: Id | None = None
    sourced_id: Id | None = None
    channel: Channel
    subject: Annotated[str, StringConstraints(strip_whitespace=True)] | None = None
    text: str | None = None
    html: str | None = None
    purpose: Purpose = Purpose.GENERAL
    batch_id: str | None = None
    dedup_id: DedupId

    def to_model(self) -> Wish:
        """What the flow queues."""
        return Wish(
            user_id=self._user_id(),
            channel=self.channel,
            purpose=self.purpose,
            dedup_id=self.dedup_id,
            text=self.text or "",
            subject=self.subject,
            html=self.html,
            batch_id=self.batch_id,
        )

    def _user_id(self) -> str:
        """By one of the two, never by both."""
        if self.sourced_id is None:
            return self.user_id or ""
        return id_of(RosterKind.USER, self.sourced_id) if self.user_id is None else ""


class MessagesIn(Model):
    """Up to 500 messages."""

    messages: list[MessageIn] = Field(min_length=1, max_length=LIMIT)


class QueuedResultOut(Model):
    """What became of one wish. `duplicate`: its `dedup_id` has been queued before, as the message `id`."""

    dedup_id: str
    id: str | None
    outcome: EnqueueOutcome
    reason: Reason | Refusal | None

    @classmethod
    def of(cls, queued: Queued) -> Self:
        """One of an answer."""
        return cls(dedup_id=queued.dedup_id, id=queued.id, outcome=queued.outcome, reason=queued.reason)


class QueuedOut(Model):
    """What became of each, in the order in which they were named."""

    results: list[QueuedResultOut]


class ReminderOut(Model):
    """A reminder on its way: its message, which stands among the user's."""

    message_id: str

    @classmethod
    def of(cls, queued: Queued) -> Self:
        """The one that was queued."""
        assert queued.id is not None  # noqa: S101 - only a refused one has none
        return cls(message_id=queued.id)


class MessageOut(Model):
    """A message and what became of it: `times` is when it came to each status, `reason` why to the last.

    Without `user_id` another system sent it to an address that several people share.
    """

    id: str
    user_id: str | None
    channel: Channel
    credential: str | None
    label: str | None
    subject: str | None
    purpose: Purpose
    batch_id: str | None
    dedup_id: str | None
    status: MessageStatus
    reason: str | None
    provider: str | None
    segments: int | None
    label_adds_segment: bool
    exempted: str | None
    alternatives: list[AlternativeOut]
    times: dict[MessageStatus, Time]

    @classmethod
    def of(cls, message: Message) -> Self:
        """One by itself, or in a list."""
        return cls(
            id=message.id,
            user_id=message.user_id,
            channel=message.channel,
            credential=str(message.credential) if message.credential else None,
            label=message.label,
            subject=message.subject,
            purpose=message.purpose,
            batch_id=message.batch_id,
            dedup_id=message.dedup_id,
            status=message.status,
            reason=message.reason,
            provider=message.provider,
            segments=message.segments,
            label_adds_segment=message.label_adds_segment,
            exempted=message.exempted,
            alternatives=[
                AlternativeOut(channel=one.channel, credential=str(one.credential))
                for one in message.alternatives
            ],
            times=dict(sorted(message.at.items(), key=lambda pair: pair[1])),
        )


class BatchOut(Model):
    """A batch, a sender or a receiving domain. `counts`: messages by what became of them.

    `state` is `running` until it is held for its bounces; then somebody lets it go on or drops it.
    """

    id: str
    state: HoldState | Literal["running"]
    since: Time | None
    why: str | None
    by: str | None
    counts: dict[str, int]

    @classmethod
    def of(cls, id_: str, known: Group, counts: Mapping[str, int]) -> Self:
        """One by its id."""
        said = known.hold
        return cls(
            id=id_,
            state=said.state if said else "running",
            since=said.at if said else None,
            why=said.figures if said else None,
            by=said.by if said else None,
            counts=dict(counts),
        )


def _with_zone(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("say the time zone, such as Z")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("no such time in UTC") from None


class MessageSearchIn(Model):
    """Which messages: the uncertain ones, since a time."""

    status: Literal["uncertain"]
    since: Annotated[datetime, AfterValidator(_with_zone)] | None = None
    limit: int = Field(default=PAGE, ge=1, le=PAGE_LIMIT)
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None


class MessagesOut(Model):
    """A page of messages."""

    items: list[MessageOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Message]) -> Self:
        """A page."""
        return cls(items=[MessageOut.of(message) for message in page.items], next_cursor=page.next_cursor)
