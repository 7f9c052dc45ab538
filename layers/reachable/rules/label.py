"""The words before a text to a shared phone, so that whoever reads it knows whom it is for.

A text to a shared phone starts ``For <given name>: `` of the user it is for, in that user's language; the
surname's initial is added where two holders have the same given name (design section 5).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reachable import words
from reachable.model.search import folded_words

_NAME_LIMIT: Final = 40
"""Characters of a name: a label must leave room for the text."""


@dataclass(frozen=True, slots=True)
class PhoneHolder:
    """Who has a phone, as far as a label needs to know."""

    user_id: str
    given_name: str
    family_name: str
    language: str


def labels(holders: Iterable[PhoneHolder], default_language: str) -> dict[str, str]:
    """The label of each user of one phone, by user id; none where the phone is not shared."""
    sharing = tuple(holders)
    if len(sharing) < 2:  # noqa: PLR2004 - two make it shared
        return {}
    times = Counter(_same(holder) for holder in sharing)
    return {
        holder.user_id: words.label(
            _name(holder, alone=times[_same(holder)] == 1), words.spoken(holder.language, default_language)
        )
        for holder in sharing
    }


def labelled(label: str | None, text: str) -> str:
    """A text as it goes out: its label, if it has one, before it."""
    return f"{label or ''}{text}"


def _spoken(holder: PhoneHolder) -> str:
    """The name by which somebody is called; who has no given name is called by the surname."""
    return (holder.given_name or holder.family_name)[:_NAME_LIMIT]


def _same(holder: PhoneHolder) -> tuple[str, ...]:
    """By what two given names are told apart: not by case or accents, which a text may lose."""
    return folded_words(_spoken(holder))


def _name(holder: PhoneHolder, *, alone: bool) -> str:
    if alone or not holder.given_name or not holder.family_name:
        return _spoken(holder)
    return f"{_spoken(holder)} {holder.family_name[0].upper()}."
