"""Messages and batches."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from reachable import words
from reachable.model.delivery_event import Channel
from reachable.model.enqueue import LIMIT, EnqueueOutcome, Queued, Reason, Wish
from reachable.model.group import Group, Hold, HoldState
from reachable.model.message import Cancelled, CancelOutcome, MessageStatus, Shown
from reachable.model.page import PAGE, PAGE_LIMIT, Page
from reachable.model.people import RosterKind, id_of
from reachable.model.send import Purpose, Refusal
from reachable.web.models.fields import Id, Model, Note, Time, WithZone
from reachable.web.models.sends import AlternativeOut
from reachable.words import Language

type DedupId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]


class MessageIn(Model):
    """One message to one user by one channel. An email has a subject, and `html` beside `text` if wanted.

    A text to a shared phone gets its label by itself. `dedup_id` is the sender's own: the same one again
    sends nothing again. `expires_at`: after it nobody wants the message any more; without it its purpose
    tells how long it may wait. Here is its shape alone: what cannot be sent as it is, is `refused` by itself.
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
    expires_at: WithZone | None = None

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
            expires_at=self.expires_at,
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

    `why` says the same in a sentence, in the caller's language.
    `alternatives`: by what else a person can be reached now whom it did not reach.
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
    why: str | None
    provider: str | None
    segments: int | None
    label_adds_segment: bool
    exempted: str | None
    alternatives: list[AlternativeOut]
    times: dict[MessageStatus, Time]

    @classmethod
    def of(cls, shown: Shown, language: Language) -> Self:
        """One by itself, or in a list."""
        message = shown.message
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
            why=words.why(message.reason, message.channel, language) if message.reason else None,
            provider=message.provider,
            segments=message.segments,
            label_adds_segment=message.label_adds_segment,
            exempted=message.exempted,
            alternatives=[
                AlternativeOut(channel=way.channel, credential=str(way.credential))
                for way in shown.alternatives
            ],
            times=dict(sorted(message.at.items(), key=lambda pair: pair[1])),
        )


class SweepOut(Model):
    """What became of what had been parked; `finished`: nothing is left of it.

    `dropped`: their `expires_at` was over; of a batch that was dropped or cancelled all.
    """

    resumed: int
    dropped: int
    finished: bool


class BatchOut(Model):
    """A batch, a sender, a receiving domain or all. `counts`: about how many messages came to what.

    `state` is `running` until it is held for its bounces, or by somebody; then somebody lets it go on or
    drops it. No hold stops sign-in codes and emergencies, except one of `all` that says so
    (`emergencies_pass` is false). `why` is in the caller's language, or the note of whoever holds it.
    """

    id: str
    state: HoldState | Literal["running"]
    since: Time | None
    why: str | None
    by: str | None
    emergencies_pass: bool
    swept: SweepOut | None
    counts: dict[str, int]

    @classmethod
    def of(cls, id_: str, known: Group, language: Language) -> Self:
        """One by its id."""
        said = known.hold
        if said is None:
            return cls(
                id=id_,
                state="running",
                since=None,
                why=None,
                by=None,
                emergencies_pass=True,
                swept=None,
                counts=dict(known.totals),
            )
        swept = SweepOut(resumed=said.sweep.resumed, dropped=said.sweep.dropped, finished=said.sweep.finished)
        return cls(
            id=id_,
            state=said.state,
            since=said.at,
            why=_why(said, language),
            by=said.by,
            emergencies_pass=not (said.urgent_too and said.state is HoldState.HELD),
            swept=None if said.state is HoldState.HELD else swept,
            counts=dict(known.totals),
        )


class HeldOut(Model):
    """A batch, sender or domain that is held, or all; by nobody: for its bounces."""

    id: str
    since: Time
    why: str | None
    by: str | None
    emergencies_pass: bool

    @classmethod
    def of(cls, group: str, hold: Hold, language: Language) -> Self:
        """One of a list."""
        why, passes = _why(hold, language), not hold.urgent_too
        return cls(id=group, since=hold.at, why=why, by=hold.by, emergencies_pass=passes)


class BatchesOut(Model):
    """A page of what is held."""

    items: list[HeldOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[tuple[str, Hold]], language: Language) -> Self:
        """A page."""
        items = [HeldOut.of(group, hold, language) for group, hold in page.items]
        return cls(items=items, next_cursor=page.next_cursor)


def _why(hold: Hold, language: Language) -> str | None:
    return words.held(hold.tally, language) if hold.tally else hold.note


class HoldIn(Model):
    """Hold a group by hand. `emergencies_pass`: false stops sign-in codes, too; of `all` only."""

    note: Note | None = None
    emergencies_pass: bool = True


class CancelIn(Model):
    """Messages by id, or a whole batch."""

    ids: list[Annotated[str, StringConstraints(min_length=1, max_length=200)]] | None = Field(
        default=None, min_length=1, max_length=LIMIT
    )
    batch_id: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None


class CancelledOut(Model):
    """What became of one message. `too_late`: it had ended, or was being sent; `status` tells."""

    id: str
    outcome: CancelOutcome
    status: MessageStatus | None

    @classmethod
    def of(cls, cancelled: Cancelled) -> Self:
        """One of an answer."""
        return cls(id=cancelled.id, outcome=cancelled.outcome, status=cancelled.status)


class CancelOut(Model):
    """Of messages each, in order; of a batch how it stands now."""

    results: list[CancelledOut]
    batch: BatchOut | None


class MessageSearchIn(Model):
    """Which messages: of a batch those of a status, or of several; without a batch the uncertain ones alone.

    `since`: that came to it since then.
    """

    status: MessageStatus | list[MessageStatus] | None = None
    since: WithZone | None = None
    batch_id: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    limit: int = Field(default=PAGE, ge=1, le=PAGE_LIMIT)
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None

    def statuses(self) -> frozenset[MessageStatus]:
        """Those that are asked for; none: any."""
        told = self.status if isinstance(self.status, list) else [self.status]
        return frozenset(status for status in told if status is not None)


class MessagesOut(Model):
    """A page of messages."""

    items: list[MessageOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Shown], language: Language) -> Self:
        """A page."""
        items = [MessageOut.of(shown, language) for shown in page.items]
        return cls(items=items, next_cursor=page.next_cursor)
