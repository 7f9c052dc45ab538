"""Whose a message is that another system sent, and the record that we make of it."""

from collections.abc import Sequence
from datetime import datetime

from reachable.model.delivery_event import Channel
from reachable.model.message import Message, MessageStatus, Pointer, message_id
from reachable.model.people import Holder
from reachable.model.send import Purpose


def message(
    pointer: Pointer, channel: Channel, sent_at: datetime, held_by: Sequence[Holder], user_id: str | None
) -> Message | None:
    """The record: of the one who held the address; what several share belongs to the address.

    ``user_id`` is what a tag says: it may tell which of the holders a message is for, never anybody else.
    None where nobody held it when it was sent.
    """
    if not held_by:
        return None
    named = [holder for holder in held_by if holder.user_id == user_id] or held_by
    owner = named[0].user_id if len(named) == 1 else None
    digest = pointer.credential.digest
    account = f"/{pointer.account}" if pointer.account else ""
    # Whatever becomes of keys: told once more, a message must have the id that it had.
    seed = f"provider#{pointer.provider}{account}#{pointer.message_id} {digest}"
    return Message(
        id=message_id(owner or digest, sent_at, seed),
        user_id=owner,
        channel=channel,
        purpose=Purpose.GENERAL,
        queued_at=sent_at,
        credential=pointer.credential,
        provider=pointer.provider,
        provider_message_id=pointer.message_id,
        at={MessageStatus.SENT: sent_at},
    )
