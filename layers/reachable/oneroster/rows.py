"""The rows of a roster that matter here, and the whole of them: what one import hands to the next.

The rows are kept as OneRoster gives them, not joined, because a delta changes rows. The rows that are
ignored (demographics, results, resources ...) are never kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Final

import orjson


@dataclass(frozen=True, slots=True)
class Org:
    """A school, or what schools belong to."""

    sourced_id: str
    name: str
    type: str
    parent: str


@dataclass(frozen=True, slots=True)
class Session:
    """A term or school year; ``end`` is ISO or blank."""

    sourced_id: str
    end: str


@dataclass(frozen=True, slots=True)
class Course:
    """What a class teaches; lends its title to a class that has none."""

    sourced_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Person:
    """A line of users.csv. ``email`` and ``phone`` are in normal form, None where unusable or blank.

    ``role`` and ``orgs`` are those of 1.1; in 1.2 they stand in roles.csv, and ``orgs`` is the primary org.
    """

    sourced_id: str
    role: str
    orgs: tuple[str, ...]
    given_name: str
    family_name: str
    enabled: bool
    email: str | None
    email_typed: str
    phone: str | None
    phone_typed: str
    agents: tuple[str, ...]
    grade: str
    language: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A line of roles.csv (1.2): a person may have several."""

    sourced_id: str
    person: str
    role: str
    org: str
    end: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A line of classes.csv."""

    sourced_id: str
    title: str
    course: str
    school: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A line of enrollments.csv: a student or a teacher in a class."""

    sourced_id: str
    class_: str
    person: str
    role: str
    end: str


type Row = Org | Session | Course | Person | RoleRow | ClassRow | Enrollment


@dataclass(slots=True)
class Rows:
    """All rows of a district by ``sourcedId``: the state between two imports."""

    orgs: dict[str, Org] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    roles: dict[str, RoleRow] = field(default_factory=dict)
    classes: dict[str, ClassRow] = field(default_factory=dict)
    enrollments: dict[str, Enrollment] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.orgs or self.people)


ROW_OF: Final[dict[str, type[Row]]] = {
    "orgs": Org,
    "sessions": Session,
    "courses": Course,
    "people": Person,
    "roles": RoleRow,
    "classes": ClassRow,
    "enrollments": Enrollment,
}


def lines(rows: Rows) -> Iterator[bytes]:
    """The state as JSON lines: first a line ``[table]``, then a line of values for each row of it."""
    for table, kind in ROW_OF.items():
        yield orjson.dumps([table], option=orjson.OPT_APPEND_NEWLINE)
        values = attrgetter(*(column.name for column in fields(kind)))
        for row in getattr(rows, table).values():
            yield orjson.dumps(values(row), option=orjson.OPT_APPEND_NEWLINE)


def of_lines(stored: Iterable[bytes]) -> Rows:
    """The state that ``lines`` wrote."""
    rows = Rows()
    table: dict[str, Row] = {}
    kind: Any = Org  # one of ROW_OF
    for line in stored:
        values = orjson.loads(line)
        if len(values) == 1:
            table, kind = getattr(rows, values[0]), ROW_OF[values[0]]
            continue
        row: Row = kind(*(tuple(value) if isinstance(value, list) else value for value in values))
        table[row.sourced_id] = row
    return rows
