"""Did you mean: the receiving domain that somebody meant who wrote another, a letter or two from it.

Of a dead address alone, for the office to check with the family; nothing is ever changed by it. What counts
is the district's own roster: a domain that many of its addresses have, beside one that hardly any has.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause
from reachable.model.statistics import Numbers, Word
from reachable.model.status import Block

SEVERAL: Final = 3
"""Addresses from which on a domain is no slip of one pen."""
MANY: Final = 40
"""Addresses of a domain that is offered: many times those that a slip has."""
MOST: Final = 300
"""Domains that are kept."""
_PROOF: Final = 3
"""Bounces of a domain that tell that it takes no mail."""
_SHORT: Final = 8
"""Letters of the name, without its end, up to which one may differ."""
_TOO_SHORT: Final = 3
"""Letters up to which none may: ``aol``, ``mol``, ``me``, ``we`` are all real."""
_ENDS: Final = frozenset({"com", "net", "org", "edu", "gov"})
_REAL_ENDS: Final = frozenset({"eu", "ne", "cam", "bet", "ret"}) | _ENDS
"""What a letter makes of those, and is real."""


def used(counts: Mapping[str, int]) -> dict[str, int]:
    """Of domains with their numbers of addresses those that people use here, the most used first."""
    named = sorted(counts.items(), key=lambda told: (-told[1], told[0]))
    return {domain: number for domain, number in named[:MOST] if number >= SEVERAL}


def good(counts: Mapping[str, int], came_to: Mapping[str, Numbers]) -> dict[str, int]:
    """Without those of which as much comes back, for good, as more than half of their addresses.

    Of addresses, not of messages: a provider may tell of bounces alone. A slip that a whole form
    copied looks like a domain that many use, and must not be told to anybody.
    """
    return {
        domain: addresses
        for domain, addresses in counts.items()
        if not _is_dead(addresses, came_to.get(domain, {}))
    }


def _is_dead(addresses: int, told: Numbers) -> bool:
    bounced = told.get(Word.BOUNCED_PERMANENT, 0)
    return bounced >= _PROOF and bounced > addresses / 2


def may_be_a_slip(credential: Credential, blocks: Iterable[Block]) -> bool:
    """Whether it is mail that came back since there is no such address, by the blocks in force."""
    dead = any(block.cause is Cause.INVALID_ADDRESS for block in blocks)
    return dead and credential.kind is CredentialKind.EMAIL


def meant(domain: str, counts: Mapping[str, int]) -> str | None:
    """The domain that was meant, of those that many use here; None where none is near, or it is used itself.

    ``counts`` are the numbers of addresses of those that are used. Of several the nearest, then the one that
    most have.
    """
    written = domain.rstrip(".").lower()
    if written in counts:
        return written if written != domain.lower() else None
    near = [
        (distance, -number, known)
        for known, number in counts.items()
        if number >= MANY and (distance := _distance(written, known)) is not None
    ]
    return min(near)[2] if near else None


def _distance(written: str, known: str) -> int | None:
    """How many letters differ; None where that is more than a slip of the pen.

    Other digits, or another first letter, tell schools and providers apart: ``ps12`` and ``ps13``,
    ``south`` and ``north``, ``gmail`` and ``ymail``.
    """
    if written[:1] != known[:1] or _digits(written) != _digits(known):
        return None
    if written == known.replace(".", ""):
        return 1
    (name, _, end), (real_name, _, real_end) = written.partition("."), known.partition(".")
    if end != real_end and not _is_slip(end, real_end):
        return None
    distance = _letters(name, real_name)
    if len(real_name) <= _TOO_SHORT and distance:
        return None
    if len(real_name) <= _SHORT and distance > 1:
        return None
    return distance + (end != real_end) if distance + (end != real_end) <= _SLIP else None


_SLIP: Final = 2


def _digits(domain: str) -> list[str]:
    return [letter for letter in domain if letter.isdigit()]


def _is_slip(end: str, real: str) -> bool:
    """Whether an end is a slip, not another: ``gmx.de`` and ``gmx.at`` are real, ``gmail.con`` is none."""
    return real in _ENDS and end not in _REAL_ENDS and _letters(end, real) == 1


def _letters(one: str, other: str) -> int:
    """Letters that are others, too many, missing or in each other's place."""
    from jellyfish import damerau_levenshtein_distance  # on first use: no cold start needs it

    return damerau_levenshtein_distance(one, other)
