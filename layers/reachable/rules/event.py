"""What a delivery event does, decided in one step from what is known (design section 5).

The flow executes it in this order: the message, the credential's history, its status, last what is counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reachable.model import tags
from reachable.model.credential import Credential
from reachable.model.delivery_event import (
    Cause,
    Channel,
    DeliveryEvent,
    EventHex,
    Kind,
    Permanence,
    event_hex,
)
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.message import (
    Early,
    Message,
    MessageStatus,
    Moved,
    Pointer,
    read_message_id,
)
from reachable.model.send import DISPATCHED_BY
from reachable.model.status import (
    LIFT_PREFIX,
    LOWEST_HEX,
    TRANSIENT_PREFIX,
    BlockRegister,
    Delivery,
    Ground,
    Lift,
    Mark,
    Reach,
    Terms,
    mark,
)
from reachable.rules import bounds

BELIEVED_FOR: Final = timedelta(days=30)
"""How long before its receipt an event may say that something happened."""

_STATUS_OF: Final = {
    Kind.SENT: MessageStatus.SENT,
    Kind.DELIVERED: MessageStatus.DELIVERED,
    Kind.DELAYED: MessageStatus.DELAYED,
    Kind.BOUNCED: MessageStatus.BOUNCED,
    Kind.COMPLAINED: MessageStatus.COMPLAINED,
    Kind.REJECTED: MessageStatus.REJECTED,
    Kind.FAILED: MessageStatus.FAILED,
}
_MESSAGE_ONLY: Final = frozenset({Kind.SENT, Kind.DELIVERED, Kind.DELAYED, Kind.REJECTED})
"""They say something of the message and nothing of the address."""
_BOUNCES: Final = frozenset({Kind.BOUNCED, Kind.FAILED})
"""Those that a forwarded message may bring from an address that we did not write to."""
_OF_THE_SENDER: Final = frozenset({Cause.CONTENT_OR_SIZE, Cause.ACCOUNT_OR_QUOTA})
_FROM_THE_ACT: Final = frozenset({Kind.COMPLAINED, Kind.OPTED_OUT, Kind.OPTED_IN})


@dataclass(frozen=True, slots=True)
class Step:
    """What an event says of a message: to what it comes, when and why, and which it is.

    ``for_good``: it bounced, permanently. ``tagged`` names it by our own tag, ``pointer`` by its provider's
    id and whom the event names. ``early`` is what must be applied once more where dispatch turns out to have
    sent it: a bounce may name another address, to which it was forwarded.
    """

    at: Mapping[MessageStatus, datetime]
    reasons: Mapping[MessageStatus, str]
    for_good: bool
    tagged: str | None
    pointer: Pointer | None
    early: Early | None


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """A delivery event as we received it, and what it says by itself, before anything is looked up.

    ``account`` is the provider's that told it; ``raw`` names the object that keeps its words; ``credential``
    is whom it names. ``step`` is None where it says nothing of a message.
    """

    told: DeliveryEvent
    account: str | None
    received_at: datetime
    raw: str | None
    hex: EventHex
    credential: Credential
    step: Step | None


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of the message that an event is about.

    ``moved`` is our record of it, as the event has moved it; ``sent_at`` when it was sent to this very
    credential, which we may know of a message that has no record, since nobody holds the address. ``before``
    is to what events had brought it before this one; None where it is of no message that can be named.
    """

    moved: Moved | None = None
    sent_at: datetime | None = None
    before: frozenset[MessageStatus] | None = None

    @property
    def message(self) -> Message | None:
        """Our record of it."""
        return self.moved.message if self.moved else None


UNKNOWN: Final = Known()


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event does to the credential that it blames.

    ``history`` is the line to write, which names the register that it moves; None where it says nothing of
    the person. ``delivery`` begins the count of transient bounces anew, where there is one. ``bounced`` is
    the message that counts among the bounces of its batch, sender and domain; ``of_the_sender``: it is to be
    counted as the sender's own fault.
    """

    credential: Credential
    history: HistoryItem | None
    delivery: Delivery | None
    bounced: Message | None
    of_the_sender: bool


def believed(told: datetime | None, received_at: datetime) -> datetime | None:
    """A provider's time, where it can be true: a wrong clock must neither block for ever nor never."""
    return told if told is not None and received_at - BELIEVED_FOR <= told <= received_at else None


def received(
    event: DeliveryEvent, account: str | None, received_at: datetime, raw: str | None = None
) -> ReceivedEvent:
    """An event with what it says by itself, and no more of what others wrote than we keep."""
    told = bounds.bounded(event)
    credential = Credential.of_event(told.channel, told.address)
    hex_ = event_hex(told.provider, told.event_id, account)
    may_be_forwarded = told.kind in _BOUNCES and told.provider in DISPATCHED_BY
    early = Early(hex_, told, received_at) if may_be_forwarded else None
    step = _step(told, _pointer(told, account, credential), early, received_at)
    return ReceivedEvent(told, account, received_at, raw, hex_, credential, step)


def _step(
    event: DeliveryEvent, pointer: Pointer | None, early: Early | None, received_at: datetime
) -> Step | None:
    """A text that the carrier refuses to who texted STOP has failed. Who unsubscribes has had the mail."""
    status = MessageStatus.FAILED if _refused_after_stop(event) else _STATUS_OF.get(event.kind)
    if status is None:
        return None
    sent_at = event.sent_at if event.kind is Kind.SENT else None
    at = believed(sent_at, received_at) or believed(event.occurred_at, received_at) or received_at
    tagged = event.metadata.get(tags.MESSAGE_ID)
    return Step(
        at={status: at},
        reasons={status: event.cause.value} if event.cause else {},
        for_good=event.kind in _BOUNCES and event.permanence is Permanence.PERMANENT,
        tagged=tagged if tagged is not None and read_message_id(tagged) is not None else None,
        pointer=pointer,
        early=early,
    )


def _pointer(event: DeliveryEvent, account: str | None, credential: Credential) -> Pointer | None:
    if event.provider_message_id is None:
        return None
    return Pointer(event.provider, account, plain_id(event.provider, event.provider_message_id), credential)


def plain_id(provider: str, provider_message_id: str) -> str:
    """A provider's id as it is compared: without angle brackets; SES adds an ``@`` and its host in a mail.

    With others the sender may choose the id, and what stands before the ``@`` may be the same of all.
    """
    bare = provider_message_id.strip("<>")
    return (bare.partition("@")[0] or bare) if provider == _SES else bare


_SES: Final = "ses"


def decide(event: ReceivedEvent, known: Known, terms: Terms) -> Effect:
    """What an event does, by what is known of its message, and by when transient bounces block."""
    of_the_sender = _is_of_the_sender(event.told)
    silent = event.told.kind in _MESSAGE_ONLY or of_the_sender
    blamed = _blamed(event, known.message)
    return Effect(
        credential=blamed,
        history=None if silent else _history_item(event, known.sent_at, blamed, terms),
        delivery=_delivery(event, known) if terms.counts else None,
        bounced=_bounced(event.step, known.moved),
        of_the_sender=of_the_sender,
    )


def _blamed(event: ReceivedEvent, message: Message | None) -> Credential:
    """Whom the event names; of a message that dispatch sent and somebody forwarded, whom we sent to."""
    if message is None or not message.dispatched or event.told.kind not in _BOUNCES:
        return event.credential
    sent_to = message.credential if message.channel is event.told.channel else None
    return sent_to or event.credential


def _bounced(step: Step | None, moved: Moved | None) -> Message | None:
    """A message of ours counts once, however many events say that it bounced for good."""
    if step is None or moved is None or not step.for_good:
        return None
    return moved.message if moved.message.dispatched and not moved.had_bounced else None


def _delivery(event: ReceivedEvent, known: Known) -> Delivery | None:
    """What a delivery moves: it counts from when its message was sent, as the bounces do that it outdates.

    That is told by the event, or known of a message that dispatch sent since before it went. Another system's
    may be told of before or after its delivery; by when it arrived it would clear bounces of later messages.

    A message that was on its way for long says nothing of one that was sent after it and came back. And one
    that arrived and then bounced after all has bounced: among the same times a delivery comes first.
    """
    told = event.told
    of_dispatch = known.message is not None and known.message.dispatched
    known_sent_at = known.sent_at if of_dispatch else None
    if told.kind is not Kind.DELIVERED or (told.sent_at or known_sent_at) is None:
        return None
    return Delivery(Reach(told.channel), event_mark(told, LOWEST_HEX, known_sent_at, event.received_at))


def _history_item(
    event: ReceivedEvent, known_sent_at: datetime | None, blamed: Credential, terms: Terms
) -> HistoryItem:
    told, received_at = event.told, event.received_at
    moves = register(told, terms)
    return HistoryItem(
        hex=event.hex,
        kind=HistoryKind(told.kind),
        provider=told.provider,
        account=event.account,
        occurred_at=believed(told.occurred_at, received_at) or received_at,
        received_at=received_at,
        mark=event_mark(told, event.hex, known_sent_at, received_at),
        channel=told.channel,
        permanence=told.permanence,
        cause=told.cause,
        sent_at=believed(told.sent_at, received_at) or known_sent_at,
        event_id=told.event_id,
        provider_message_id=told.provider_message_id,
        provider_code=told.provider_code,
        smtp_status=told.smtp_status,
        diagnostic=told.diagnostic,
        metadata=told.metadata,
        moves=moves,
        raw=event.raw,
        lift=Lift.START if moves == _START else None,
        spelling=told.spelling if blamed == event.credential else None,
    )


_START: Final = f"{LIFT_PREFIX}{Lift.START}"


# What blocks


def register(event: DeliveryEvent, terms: Terms) -> str | None:
    """What an event moves, by its name; None where it is for the message or the history only.

    Where one transient bounce is not enough to block, it joins those of its reach.
    """
    if event.kind is Kind.OPTED_IN:
        return _START if event.channel is Channel.SMS else None
    ground = _ground(event)
    if ground is None:
        return None
    if terms.counts and ground is Ground.BOUNCE and event.permanence is Permanence.TRANSIENT:
        return f"{TRANSIENT_PREFIX}{_reach(event)}"
    after_complaint = ground is Ground.SUPPRESSED and event.kind is Kind.COMPLAINED
    return str(BlockRegister(ground, _reach(event), after_complaint=after_complaint))


def _ground(event: DeliveryEvent) -> Ground | None:
    """The design's table "What blocks": the first line that fits."""
    if event.kind in _MESSAGE_ONLY or _may_be_another_s(event):
        return None
    if event.cause is Cause.PROVIDER_SUPPRESSED and event.kind is not Kind.OPTED_OUT:
        return Ground.SUPPRESSED
    match event.kind:
        case Kind.COMPLAINED:
            return Ground.COMPLAINT
        case Kind.OPTED_OUT:
            by_mail_or_word = event.channel is Channel.EMAIL or event.cause is Cause.REVOCATION
            return Ground.UNSUBSCRIBED if by_mail_or_word else Ground.OPT_OUT
        case _:
            return None if _is_of_the_sender(event) or _passes_by_itself(event) else Ground.BOUNCE


def bounces_for_good(event: DeliveryEvent) -> bool:
    """Whether an event closes an address by a bounce that does not pass."""
    return (
        event.kind in _BOUNCES
        and event.permanence is Permanence.PERMANENT
        and _ground(event) is Ground.BOUNCE
    )


def _may_be_another_s(event: DeliveryEvent) -> bool:
    """A complaint that may be any of several people's is recorded on all and blocks none."""
    return event.kind is Kind.COMPLAINED and event.possible_recipients > 1


def _is_of_the_sender(event: DeliveryEvent) -> bool:
    """The message's or the sender's own fault: it says nothing of the address."""
    if event.kind not in _BOUNCES and event.kind is not Kind.REJECTED:
        return False
    if event.cause is Cause.CARRIER_BLOCKED_OR_SPAM:
        return event.permanence is not Permanence.PERMANENT
    return event.cause in _OF_THE_SENDER


def _passes_by_itself(event: DeliveryEvent) -> bool:
    """An out-of-office answer (SES Transient/General), or a call that was busy or not answered."""
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
    return Reach.SMS if event.cause is Cause.REVOCATION else Reach(event.channel)


# From when it counts


def event_mark(
    event: DeliveryEvent, hex_: EventHex, known_sent_at: datetime | None, received_at: datetime
) -> Mark:
    """From when an event counts.

    A bounce, a suppression, or a refusal because of an earlier STOP counts from when its message was sent, so
    that a late one about a message from before a reset or a START does not block again: as the event tells,
    else as our record of that message to that credential does, else by our tag. A person's own act counts
    from the act. What nobody tells, or nobody can believe, counts from its first receipt.
    """
    from_the_act = event.kind in _FROM_THE_ACT and event.cause is not Cause.PROVIDER_SUPPRESSED
    counts_from_the_act = from_the_act and not _refused_after_stop(event)
    sent = () if counts_from_the_act else _sent(event, known_sent_at, received_at)
    return mark(_first(sent, event, received_at), hex_)


def sent_at(event: ReceivedEvent, known_sent_at: datetime | None) -> datetime:
    """When the message of an event went out; where nobody tells, when it happened."""
    told, received_at = event.told, event.received_at
    return _first(_sent(told, known_sent_at, received_at), told, received_at)


def _first(times: Iterable[datetime | None], event: DeliveryEvent, received_at: datetime) -> datetime:
    return next(filter(None, (*times, believed(event.occurred_at, received_at))), received_at)


def _sent(
    event: DeliveryEvent, known_sent_at: datetime | None, received_at: datetime
) -> tuple[datetime | None, ...]:
    """What tells when the message was sent, the best first."""
    tagged = tags.sent_at(event.metadata)
    # Dialects take the tag where the provider tells nothing.
    told = event.sent_at if event.sent_at != tagged else None
    return believed(told, received_at), known_sent_at, believed(tagged, received_at)


def _refused_after_stop(event: DeliveryEvent) -> bool:
    """A text or call that was refused since the person had opted out before: it is about a message."""
    return (
        event.kind is Kind.OPTED_OUT
        and event.channel is not Channel.EMAIL
        and event.provider_message_id is not None
    )
