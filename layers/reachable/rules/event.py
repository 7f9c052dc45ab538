"""What a delivery event does, decided in one step from what is known (design section 5).

The flow executes it in this order: the message, the credential's history, its status, last what is counted.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from reachable.model import tags
from reachable.model.credential import Credential
from reachable.model.delivery_event import (
    DIAGNOSTIC_LIMIT,
    Cause,
    Channel,
    DeliveryEvent,
    EventHex,
    Kind,
    Permanence,
    event_hex,
)
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.message import Message, MessageStatus, Moved
from reachable.model.status import (
    LIFT_PREFIX,
    BlockRegister,
    Ground,
    Lift,
    Mark,
    Reach,
    mark,
)

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
BOUNCES: Final = frozenset({Kind.BOUNCED, Kind.FAILED})
"""Those that a forwarded message may bring from an address that we did not write to."""
_BOUNCED: Final = frozenset({MessageStatus.BOUNCED, MessageStatus.FAILED})
_OF_THE_SENDER: Final = frozenset({Cause.CONTENT_OR_SIZE, Cause.ACCOUNT_OR_QUOTA})
_FROM_THE_ACT: Final = frozenset({Kind.COMPLAINED, Kind.OPTED_OUT, Kind.OPTED_IN})

ID_LIMIT: Final = 100
_CODE_LIMIT: Final = 40
_METADATA_LIMIT: Final = 240
_WORDS_LIMIT: Final = 500
"""Bytes of what others wrote that an item of ours keeps, in all: it stays at about 1 KB. Words give way."""


@dataclass(frozen=True, slots=True)
class Step:
    """To what a message comes by an event, when and why."""

    status: MessageStatus
    at: datetime
    why: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of the message that an event is about.

    ``moved`` is our record of it, as the event has moved it; ``sent_at`` when it was sent to this very
    credential, which we may know of a message that has no record, since nobody holds the address.
    """

    moved: Moved | None = None
    sent_at: datetime | None = None

    @property
    def message(self) -> Message | None:
        """Our record of it."""
        return self.moved.message if self.moved else None


UNKNOWN: Final = Known()


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event does to the credential that it blames.

    ``history`` is the line to write, which names the register that it moves; None where it says nothing of
    the person. ``bounced`` is the message that counts among the bounces of its batch, sender and domain;
    ``of_the_sender``: it is to be counted as the sender's own fault.
    """

    credential: Credential
    history: HistoryItem | None
    bounced: Message | None
    of_the_sender: bool


def believed(told: datetime | None, received_at: datetime) -> datetime | None:
    """A provider's time, where it can be true: a wrong clock must neither block for ever nor never."""
    return told if told is not None and received_at - BELIEVED_FOR <= told <= received_at else None


def bounded(event: DeliveryEvent) -> DeliveryEvent:
    """The event with no more of what others wrote than we keep, whatever they wrote.

    A longer id is kept as its SHA-256, so that it is still its own; codes and words are cut.
    """
    kept = replace(
        event,
        event_id=_id(event.event_id),
        provider_message_id=event.provider_message_id and _id(event.provider_message_id),
        provider_code=_cut(event.provider_code, _CODE_LIMIT),
        smtp_status=_cut(event.smtp_status, _CODE_LIMIT),
        metadata=_kept(event),
    )
    others = (
        kept.event_id,
        kept.provider_message_id,
        kept.provider_code,
        kept.smtp_status,
        *kept.metadata.values(),
    )
    room = _WORDS_LIMIT - sum(len(text.encode()) for text in others if text)
    return replace(kept, diagnostic=_cut(_cut(event.diagnostic, DIAGNOSTIC_LIMIT), max(room, _CODE_LIMIT)))


def _id(text: str) -> str:
    told = text.encode(errors="replace")
    return told.decode() if len(told) <= ID_LIMIT else f"sha256:{sha256(told).hexdigest()}"


def _cut(text: str | None, size: int) -> str | None:
    """As much of a text as fits so many bytes of UTF-8."""
    return text and text.encode(errors="replace")[:size].decode(errors="ignore")


def _kept(event: DeliveryEvent) -> dict[str, str]:
    """Of the metadata what fits: our own tags come first."""
    kept: dict[str, str] = {}
    left = _METADATA_LIMIT
    for name, value in event.metadata.items():
        left -= len(name.encode(errors="replace")) + len(value.encode(errors="replace"))
        if left < 0:
            break
        kept[name] = value
    return kept


def step(event: DeliveryEvent, received_at: datetime) -> Step | None:
    """To what a message comes by this event; None where it says nothing of one.

    A text that the carrier refuses to who texted STOP has failed. Who unsubscribes has had the mail.
    """
    status = MessageStatus.FAILED if _refused_after_stop(event) else _STATUS_OF.get(event.kind)
    if status is None:
        return None
    told = event.sent_at if event.kind is Kind.SENT else None
    at = believed(told, received_at) or believed(event.occurred_at, received_at) or received_at
    return Step(status, at, event.cause and event.cause.value)


def decide(
    event: DeliveryEvent, account: str | None, known: Known, received_at: datetime, raw: str | None = None
) -> Effect:
    """What an event does, by what is known of its message and when we first received it.

    ``account`` is the provider's that told it; ``raw`` names the object that keeps its words.
    """
    address = _blamed(event, known.message)
    of_the_sender = _is_of_the_sender(event)
    silent = event.kind in _MESSAGE_ONLY or of_the_sender
    return Effect(
        credential=Credential.of_event(event.channel, address),
        history=None if silent else _history_item(event, account, known, received_at, raw),
        bounced=_bounced(event, known.moved),
        of_the_sender=of_the_sender,
    )


def _blamed(event: DeliveryEvent, message: Message | None) -> str:
    """Whom the event names; of a message that dispatch sent and somebody forwarded, whom we sent to."""
    if message is None or not message.dispatched or message.credential is None or event.kind not in BOUNCES:
        return event.address
    return message.credential.address if message.channel is event.channel else event.address


def _bounced(event: DeliveryEvent, moved: Moved | None) -> Message | None:
    """A message counts once, however many events say that it bounced."""
    if moved is None or not moved.message.dispatched or event.permanence is not Permanence.PERMANENT:
        return None
    return moved.message if event.kind in BOUNCES and not moved.before & _BOUNCED else None


def _history_item(
    event: DeliveryEvent, account: str | None, known: Known, received_at: datetime, raw: str | None
) -> HistoryItem:
    hex_ = event_hex(event.provider, event.event_id, account)
    moves = register(event)
    return HistoryItem(
        hex=hex_,
        kind=HistoryKind(event.kind),
        provider=event.provider,
        account=account,
        occurred_at=believed(event.occurred_at, received_at) or received_at,
        received_at=received_at,
        mark=event_mark(event, hex_, known.sent_at, received_at),
        channel=event.channel,
        permanence=event.permanence,
        cause=event.cause,
        sent_at=believed(event.sent_at, received_at) or known.sent_at,
        event_id=event.event_id,
        provider_message_id=event.provider_message_id,
        provider_code=event.provider_code,
        smtp_status=event.smtp_status,
        diagnostic=event.diagnostic,
        metadata=event.metadata,
        moves=moves,
        raw=raw,
        lift=Lift.START if moves == _START else None,
    )


_START: Final = f"{LIFT_PREFIX}{Lift.START}"


# What blocks


def register(event: DeliveryEvent) -> str | None:
    """The register that an event moves; None where it is for the message or the history only."""
    if event.kind is Kind.OPTED_IN:
        return _START if event.channel is Channel.SMS else None
    ground = _ground(event)
    if ground is None:
        return None
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


def _may_be_another_s(event: DeliveryEvent) -> bool:
    """A complaint that may be any of several people's is recorded on all and blocks none."""
    return event.kind is Kind.COMPLAINED and event.possible_recipients > 1


def _is_of_the_sender(event: DeliveryEvent) -> bool:
    """The message's or the sender's own fault: it says nothing of the address."""
    if event.kind not in BOUNCES and event.kind is not Kind.REJECTED:
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
    times = (*_sent(event, known_sent_at, received_at), believed(event.occurred_at, received_at))
    return mark(next(filter(None, times), received_at), hex_)


def _sent(
    event: DeliveryEvent, known_sent_at: datetime | None, received_at: datetime
) -> tuple[datetime | None, ...]:
    """What tells when the message was sent, the best first; nothing where the act itself counts."""
    from_the_act = event.kind in _FROM_THE_ACT and event.cause is not Cause.PROVIDER_SUPPRESSED
    if from_the_act and not _refused_after_stop(event):
        return ()
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
