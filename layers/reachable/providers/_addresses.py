"""The address that an event names, in normal form; None where it names nobody.

The common form costs one match; only display names and other scripts cost more, since every event of every
provider passes here.
"""

import re
from email.utils import parseaddr
from functools import lru_cache
from typing import Final

from reachable.model import plain_email
from reachable.model.errors import InvalidAddress

_E164: Final = re.compile(r"\+?([1-9][0-9]{7,14})")
_LONGEST: Final = 320
"""Characters of an address with its display name; the parser of the standard library recurses in comments."""


def email(text: str | None) -> str | None:
    """The bare address in lower case with its domain in IDNA: of ``Ada <ADA@Example.org>`` and the like.

    A text that names several people names nobody: the first is never guessed.
    """
    if text is None or len(text) > _LONGEST:
        return None
    if (plain := plain_email.normal_form(text)) is not None:
        return plain
    _, bare = parseaddr(text)
    if (plain := plain_email.normal_form(bare)) is not None:
        return plain
    local, _, domain = bare.rpartition("@")
    if not _PLAIN_LOCAL.fullmatch(local):
        return _by_library(bare)
    encoded = _domain(domain)
    return f"{local.lower()}@{encoded}" if encoded else None


def spelling(text: str | None, address: str) -> str | None:
    """The address as a text spells it, where that is another case than its normal form; else None."""
    if text is None or text == address or len(text) > _LONGEST:
        return None
    bare = text if text.lower() == address else parseaddr(text)[1]
    return bare if bare != address and bare.lower() == address else None


_PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")


@lru_cache(maxsize=1024)
def _domain(domain: str) -> str | None:
    """A domain in IDNA: in another script it costs its encoding once a process, not once an event."""
    address = _by_library(f"a@{domain}")
    return address.partition("@")[2] if address else None


def _by_library(bare: str) -> str | None:
    # Imported here: it brings email-validator and phonenumbers, 40 ms of a cold start for a rare address.
    from reachable.model import addresses

    try:
        return addresses.email(bare).address
    except InvalidAddress:
        return None


def phone(text: str | None) -> str | None:
    """The number in E.164: some providers leave the plus out. A short code or a sender's name is nobody."""
    found = _E164.fullmatch(text.strip()) if text else None
    return f"+{found[1]}" if found else None
