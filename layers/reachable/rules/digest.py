"""What the weekly digest says: whom messages no longer reach, to staff who can mend it (design section 5).

A member of staff reads of whom they see anyway, and of each what everybody may read who sees them
(`Audience.STAFF`). Names come from a roster, so from anybody: one line each, of a bounded length. The mail is
plain text, in which nothing is markup.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final
from unicodedata import category

from reachable import words
from reachable.model.bad_credential import BadCredential
from reachable.model.guidance import Audience
from reachable.model.people import School, Student, User
from reachable.model.status import NEVER, Mark, time_of
from reachable.model.viewer import TokenRole, Viewer
from reachable.rules import bad_credentials, permissions
from reachable.rules import statistics as statistics_rules
from reachable.words import Language

MOST: Final = 100
"""People in one mail."""
_MOST_CHARACTERS: Final = 80_000
"""Of what a mail lists, however long the names: a mail's text may have 100,000 (`rules.wish`)."""
_NAME: Final = 100
"""Characters of a name that are shown."""
_BLANKS: Final = frozenset({"Cc", "Zl", "Zp", "Zs"})
"""Unicode's categories of line ends, blanks and controls. All else of ``C`` is not seen or turns the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody on a school's list: all that is bad of theirs, and their students at that school."""

    user: User
    lines: tuple[BadCredential, ...]
    students: tuple[Student, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A mail as it goes. ``shown`` are the ids of the people whom it names."""

    subject: str
    text: str
    shown: tuple[str, ...] = ()


def week(at: datetime) -> str:
    """The ISO 8601 week of a time (UTC), ``2026-W48``: who has its digest gets no second one."""
    return statistics_rules.week(at.astimezone(UTC).date())


def is_over(at: datetime, now: datetime) -> bool:
    """Whether the ISO 8601 week of a time is older than that of now (UTC)."""
    return week(at) < week(now)


def listed(
    school: School,
    lines: Iterable[BadCredential],
    users: Mapping[str, User],
    students: Mapping[str, Student],
) -> list[Listed]:
    """The people of a school's list, the newest first by what staff may read; the rest by name.

    Who is not among ``users`` has left.
    """
    by_user: dict[str, list[BadCredential]] = {}
    for line in lines:
        by_user.setdefault(line.user_id, []).append(line)
    people = [
        Listed(
            user=users[id_],
            lines=tuple(of_user),
            students=tuple(
                students[link.id]
                for link in users[id_].students
                if link.id in students and school.id in students[link.id].schools
            ),
        )
        for id_, of_user in by_user.items()
        if id_ in users
    ]
    people.sort(key=lambda person: (person.user.name.casefold(), person.user.id))
    return sorted(people, key=_newest, reverse=True)


def _newest(person: Listed) -> Mark:
    told = (bad_credentials.newest(line, Audience.STAFF) for line in person.lines)
    return max((block.at for block in told if block is not None), default=NEVER)


def seen_by(staff: User, people: Iterable[Listed]) -> list[Listed]:
    """Those whom a member of staff may know of, by the rule of scope; of oneself there is ``/me``."""
    viewer = Viewer(
        staff.id, frozenset({TokenRole(staff.role)}), frozenset(staff.works_at), frozenset(staff.classes)
    )
    return [
        person
        for person in people
        if person.user.id != staff.id and permissions.user_in_scope(viewer, person.user, person.students)
    ]


def of_school(school: School, people: Sequence[Listed], language: Language, zone: tzinfo) -> Digest | None:
    """The mail about these people of a school, in this order; None where there is nobody."""
    if not people:
        return None
    texts, name = words.digest(language), _plain(school.name, school.sourced_id)
    told = _within(_paragraph(person, language, zone) for person in people[:MOST])
    left = len(people) - len(told)
    parts = [
        texts.intro.format(school=name),
        *told,
        *([texts.more.format(count=left)] if left else []),
        texts.end.format(school=name),
    ]
    return Digest(
        subject=texts.subject.format(school=name, count=len(people)),
        text="\n\n".join(parts) + "\n",
        shown=tuple(person.user.id for person in people[: len(told)]),
    )


def of_district(
    counts: Iterable[tuple[School | None, int]], people: int, language: Language
) -> Digest | None:
    """The mail with the number of each school, and of who is at none; None where there is nobody.

    ``people`` are all of them, each once.
    """
    if not people:
        return None
    texts = words.digest(language)
    named = [
        (_plain(at.name, at.sourced_id) if at is not None else texts.no_school, count)
        for at, count in counts
        if count
    ]
    named.sort(key=lambda line: (-line[1], line[0].casefold()))
    told = _within(f"{name}: {count}" for name, count in named)
    left = len(named) - len(told)
    parts = [
        texts.district_intro,
        "\n".join(told),
        *([texts.district_more.format(count=left)] if left else []),
        texts.district_end,
    ]
    return Digest(subject=texts.district_subject.format(count=people), text="\n\n".join(parts) + "\n")


def _within(parts: Iterable[str]) -> list[str]:
    """As many of them, from the first, as a mail has room for."""
    told: list[str] = []
    room = _MOST_CHARACTERS
    for part in parts:
        room -= len(part)
        if room < 0:
            break
        told.append(part)
    return told


def _paragraph(person: Listed, language: Language, zone: tzinfo) -> str:
    name = _plain(person.user.name, person.user.sourced_id)
    return "\n".join([name, *(_line(line, language, zone) for line in person.lines)])


def _line(line: BadCredential, language: Language, zone: tzinfo) -> str:
    """What of a credential does not arrive, since when, why, and what to do."""
    texts, kind = words.digest(language), line.credential.kind
    closed = {channel for block in line.blocks for channel in block.channels}
    by = f" {texts.or_} ".join(texts.by[channel] for channel in line.credential.channels if channel in closed)
    said = [texts.no.format(by=by)]
    newest = bad_credentials.newest(line, Audience.STAFF)
    if newest is not None:
        reason = words.reason(newest.register.ground, newest.cause, kind, language)
        said.append(texts.since.format(date=words.day(time_of(newest.at), language, zone), reason=reason))
    said += (words.guidance(advised, language, None, zone=zone) for advised in bad_credentials.advice(line))
    return " ".join(said)


def _plain(name: str, sourced_id: str) -> str:
    """A name in one line; of who has none, what the SIS calls them."""
    shown = _one_line(name) or _one_line(sourced_id)
    return shown if len(shown) <= _NAME else f"{shown[: _NAME - 1]}…"


def _one_line(name: str) -> str:
    """What is seen of a name, with one space for all that parts its words."""
    told = ((char, category(char)) for char in name)
    kept = (" " if of in _BLANKS else char for char, of in told if of in _BLANKS or not of.startswith("C"))
    return " ".join("".join(kept).split())
