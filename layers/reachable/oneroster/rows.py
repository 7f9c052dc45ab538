"""The rows of a roster that matter here, and the whole of them: what one import hands to the next.

The rows are kept as OneRoster gives them, not joined, because a delta changes rows. The rows that are
ignored (demographics, results, resources ...) are never kept.

They are named tuples: a district has a million of them, and a frozen dataclass takes four times as long to
make.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson


class Org(NamedTuple):
    """A school, or what schools belong to."""

    sourced_id: str
    name: str
    type: str
    parent: str


class Session(NamedTuple):
    """A term or school year; ``end`` is ISO or blank."""

    sourced_id: str
    end: str


class Course(NamedTuple):
    """What a class teaches; lends its title to a class that has none."""

    sourced_id: str
    title: str


class Person(NamedTuple):
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


class RoleRow(NamedTuple):
    """A line of roles.csv (1.2): a person may have several."""

    sourced_id: str
    person: str
    role: str
    org: str
    end: str
    begin: str = ""
    """From when on; unknown of what the version before has stored."""


class ClassRow(NamedTuple):
    """A line of classes.csv."""

    sourced_id: str
    title: str
    course: str
    school: str
    terms: tuple[str, ...]


class Enrollment(NamedTuple):
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
_LISTS: Final = {"people": ("orgs", "agents"), "classes": ("terms",)}
"""The fields that JSON gives back as lists."""


def lines(rows: Rows) -> Iterator[bytes]:
    """The state as JSON lines: first a line ``[table]``, then a line of values for each row of it."""
    for table in ROW_OF:
        yield orjson.dumps([table], option=orjson.OPT_APPEND_NEWLINE)
        for row in getattr(rows, table).values():
            yield orjson.dumps(tuple(row), option=orjson.OPT_APPEND_NEWLINE)


@contextmanager
def uncollected() -> Iterator[None]:
    """Make rows without the collector, which looks at all of them again and again: they form no circle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@uncollected()
def of_lines(stored: Iterable[bytes]) -> Rows:
    """The state that ``lines`` wrote."""
    rows = Rows()
    table: dict[str, Row] = {}
    make: Any = Org  # one of ROW_OF
    width = 0
    as_tuple: Any = tuple.__new__  # which a named tuple's own calls, with a function of Python between
    lists: tuple[int, ...] = ()
    for line in stored:
        values = orjson.loads(line)
        if len(values) == 1:
            [name] = values
            table, kind = getattr(rows, name), ROW_OF[name]
            make, width = kind, len(kind._fields)
            lists = tuple(kind._fields.index(part) for part in _LISTS.get(name, ()))
            continue
        for place in lists:
            values[place] = tuple(values[place])
        table[values[0]] = as_tuple(make, values) if len(values) == width else make(*values)
    return rows
