"""Unsubscribe: who has a mail closes the address that it came to (RFC 8058)."""

from datetime import datetime

from reachable.flows import apply
from reachable.model.delivery_event import OURS, Cause, Channel, DeliveryEvent, Kind
from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.secrets import unsubscribe_links
from reachable.store.messages import record


def check(token: str) -> None:
    """Whether a link is one of ours; changes nothing.

    Raises:
        NotFound: it is not.
    """
    unsubscribe_links.message_of(token)


def by_link(token: str, now: datetime) -> None:
    """Close the address. Pressed again after somebody has opened it with consent, it closes it again.

    1 read unit and 2 write units.

    Raises:
        NotFound: the link is none of ours, or its message is kept no longer.
    """
    message = record.get(unsubscribe_links.message_of(token))
    if message.credential is None or message.channel is not Channel.EMAIL:
        raise NotFound(Detail.LINK_NOT_VALID)
    event = DeliveryEvent(
        provider=OURS,
        channel=Channel.EMAIL,
        kind=Kind.OPTED_OUT,
        cause=Cause.OPT_OUT,
        address=message.credential.address,
        occurred_at=now,
        event_id=f"unsubscribe {message.id} {now:%Y-%m-%dT%H:%M:%S}",
    )
    apply.event(event, now)
