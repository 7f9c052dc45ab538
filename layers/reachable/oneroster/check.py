"""Check an export without writing anything: what it would bring about, what is wrong with it, how it
compares.

An import begins with it, a dry run ends with it, and so does ``./dev check-roster`` on a laptop.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Final

from reachable.model.people import Role
from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import compare, read
from reachable.oneroster.compare import AllowedShares, Compared
from reachable.oneroster.join import MOST_CLASSES, MOST_GUARDIANS, MOST_SCHOOLS, Joined
from reachable.oneroster.problems import Problems
from reachable.oneroster.read import Export
from reachable.oneroster.rows import Rows, uncollected
from reachable.oneroster.vocabulary import FILES_READ

_FILE_OF: Final = {columns.table: f"{columns.file}.csv" for columns in FILES_READ}
_MOST: Final = {
    "guardians": ("agentSourcedIds", MOST_GUARDIANS),
    "classes": ("sourcedId", MOST_CLASSES),
    "schools": ("orgSourcedIds", MOST_SCHOOLS),
}
_ENDING: Final = {
    "sessions": "endDate",
    "roles": "endDate",
    "enrollments": "endDate",
    "classes": "termSourcedIds",
}
"""The tables of which all may have ended, and the column that says so."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one file: lines read, taken, and left out by reason (a problem's kind, or ``LeftOut``)."""

    read: int
    taken: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. ``joined`` is None where the file was not even read."""

    rows: Rows
    version: str
    joined: Joined | None
    compared: Compared
    counts: Mapping[str, Counts]
    """By file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """By what a file is judged: when, the shares of the guard, and whether somebody forces it."""

    then: date
    """When the rows that are stored were imported."""
    today: date
    region: str
    """ISO 3166, of phone numbers without a country code."""
    default_language: str
    allowed: AllowedShares
    force: bool = False


@uncollected()
def check(file: IO[bytes], before: Rows, terms: Terms, problems: Problems) -> Checked:
    """Read an export over the rows of the last import, and note what is wrong with it."""
    export = read.export(file, before, terms.region, problems)
    if not export.files:
        return Checked(export.rows, export.version, None, Compared(), {})
    new = Joined(export.rows, terms.today, terms.default_language)
    if not problems.refuse:  # what leads nowhere is told where all could be read
        _note_what_leads_nowhere(export, new, problems)
        _note_the_whole(new, problems, first=not before)
    compared = Compared()
    if before and not problems.refuse:
        now = Joined(before, terms.today, terms.default_language)
        then = Joined(before, terms.then, terms.default_language) if now.has_ended_since(terms.then) else now
        compared = compare.compare(then, now, new, terms.allowed)
    if not terms.force:
        for name in export.missing:
            problems.add(ProblemKind.FILE_MISSING, name)
        compare.guard_unread(export, terms.allowed, problems)
        compare.guard(compared, terms.allowed, problems)
    return Checked(export.rows, export.version, new, compared, _counts(export, new))


def _note_the_whole(new: Joined, problems: Problems, *, first: bool) -> None:
    """What the whole comes to, at the top of the report: a district without schools, people or guardians."""
    if first and next(new.schools(), None) is None:
        problems.add(ProblemKind.NO_SCHOOL, "orgs.csv")
    if first and not new.student_ids and not new.roles:
        problems.add(ProblemKind.NOBODY, "users.csv")
    elif new.student_ids and next(new.ties(), None) is None:
        figures = f"students: {len(new.student_ids)}"
        problems.add(ProblemKind.NO_GUARDIAN, "users.csv", column="agentSourcedIds", figures=figures)
    guardians = [new.rows.people[who] for who, role in new.roles.items() if role is Role.GUARDIAN]
    if guardians and not any(person.email or person.phone for person in guardians):
        problems.add(
            ProblemKind.NO_ADDRESS, "users.csv", column="email", figures=f"guardians: {len(guardians)}"
        )


def _note_what_leads_nowhere(export: Export, new: Joined, problems: Problems) -> None:
    """What vanishes, or is not what somebody meant, though every line could be read."""
    for kind, table, sourced_id, column, figures in _leading_nowhere(new):
        line = export.line(table, sourced_id)
        problems.add(kind, _FILE_OF[table], line, column, sourced_id, figures)
    _note_what_has_ended(new, problems)


def _leading_nowhere(new: Joined) -> Iterator[tuple[ProblemKind, str, str, str, str | None]]:
    """Kind, table, id, column and figures."""
    new.settle()
    for org in new.departments_astray():
        yield ProblemKind.ORG_WITHOUT_SCHOOL, "orgs", org, "parentSourcedId", None
    for class_ in new.left_out["classes"][ProblemKind.CLASS_WITHOUT_SCHOOL]:
        yield ProblemKind.CLASS_WITHOUT_SCHOOL, "classes", class_, "schoolSourcedId", None
    for person in new.with_several_roles:
        yield ProblemKind.SEVERAL_ROLES, "people", person, "role", None
    for person, students in new.placeholders.items():
        yield ProblemKind.PLACEHOLDER_CONTACT, "people", person, "agentSourcedIds", f"students: {students}"
    for person, other in new.astray:
        yield ProblemKind.TIE_TO_NOBODY, "people", person, "agentSourcedIds", other
    for person in new.staff_without_school():
        yield ProblemKind.STAFF_WITHOUT_SCHOOL, "people", person, "orgSourcedIds", None
    for person in new.without_school():
        yield ProblemKind.STUDENT_WITHOUT_SCHOOL, "people", person, "orgSourcedIds", None
    for (person, what), count in new.cut.items():
        column, most = _MOST[what]
        yield ProblemKind.TOO_MANY, "people", person, column, f"{what}: {count} of at most {most}"


def _note_what_has_ended(new: Joined, problems: Problems) -> None:
    for table, column in _ENDING.items():
        ended = sum(len(ids) for reason, ids in new.left_out[table].items() if reason.endswith("_ended"))
        rows = len(getattr(new.rows, table))
        if rows and ended == rows:
            problems.add(ProblemKind.ALL_ENDED, _FILE_OF[table], column=column, figures=f"{ended} of {rows}")


def _counts(export: Export, new: Joined) -> dict[str, Counts]:
    """What became of each line of each file."""
    counts: dict[str, Counts] = {}
    for table, read_ in export.files.items():
        left_out = Counter(read_.left_out)
        for reason, ids in new.left_out[table].items():
            left_out[reason] += sum(sourced_id in read_.lines for sourced_id in ids)
        left_out = +left_out
        counts[_FILE_OF[table]] = Counts(read_.count, read_.count - left_out.total(), dict(left_out))
    return counts
