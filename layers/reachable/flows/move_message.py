"""Move a message by what its provider says of it, in whatever order that comes; what we know of it then.

An event blames whom it names. Its provider's id and that address lead to our record, if there is one; our
tag, or the id alone, lead to a record only of what dispatch itself sent (design 5, "Whom it blames").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reachable.model import tags
from reachable.model.credential import Credential
from reachable.model.delivery_event import DeliveryEvent, Kind, event_hex
from reachable.model.message import Message, MessageStatus, Moved, message_id, read_message_id
from reachable.model.send import DISPATCHED_BY, Purpose
from reachable.rules import event as event_rules
from reachable.rules.event import UNKNOWN, Known, Step
from reachable.store.credentials import holders
from reachable.store.messages import last_messages, pointers, record
from reachable.store.messages.pointers import Early, Source, Told


def by_event(event: DeliveryEvent, account: str | None, received_at: datetime) -> Known:
    """Move the message that an event is about, and the newest of its credential; what we know of it.

    By our own tag 1 write unit, else 2, and 1 for the newest message. A `sent` event of another system's
    message makes its record.
    """
    step = event_rules.step(event, received_at)
    if step is None:
        return UNKNOWN
    moved = _by_tag(event, step)
    if moved is not None:
        return _known(moved, None)
    if event.provider_message_id is None:
        return UNKNOWN
    source = Source(event.provider, account, plain_id(event.provider, event.provider_message_id))
    return _by_id(source, event, step, received_at)


def _by_id(source: Source, event: DeliveryEvent, step: Step, received_at: datetime) -> Known:
    """By the provider's id and the address that the event names; else by the id alone."""
    credential = Credential.of_event(event.channel, event.address)
    early = _early(source, event, received_at)
    told = pointers.note_event(source, credential, {step.status: step.at}, _reasons(step), early, received_at)
    if told.message_id is not None:
        # All that is known, not this event alone: who told it before may have died before the record knew.
        return _known(record.note(told.message_id, told.at, told.reasons), told.sent_at)
    forwarded = _of_dispatch(source, event)
    if forwarded is not None:
        return of_dispatch(forwarded, event, received_at)
    if event.kind is Kind.SENT:
        return _known(_foreign(event, source, credential, told, received_at), told.sent_at)
    return Known(sent_at=told.sent_at)


def of_dispatch(message_id_: str, event: DeliveryEvent, received_at: datetime) -> Known:
    """Move a message of which we know that dispatch sent it. 2 write units."""
    step = event_rules.step(event, received_at)
    if step is None:
        return UNKNOWN
    return _known(record.note(message_id_, {step.status: step.at}, _reasons(step)), None)


def link(message: Message) -> list[Early]:
    """Say by which provider's id a message that dispatch sent goes, and move it by what was said before.

    Gives the bounces that came before we knew: they are to be applied, since one that names another address
    blames whom we sent to. 1 write unit and 1 read unit, and 2 write units where something was said.
    """
    if not (message.provider and message.provider_message_id and message.credential and message.sent_at):
        return []
    source = Source(message.provider, None, message.provider_message_id)
    told, early = pointers.link_dispatched(source, message.credential, message.id, message.sent_at)
    kept = {step.status for one in early if (step := event_rules.step(one.event, one.received_at))}
    others = {status: at for status, at in told.at.items() if status not in kept}
    if others:
        _known(record.note(message.id, others, told.reasons), None)
    return early


def plain_id(provider: str, provider_message_id: str) -> str:
    """A provider's id as it is compared: without angle brackets; SES adds an ``@`` and its host in a mail.

    With others the sender may choose the id, and what stands before the ``@`` may be the same of all.
    """
    bare = provider_message_id.strip("<>")
    return (bare.partition("@")[0] or bare) if provider == _SES else bare


_SES: Final = "ses"


def _by_tag(event: DeliveryEvent, step: Step) -> Moved | None:
    tagged = event.metadata.get(tags.MESSAGE_ID)
    if tagged is None or read_message_id(tagged) is None:
        return None
    provider_id = event.provider_message_id and plain_id(event.provider, event.provider_message_id)
    return record.note_tagged(tagged, event.provider, provider_id, {step.status: step.at}, _reasons(step))


def _early(source: Source, event: DeliveryEvent, received_at: datetime) -> Early | None:
    """What must be applied once more where dispatch turns out to have sent the message."""
    if event.kind not in event_rules.BOUNCES or event.provider not in DISPATCHED_BY:
        return None
    return Early(event_hex(event.provider, event.event_id, source.account), event, received_at)


def _of_dispatch(source: Source, event: DeliveryEvent) -> str | None:
    """The message of an event that names another address than we sent to: somebody forwarded it."""
    return pointers.dispatched(source) if event.provider in DISPATCHED_BY else None


def _known(moved: Moved | None, sent_at: datetime | None) -> Known:
    if moved is None:
        return Known(sent_at=sent_at)
    last_messages.tell(moved.message)
    return Known(moved, moved.message.sent_at or sent_at)


def _reasons(step: Step) -> Mapping[MessageStatus, str]:
    return {step.status: step.why} if step.why else {}


def _foreign(
    event: DeliveryEvent, source: Source, credential: Credential, told: Told, received_at: datetime
) -> Moved | None:
    """Another system's message: of the one who held the address; what several share belongs to the address.

    None where nobody held it when it was sent.
    """
    sent_at = told.at[MessageStatus.SENT]
    owner = _owner(event, credential, sent_at)
    if owner is None:
        return None
    id_ = message_id(owner.id, sent_at, f"{source.entity} {credential.digest}")
    read = read_message_id(id_)
    assert read is not None  # noqa: S101 - the id is one that we made
    message = Message(
        id=id_,
        user_id=owner.id if owner.is_user else None,
        channel=event.channel,
        purpose=Purpose.GENERAL,
        queued_at=read[1],
        credential=credential,
        provider=source.provider,
        provider_message_id=source.message_id,
        at={MessageStatus.SENT: sent_at},
    )
    record.put(message)
    told = pointers.link(source, credential, message, received_at)
    return record.note(told.message_id or id_, told.at, told.reasons)


@dataclass(frozen=True, slots=True)
class _Owner:
    id: str
    is_user: bool


_ALONE: Final = 1


def _owner(event: DeliveryEvent, credential: Credential, at: datetime) -> _Owner | None:
    """Whose it was then. A tag may say which of its holders a message is for, never anybody else."""
    held_by = holders.at(credential, at, _ALONE + 1, event.metadata.get(tags.USER_ID))
    named = [holder for holder in held_by if holder.user_id == event.metadata.get(tags.USER_ID)]
    if named or len(held_by) == _ALONE:
        return _Owner((named or held_by)[0].user_id, is_user=True)
    return _Owner(credential.digest, is_user=False) if held_by else None
