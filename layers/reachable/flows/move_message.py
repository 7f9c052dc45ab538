"""Move a message by what its provider says of it, in whatever order that comes; what we know of it then.

An event blames whom it names. Its provider's id and that address lead to our record, if there is one; our
tag, or the id alone, lead to a record only of what dispatch itself sent (design 5, "Whom it blames").
"""

from datetime import datetime
from typing import Final

from reachable.model import tags
from reachable.model.message import Message, MessageStatus, Moved, Pointer
from reachable.rules import event as event_rules
from reachable.rules import foreign
from reachable.rules.event import UNKNOWN, Known, ReceivedEvent
from reachable.store.credentials import holders
from reachable.store.messages import last_messages, pointers, record
from reachable.store.messages.pointers import Told


def by_event(event: ReceivedEvent) -> Known:
    """Move the message that an event is about, and the newest of its credential; what we know of it.

    By our own tag 1 write unit, else 2, and 1 for the newest message. A `sent` event of another system's
    message makes its record.
    """
    step = event.step
    if step is None:
        return UNKNOWN
    moved, sent_at, before = None, None, None
    if step.tagged is not None:
        named = step.pointer.message_id if step.pointer else None
        moved = record.note_tagged(
            step.tagged, event.told.provider, named, step.at, step.reasons, for_good=step.for_good
        )
        if moved is not None:
            before = moved.before if MessageStatus.SENT in step.at else moved.before - _OURS
    if moved is None and step.pointer is not None:
        told = pointers.note_event(step.pointer, step.at, step.reasons, step.early, event.received_at)
        before = told.before
        if told.message_id is None and MessageStatus.SENT in step.at:
            told = _foreign(event, step.pointer, told)
        sent_at = told.sent_at
        # All that is known, not this event alone: who told it before may have died before the record knew.
        if told.message_id is not None:
            moved = record.note(told.message_id, told.at, told.reasons, for_good=step.for_good)
            before |= moved.before - _OURS if moved is not None else frozenset()
    return _known(moved, sent_at, before)


_OURS: Final = frozenset({MessageStatus.SENT})
"""What no event has told of a message that dispatch sent: dispatch wrote it down itself."""


def of_dispatch(message_id: str, event: ReceivedEvent) -> Known:
    """Move a message of which we know that dispatch sent it. 2 write units."""
    if event.step is None:
        return UNKNOWN
    step = event.step
    return _known(record.note(message_id, step.at, step.reasons, for_good=step.for_good), None)


def link(message: Message) -> list[ReceivedEvent]:
    """Say by which provider's id a message that dispatch sent goes, and move it by what was said before.

    Gives the bounces that came before we knew: they are to be applied, since one that names another address
    blames whom we sent to. 1 write unit and 1 read unit, and 2 write units where something was said.
    """
    if not (message.provider and message.provider_message_id and message.credential and message.sent_at):
        return []
    pointer = Pointer(message.provider, None, message.provider_message_id, message.credential)
    told, earlies = pointers.link_dispatched(pointer, message.id, message.sent_at)
    bounces = [event_rules.received(early.event, None, early.received_at) for early in earlies]
    kept = {status for bounce in bounces if bounce.step for status in bounce.step.at}
    others = {status: at for status, at in told.at.items() if status not in kept}
    if others:
        _known(record.note(message.id, others, told.reasons), None)
    return bounces


def _foreign(event: ReceivedEvent, pointer: Pointer, told: Told) -> Told:
    """Make the record of another system's message; all that is told of that."""
    sent_at, user_id = told.at[MessageStatus.SENT], event.told.metadata.get(tags.USER_ID)
    held_by = holders.at(pointer.credential, sent_at, _SEVERAL, user_id)
    message = foreign.message(pointer, event.told.channel, sent_at, held_by, user_id)
    if message is None:
        return told
    record.put(message)
    return pointers.link(pointer, message.id, event.received_at)


_SEVERAL: Final = 2
"""Holders: enough to know that they share an address."""


def _known(
    moved: Moved | None, sent_at: datetime | None, before: frozenset[MessageStatus] | None = None
) -> Known:
    if moved is None:
        return Known(sent_at=sent_at, before=before)
    last_messages.tell(moved.message)
    return Known(moved, moved.message.sent_at or sent_at, before)
