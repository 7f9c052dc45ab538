"""Move a message by what its provider says of it, in whatever order that comes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from reachable.model import tags
from reachable.model.credential import Credential
from reachable.model.delivery_event import DeliveryEvent, Kind
from reachable.model.message import Message, MessageStatus, message_id, read_message_id
from reachable.model.send import Purpose
from reachable.rules import message as message_rules
from reachable.store import credentials, messages
from reachable.store.messages import Said

_HOLDERS_TOLD: Final = 25
"""Of an address that many share, another system's mail is shown with at most so many of them."""


def by_event(event: DeliveryEvent, received_at: datetime) -> Message | None:
    """Move the message that an event is about; how it stands then, None where it is none of ours.

    By our own tag 1 write unit, else 2: the provider's id leads to the message, or keeps what was said until
    we know whose it is. A `sent` event of another system's message makes its record.
    """
    status = message_rules.status_of(event)
    if status is None:
        return None
    at = min(event.occurred_at or received_at, received_at)
    why = event.cause and event.cause.value
    tagged = event.metadata.get(tags.MESSAGE_ID)
    if tagged is not None and read_message_id(tagged) is not None:
        moved = messages.note(tagged, status, at, why=why)
        if moved is not None:
            return moved
    if event.provider_message_id is None:
        return None
    provider_id = provider_message_id(event.provider_message_id)
    said = messages.note_event(event.provider, provider_id, status, at, why)
    if not said.message_ids and event.kind is Kind.SENT:
        said = _foreign(event, provider_id, at)
    return _tell(said)


def link(provider: str, provider_id: str, id_: str, now: datetime) -> None:
    """Say that a provider's message is ours, and apply what it said before we knew. 1 write unit or more."""
    _tell(messages.link(provider, provider_message_id(provider_id), [id_], now))


def provider_message_id(text: str) -> str:
    """A provider's id as it is compared: without angle brackets, and up to the ``@``."""
    return text.strip("<>").partition("@")[0]


def _tell(said: Said) -> Message | None:
    """Write what was said to the records of the message; of one that is ours alone, how it stands then."""
    moved: list[Message] = []
    for id_ in said.message_ids:
        for status, at in said.at.items():
            found = messages.note(id_, status, at, why=said.reasons.get(status))
            moved += [found] if found is not None else []
    return moved[-1] if moved and len(said.message_ids) == 1 else None


def _foreign(event: DeliveryEvent, provider_id: str, at: datetime) -> Said:
    """Another system's message: shown with whom it names, else with who holds the address."""
    ids: list[str] = []
    for user_id in _whose(event):
        id_ = message_id(user_id, event.sent_at or at, f"{event.provider} {provider_id}")
        read = read_message_id(id_)
        if read is None:  # a tag that is no id of ours
            continue
        messages.put_once(
            Message(
                id=id_,
                user_id=user_id,
                channel=event.channel,
                purpose=Purpose.GENERAL,
                queued_at=read[1],
                credential=Credential.of_event(event.channel, event.address),
                provider=event.provider,
                provider_message_id=provider_id,
                at={MessageStatus.SENT: at},
            )
        )
        ids.append(id_)
    if not ids:
        return Said({}, {}, frozenset())
    return messages.link(event.provider, provider_id, ids, at)


def _whose(event: DeliveryEvent) -> Iterable[str]:
    named = event.metadata.get(tags.USER_ID)
    if named is not None:
        return [named]
    holders = credentials.some_holders(Credential.of_event(event.channel, event.address), _HOLDERS_TOLD)
    return [holder.user_id for holder in holders]
