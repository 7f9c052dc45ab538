"""The guard against a broken export: how much of what is stored a new export would take away or change.

A SIS that exports half a school, or an empty email column, must not erase half a district's contact data.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reachable.oneroster.join import guardianships
from reachable.oneroster.problems import ProblemKind, Problems
from reachable.oneroster.rows import Person, Rows
from reachable.oneroster.vocabulary import STUDENT


class Measure(StrEnum):
    """What is watched; the value is the file where it stands, and the column."""

    USERS = "users"
    STUDENTS = "students"
    ENROLLMENTS = "enrollments"
    GUARDIANSHIPS = "guardianships"
    EMAILS = "emails"
    PHONES = "phones"


_PLACE: Final[Mapping[Measure, tuple[str, str | None]]] = {
    Measure.USERS: ("users.csv", None),
    Measure.STUDENTS: ("users.csv", None),
    Measure.ENROLLMENTS: ("enrollments.csv", None),
    Measure.GUARDIANSHIPS: ("users.csv", "agentSourcedIds"),
    Measure.EMAILS: ("users.csv", "email"),
    Measure.PHONES: ("users.csv", "sms"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Of what was stored: how many there were, how many are gone or emptied, how many are another now."""

    before: int
    removed: int
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares of what is stored, 0 to 1, over which an export is refused unless forced."""

    removal: float
    change: float


def compare(old: Rows, new: Rows) -> dict[Measure, Tally]:
    """What the new rows would take away from the old, and change."""
    were, are = _students(old), _students(new)
    links, kept = guardianships(old), guardianships(new)
    return {
        Measure.USERS: Tally(
            len(old.people) - len(were), sum(1 for p in old.people if p not in were and p not in new.people)
        ),
        Measure.STUDENTS: Tally(len(were), len(were - are)),
        Measure.ENROLLMENTS: Tally(
            len(old.enrollments), sum(1 for e in old.enrollments if e not in new.enrollments)
        ),
        Measure.GUARDIANSHIPS: Tally(len(links), len(links - kept)),
        Measure.EMAILS: _addresses(old, new, lambda person: person.email),
        Measure.PHONES: _addresses(old, new, lambda person: person.phone),
    }


def guard(tallies: Mapping[Measure, Tally], limits: Limits, problems: Problems) -> None:
    """Note each share that is over its limit."""
    for measure, tally in tallies.items():
        for count, limit, kind in (
            (tally.removed, limits.removal, ProblemKind.TOO_MUCH_REMOVED),
            (tally.changed, limits.change, ProblemKind.TOO_MUCH_CHANGED),
        ):
            if count > limit * tally.before:
                file, column = _PLACE[measure]
                problems.add(kind, file, column=column, figures=f"{measure}: {count} of {tally.before}")


def _students(rows: Rows) -> set[str]:
    listed = {row.person for row in rows.roles.values() if row.role == STUDENT}
    return {p.sourced_id for p in rows.people.values() if p.role == STUDENT or p.sourced_id in listed}


def _addresses(old: Rows, new: Rows, of: Callable[[Person], str | None]) -> Tally:
    before = removed = changed = 0
    for was, is_now in _pairs(old, new, of):
        before += 1
        removed += is_now is None
        changed += is_now is not None and is_now != was
    return Tally(before, removed, changed)


def _pairs(old: Rows, new: Rows, of: Callable[[Person], str | None]) -> Iterator[tuple[str, str | None]]:
    for person in old.people.values():
        if (was := of(person)) is not None:
            now = new.people.get(person.sourced_id)
            yield was, of(now) if now is not None else None
