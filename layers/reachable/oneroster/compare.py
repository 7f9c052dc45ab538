"""The guard against a broken export: how much of what is stored a new export would take away or change.

A SIS that exports half a school, or an empty email column, must not erase half a district's contact data. So
what counts is not the lines of a file but what they bring about: a user whose role is blank is no user, an
enrollment in a class that is not there is none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster.join import guardianships
from reachable.oneroster.problems import Problems
from reachable.oneroster.rows import Enrollment, Person, Rows
from reachable.oneroster.vocabulary import ROLES, SCHOOL, STUDENT


class Measure(StrEnum):
    """What is watched."""

    SCHOOLS = "schools"
    USERS = "users"
    STUDENTS = "students"
    ENROLLMENTS = "enrollments"
    GUARDIANSHIPS = "guardianships"
    EMAILS = "emails"
    PHONES = "phones"


_PLACE: Final[Mapping[Measure, tuple[str, str | None]]] = {
    Measure.SCHOOLS: ("orgs.csv", None),
    Measure.USERS: ("users.csv", None),
    Measure.STUDENTS: ("users.csv", None),
    Measure.ENROLLMENTS: ("enrollments.csv", None),
    Measure.GUARDIANSHIPS: ("users.csv", "agentSourcedIds"),
    Measure.EMAILS: ("users.csv", "email"),
    Measure.PHONES: ("users.csv", "sms"),
}
"""The file and the column where it stands."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Of what was stored: how many there were, how many are gone or emptied, how many are another now."""

    before: int
    removed: int
    changed: int = 0


@dataclass(frozen=True, slots=True)
class AllowedShares:
    """Shares of what is stored, 0 to 1, over which an export is refused unless forced."""

    removal: float
    change: float


def compare(old: Rows, new: Rows, *, then: date, now: date) -> dict[Measure, Difference]:
    """What the new rows would take away ``now`` from what the old ones brought about ``then``, and change.

    A role that has ended meanwhile takes somebody away without a line that changed.
    """
    students, users = _people(old, then)
    students_now, users_now = _people(new, now)
    schools = _schools(old)
    links = {(s, u) for s, u in guardianships(old) if s in students and u in users}
    links_now = {(s, u) for s, u in guardianships(new) if s in students_now and u in users_now}
    return {
        Measure.SCHOOLS: Difference(len(schools), len(schools - _schools(new))),
        Measure.USERS: Difference(len(users), len(users - users_now)),
        Measure.STUDENTS: Difference(len(students), len(students - students_now)),
        Measure.ENROLLMENTS: _enrollments(old, new),
        Measure.GUARDIANSHIPS: Difference(len(links), len(links - links_now)),
        Measure.EMAILS: _addresses(old, new, lambda person: person.email),
        Measure.PHONES: _addresses(old, new, lambda person: person.phone),
    }


def guard(differences: Mapping[Measure, Difference], allowed: AllowedShares, problems: Problems) -> None:
    """Note each share that is over what is allowed."""
    for measure, difference in differences.items():
        for count, share, kind in (
            (difference.removed, allowed.removal, ProblemKind.TOO_MUCH_REMOVED),
            (difference.changed, allowed.change, ProblemKind.TOO_MUCH_CHANGED),
        ):
            if count > share * difference.before:
                file, column = _PLACE[measure]
                problems.add(kind, file, column=column, figures=f"{measure}: {count} of {difference.before}")


def _schools(rows: Rows) -> set[str]:
    return {org.sourced_id for org in rows.orgs.values() if org.type == SCHOOL}


def _people(rows: Rows, day: date) -> tuple[set[str], set[str]]:
    """The students, and the users. A role in users.csv counts; else those of roles.csv, on that day."""
    today = day.isoformat()
    running = [row for row in rows.roles.values() if not row.end or row.end >= today]
    listed_students = {row.person for row in running if row.role == STUDENT}
    listed_users = {row.person for row in running if row.role in ROLES}
    students: set[str] = set()
    users: set[str] = set()
    for id_, person in rows.people.items():
        if person.role == STUDENT or (not person.role and id_ in listed_students):
            students.add(id_)
        elif person.role in ROLES or (not person.role and id_ in listed_users):
            users.add(id_)
    return students, users


def _enrollments(old: Rows, new: Rows) -> Difference:
    """Who is in which class, whatever the line's id: some exports give the lines new ids every night."""
    before = 0
    lost: list[tuple[str, str, str]] = []
    for row in old.enrollments.values():
        if _counts(row, old):
            before += 1
            now = new.enrollments.get(row.sourced_id)
            if now is None or _seat(now) != _seat(row) or not _counts(now, new):
                lost.append(_seat(row))
    # Another line of the same seat makes good for one that is lost: of a new id, or one that was there twice.
    sought = set(lost)
    found = {
        seat
        for row in (new.enrollments.values() if lost else ())
        if (seat := _seat(row)) in sought and _counts(row, new)
    }
    return Difference(before, sum(seat not in found for seat in lost))


def _seat(row: Enrollment) -> tuple[str, str, str]:
    return row.class_, row.person, row.role


def _counts(row: Enrollment, rows: Rows) -> bool:
    class_ = rows.classes.get(row.class_)
    return class_ is not None and class_.school in rows.orgs and row.person in rows.people


def _addresses(old: Rows, new: Rows, of: Callable[[Person], str | None]) -> Difference:
    before = removed = changed = 0
    for was, is_now in _pairs(old, new, of):
        before += 1
        removed += is_now is None
        changed += is_now is not None and is_now != was
    return Difference(before, removed, changed)


def _pairs(old: Rows, new: Rows, of: Callable[[Person], str | None]) -> Iterator[tuple[str, str | None]]:
    for person in old.people.values():
        if (was := of(person)) is not None:
            now = new.people.get(person.sourced_id)
            yield was, of(now) if now is not None else None
