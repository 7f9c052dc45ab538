"""What a person texts to stop messages and to have them again: the whole text, in any case.

Source: the default keywords that the SMS providers document; each dialect names its pages.
"""

from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Channel, DeliveryEvent
from reachable.providers import _addresses
from reachable.providers._classifications import OPTED_IN, OPTED_OUT, Classification, event_of

_STOP: Final = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out", "arret"}
)
_START: Final = frozenset({"start", "unstop", "yes"})


def wish(text: str | None) -> Classification | None:
    """What the text asks for; None for any other text."""
    word = (text or "").strip().lower()
    if word in _STOP:
        return OPTED_OUT
    return OPTED_IN if word in _START else None


def inbound(
    provider: str,
    text: str | None,
    sender: str | None,
    *,
    event_id: str,
    occurred_at: datetime | None = None,
    provider_code: str | None = None,
) -> DeliveryEvent | None:
    """The event of a text that came in: who sent it is the person. None where it asks for nothing of this."""
    return event_of(
        provider,
        Channel.SMS,
        wish(text),
        _addresses.phone(sender),
        event_id=event_id,
        occurred_at=occurred_at,
        provider_code=provider_code,
    )
