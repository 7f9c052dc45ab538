"""The guard against a broken export: how much of what is stored a new export would take away or change.

A SIS that exports half a school, or an empty email column, must not erase half a district's contact data. So
what counts is not the lines of a file but what they bring about: a user whose role is blank or has ended is
no user, an enrollment in a class that has ended is none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from reachable.model.roster_problem import ProblemKind
from reachable.model.search import folded_words
from reachable.oneroster.join import Joined
from reachable.oneroster.problems import Problems
from reachable.oneroster.read import Export, is_spoilt
from reachable.oneroster.rows import Enrollment, Person
from reachable.oneroster.vocabulary import FILES_READ, SCHOOL


class Measure(StrEnum):
    """What is watched."""

    SCHOOLS = "schools"
    USERS = "users"
    STUDENTS = "students"
    ROLES = "roles"
    ENROLLMENTS = "enrollments"
    GUARDIANSHIPS = "guardianships"
    EMAILS = "emails"
    PHONES = "phones"
    NAMES = "names"
    ACCENTS = "accents"


_PLACE: Final[Mapping[Measure, tuple[str, str | None]]] = {
    Measure.SCHOOLS: ("orgs.csv", None),
    Measure.USERS: ("users.csv", None),
    Measure.STUDENTS: ("users.csv", None),
    Measure.ROLES: ("users.csv", "role"),
    Measure.ENROLLMENTS: ("enrollments.csv", None),
    Measure.GUARDIANSHIPS: ("users.csv", "agentSourcedIds"),
    Measure.EMAILS: ("users.csv", "email"),
    Measure.PHONES: ("users.csv", "sms"),
    Measure.NAMES: ("users.csv", "familyName"),
    Measure.ACCENTS: ("users.csv", "familyName"),
}
"""The file and the column where it stands."""
_AT_LEAST: Final[Mapping[Measure, int]] = {Measure.ACCENTS: 9}
"""What is no mass, whatever its share: of three names with accents one may be corrected."""
_SOON: Final = timedelta(days=7)
"""Class lists that an export lets end within a week will have ended by date when anybody looks."""
_FEW: Final = 10
"""Lines of one file that may be unreadable, whatever their share: up to half of it."""


@dataclass(slots=True)
class Difference:
    """Of what was stored: how many there were, how many are gone or emptied, how many are another now."""

    before: int = 0
    removed: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """What an export takes away and changes; of class lists, how many have ``ended`` that ``stood``."""

    differences: Mapping[Measure, Difference] = field(default_factory=dict)
    ended: int = 0
    stood: int = 0


@dataclass(frozen=True, slots=True)
class AllowedShares:
    """Shares of what is stored, 0 to 1, over which an export is refused unless forced."""

    removal: float
    change: float


def compare(then: Joined, now: Joined, new: Joined, allowed: AllowedShares) -> Compared:
    """What ``new`` would take away of what is stored, and change.

    People are compared with how they were ``then``, at the last import: that a role has ended since takes
    somebody away without a line that changed, and nobody is to vanish unseen. Class lists are compared with
    what is left of them ``now``, when terms and enrollments have ended by the dates that they always had: if
    those are more than ``allowed``, it is the end of a year, which is told and refused by nobody.
    """
    stood = [row for row in then.rows.enrollments.values() if then.has_seat(row)] if then is not now else []
    ended = sum(not now.has_seat(row) for row in stood)
    return Compared(
        {
            Measure.SCHOOLS: _gone(_schools(then), _schools(new)),
            Measure.USERS: _gone(then.roles, new.roles),
            Measure.STUDENTS: _gone(then.student_ids, new.student_ids),
            Measure.ENROLLMENTS: _enrollments(now, new),
            Measure.GUARDIANSHIPS: _guardianships(then, new),
            **_people(then, new),
        },
        ended if ended > allowed.removal * len(stood) else 0,
        len(stood),
    )


def guard(compared: Compared, allowed: AllowedShares, problems: Problems) -> None:
    """Note each share that is over what is allowed, and the end of a year."""
    for measure, difference in compared.differences.items():
        for count, share, kind in (
            (difference.removed, allowed.removal, ProblemKind.TOO_MUCH_REMOVED),
            (difference.changed, allowed.change, ProblemKind.TOO_MUCH_CHANGED),
        ):
            if count > max(share * difference.before, _AT_LEAST.get(measure, 0)):
                file, column = _PLACE[measure]
                problems.add(kind, file, column=column, figures=f"{measure}: {count} of {difference.before}")
    if compared.ended:
        figures = f"{Measure.ENROLLMENTS}: {compared.ended} of {compared.stood}"
        problems.add(ProblemKind.ENDED_BY_DATE, "enrollments.csv", figures=figures)


def guard_unread(export: Export, allowed: AllowedShares, problems: Problems) -> None:
    """Note each file of which more lines could not be read than is allowed."""
    for columns in FILES_READ:
        read = export.files.get(columns.table)
        if read is None:
            continue
        unread = read.unread.lines
        if unread > max(allowed.removal * read.count, min(_FEW, read.count / 2)):
            figures = f"{unread} of {read.count}"
            problems.add(ProblemKind.TOO_MUCH_UNREAD, f"{columns.file}.csv", figures=figures)


def _gone(before: Iterable[str], now: Iterable[str]) -> Difference:
    known = before if isinstance(before, set) else set(before)
    return Difference(len(known), len(known.difference(now)))


def _schools(joined: Joined) -> set[str]:
    return {org.sourced_id for org in joined.rows.orgs.values() if org.type == SCHOOL}


def _enrollments(old: Joined, new: Joined) -> Difference:
    """Who is in which class, whatever the line's id: some exports give the lines new ids every night.

    Changed is a seat that ends within a week now and did not before.
    """
    before = ending = 0
    soon = (new.today + _SOON).isoformat()
    watched = new.rows.sessions != old.rows.sessions or new.rows.enrollments != old.rows.enrollments
    lost: list[tuple[str, str, str]] = []
    rows = new.rows.enrollments
    for sourced_id, row in old.rows.enrollments.items():
        if old.has_seat(row):
            before += 1
            now = rows.get(sourced_id)
            if now is None or not (now is row or _seat(now) == _seat(row)) or not new.has_seat(now):
                lost.append(_seat(row))
            elif watched and new.last_day(now) < min(old.last_day(row), soon):
                ending += 1
    # Another line of the same seat makes good for one that is lost: of a new id, or one that was there twice.
    sought = set(lost)
    found = {
        seat
        for row in (rows.values() if lost else ())
        if (seat := _seat(row)) in sought and new.has_seat(row)
    }
    return Difference(before, sum(seat not in found for seat in lost), ending)


def _seat(row: Enrollment) -> tuple[str, str, str]:
    return row.class_, row.person, row.role


def _guardianships(old: Joined, new: Joined) -> Difference:
    ties = list(old.ties())
    return Difference(len(ties), sum(not new.is_tied(tie) for tie in ties))


def _people(old: Joined, new: Joined) -> dict[Measure, Difference]:
    """What is known of each person who was there: addresses, names, and of users the role."""
    roles, emails, phones = Difference(), Difference(), Difference()
    names, accents = Difference(), Difference()
    for sourced_id, was in old.rows.people.items():
        role = old.roles.get(sourced_id)
        if role is None and sourced_id not in old.student_ids:
            continue
        now = new.rows.people.get(sourced_id)
        role_now = new.roles.get(sourced_id)
        if role is not None:
            roles.before += 1
            roles.changed += role_now is not None and role_now is not role
            here = now if role_now is not None else None
            _address(emails, was.email, here.email if here else None)
            _address(phones, was.phone, here.phone if here else None)
        _names(names, accents, was, now)
    return {
        Measure.ROLES: roles,
        Measure.EMAILS: emails,
        Measure.PHONES: phones,
        Measure.NAMES: names,
        Measure.ACCENTS: accents,
    }


def _address(difference: Difference, was: str | None, now: str | None) -> None:
    if was is not None:
        difference.before += 1
        difference.removed += now is None
        difference.changed += now is not None and now != was


def _names(names: Difference, accents: Difference, was: Person, now: Person | None) -> None:
    """A name is another; and, counted apart, the same without its accents, or with spoilt ones."""
    names.before += 1
    if now is was:  # as most
        accents.before += not (was.given_name.isascii() and was.family_name.isascii())
        return
    before, after = _name(was), _name(now) if now is not None else None
    changed = after is not None and after != before
    names.changed += after is not None and after.casefold() != before.casefold()
    if not before.isascii():
        accents.before += 1
        accents.changed += changed and after is not None and _is_spoilt_of(before, after)


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}"


def _is_spoilt_of(before: str, after: str) -> bool:
    return (
        is_spoilt(after) or "?" in after or (after.isascii() and folded_words(after) == folded_words(before))
    )
