"""How many segments a text takes, which is what a carrier bills, and whether its label is what makes it more.

Source: 3GPP TS 23.038, sections 6.2.1 (the alphabet and its extension table) and 6.2.3 (UCS-2); TS 23.040,
section 9.2.3.24.1 (each segment of several gives 6 of its 140 bytes to the header that joins them);
docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-character (AWS encodes and splits so). National
tables (section 6.2.1.2) are not counted with: AWS sends by none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reachable.rules.label import labelled

ALPHABET: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""One septet each. The 128th place is the escape, which stands for no character."""
EXTENSION: Final = frozenset("\f^{}\\[~]|€")
"""Two septets each: the escape and a place of the extension table."""
_FIRST_OF_TWO_UNITS: Final = 0x10000
"""Characters from here on are two units of UCS-2, a surrogate pair."""


class SmsEncoding(StrEnum):
    """How a text travels: by the alphabet of its characters, all of them."""

    GSM_7 = "gsm_7"
    UCS_2 = "ucs_2"


@dataclass(frozen=True, slots=True)
class _Room:
    """Septets or UCS-2 units that fit a segment: one by itself, and each of several."""

    alone: int
    of_several: int


ROOM: Final[Mapping[SmsEncoding, _Room]] = {
    SmsEncoding.GSM_7: _Room(alone=160, of_several=153),
    SmsEncoding.UCS_2: _Room(alone=70, of_several=67),
}


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text takes with its label. ``pushed_over_by_label``: without it, it would take fewer."""

    count: int
    encoding: SmsEncoding
    pushed_over_by_label: bool


def segments(label: str | None, text: str) -> Segments:
    """The segments of a text with its label before it. Nothing is cut: a text arrives whole or not at all.

    A label can cost more than its own length: one name with a letter outside of the GSM alphabet makes the
    whole text UCS-2.
    """
    count, encoding = _count(labelled(label, text))
    return Segments(count, encoding, pushed_over_by_label=count > _count(text)[0])


def _count(text: str) -> tuple[int, SmsEncoding]:
    encoding = SmsEncoding.GSM_7 if set(text) <= ALPHABET | EXTENSION else SmsEncoding.UCS_2
    room = ROOM[encoding]
    widths = [_width(character, encoding) for character in text]
    if sum(widths) <= room.alone:
        return 1, encoding
    count, used = 1, 0
    for width in widths:  # a character of two places is never torn apart, so a segment may end one short
        used += width
        if used > room.of_several:
            count, used = count + 1, width
    return count, encoding


def _width(character: str, encoding: SmsEncoding) -> int:
    if encoding is SmsEncoding.GSM_7:
        return 2 if character in EXTENSION else 1
    return 2 if ord(character) >= _FIRST_OF_TWO_UNITS else 1
