"""How much is kept of what others wrote in a delivery event."""

from dataclasses import replace
from hashlib import sha256
from typing import Final

from reachable.model.delivery_event import DIAGNOSTIC_LIMIT, DeliveryEvent

ID_LIMIT: Final = 100
_CODE_LIMIT: Final = 40
_METADATA_LIMIT: Final = 240
_WORDS_LIMIT: Final = 500
"""Bytes of what others wrote that an item of ours keeps, in all: it stays at about 1 KB. Words give way."""


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
