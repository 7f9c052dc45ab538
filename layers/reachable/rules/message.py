"""What a delivery event does to the message that it is about, and which credential it blames."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reachable.model.delivery_event import Channel, DeliveryEvent, Kind
from reachable.model.message import Message, MessageStatus

_STATUS_OF: Final[Mapping[Kind, MessageStatus]] = {
    Kind.SENT: MessageStatus.SENT,
    Kind.DELIVERED: MessageStatus.DELIVERED,
    Kind.DELAYED: MessageStatus.DELAYED,
    Kind.BOUNCED: MessageStatus.BOUNCED,
    Kind.COMPLAINED: MessageStatus.COMPLAINED,
    Kind.REJECTED: MessageStatus.REJECTED,
    Kind.FAILED: MessageStatus.FAILED,
}
_BLAMES: Final = frozenset({Kind.BOUNCED, Kind.FAILED})


def status_of(event: DeliveryEvent) -> MessageStatus | None:
    """To what a message comes by this event; None where it says nothing of one.

    A text that the carrier refuses to who texted STOP has failed. Who unsubscribes has had the mail.
    """
    if event.kind is Kind.OPTED_OUT and event.channel is not Channel.EMAIL and event.provider_message_id:
        return MessageStatus.FAILED
    return _STATUS_OF.get(event.kind)


def blamed(event: DeliveryEvent, message: Message | None) -> DeliveryEvent:
    """The event about the credential that we sent to: a bounce may name where that was forwarded to."""
    if message is None or message.credential is None or event.kind not in _BLAMES:
        return event
    if message.channel is not event.channel or message.credential.address == event.address:
        return event
    return replace(event, address=message.credential.address)
