"""Finding people by name: what a list shows of each, and how names are folded so that typing is forgiving."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from reachable.model.page import PAGE
from reachable.model.people import AccountStatus, Role, RosterKind, School, SchoolClass
from reachable.model.status import CredentialStatus

_WORD_LIMIT: Final = 32
_WORDS_LIMIT: Final = 8
_TITLE_WORDS_LIMIT: Final = 24
_APOSTROPHES: Final = str.maketrans("", "", "'`\u2018\u2019\u02bc\u02bb")  # O'Brien is found as obrien
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
"""Letters that Unicode does not take apart into a letter and an accent."""
_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A user or a student in a list, without addresses. ``role`` is a user's, ``grade`` a student's.

    ``schools`` are all of theirs by id; None where what found them does not tell.
    """

    kind: RosterKind
    id: str
    sourced_id: str
    name: str
    role: Role | None = None
    grade: str | None = None
    account_status: AccountStatus | None = None
    schools: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for; ``q`` is the beginnings of names, or one full address typed any way."""

    kind: RosterKind
    q: str = ""
    school: str | None = None
    class_: str | None = None
    role: Role | None = None
    status: CredentialStatus | None = None
    account_status: AccountStatus | None = None
    limit: int = PAGE
    cursor: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than everybody."""
        return any((self.q, self.school, self.class_, self.role, self.status, self.account_status))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSearch:
    """Which classes to look for: ``q`` is the beginnings of words of their titles."""

    q: str = ""
    school: str | None = None
    limit: int = PAGE
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ClassFound:
    """A class, and its school; None where the viewer may not know of that."""

    class_: SchoolClass
    school: School | None


def title_words(title: str) -> tuple[str, ...]:
    """As `folded_words`: subject, section, period, teacher and room are more words than a name has."""
    return folded_words(title, _TITLE_WORDS_LIMIT)


def folded_words(text: str, at_most: int = _WORDS_LIMIT) -> tuple[str, ...]:
    """The words of a name, each once, without case, accents and punctuation.

    ``Núñez-O'Dell`` gives nunez and odell.
    """
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    ).translate(_APOSTROPHES)
    words = (word[:_WORD_LIMIT] for word in _BETWEEN_WORDS.split(bare.translate(_LETTERS)) if word)
    return tuple(dict.fromkeys(words))[:at_most]
