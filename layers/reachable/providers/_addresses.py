"""The address that an event names, in normal form; None where it names nobody.

The common form costs one match; only display names and other scripts cost more, since every event of every
provider passes here.
"""

import re
from email.utils import parseaddr
from typing import Final

from reachable.model.errors import InvalidAddress

_WORD: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_RESERVED: Final = r"(?i:arpa|invalid|local|localhost|onion|test)"
_PLAIN_EMAIL: Final = re.compile(
    rf"{_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+(?!{_RESERVED}$){_LABEL}(?<=[A-Za-z])"
)
"""What needs no library: it takes each such address, and gives it in lower case (a test holds them together).

``..--`` begins a label of Punycode or one that is not allowed.
"""
_LONGEST_PLAIN: Final = 254
_E164: Final = re.compile(r"\+?([1-9][0-9]{7,14})")
_LONGEST: Final = 320
"""Characters of an address with its display name; the parser of the standard library recurses in comments."""


def email(text: str | None) -> str | None:
    """The bare address in lower case with its domain in IDNA: of ``Ada <ADA@Example.org>`` and the like.

    A text that names several people names nobody: the first is never guessed.
    """
    if text is None or len(text) > _LONGEST:
        return None
    if _is_plain(text):
        return text.lower()
    _, bare = parseaddr(text)
    if _is_plain(bare):
        return bare.lower()
    # Imported here: it brings email-validator and phonenumbers, 40 ms of a cold start for a rare address.
    from reachable.model import addresses

    try:
        return addresses.email(bare).address
    except InvalidAddress:
        return None


def _is_plain(text: str) -> bool:
    return len(text) <= _LONGEST_PLAIN and _PLAIN_EMAIL.fullmatch(text) is not None


def phone(text: str | None) -> str | None:
    """The number in E.164: some providers leave the plus out. A short code or a sender's name is nobody."""
    found = _E164.fullmatch(text.strip()) if text else None
    return f"+{found[1]}" if found else None
