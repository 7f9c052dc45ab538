"""Read an export in a test: from tables or bytes to rows, problems and people."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from reachable.model.people import RosterKind, Student, User, id_of
from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import read
from reachable.oneroster.check import Checked, Counts, Terms, check
from reachable.oneroster.compare import AllowedShares, Difference, Measure
from reachable.oneroster.join import Joined
from reachable.oneroster.problems import Problem, Problems
from reachable.oneroster.read import Export
from reachable.oneroster.rows import Rows
from tests.roster_exports import Table, district

TODAY: Final = date(2026, 11, 24)
ALLOWED: Final = AllowedShares(removal=0.1, change=0.25)


@dataclass(frozen=True)
class Reading:
    """What became of an export."""

    export: Export
    problems: Problems

    @property
    def rows(self) -> Rows:
        return self.export.rows

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of each table were there."""
        return {table: file.count for table, file in self.export.files.items()}

    @property
    def kinds(self) -> list[ProblemKind]:
        """The kinds of the problems, as they were found."""
        return [problem.kind for problem in self.problems.listed]

    @property
    def only(self) -> Problem:
        """The one problem."""
        [problem] = self.problems.listed
        return problem

    @property
    def joined(self) -> Joined:
        return Joined(self.rows, TODAY, "en")

    def user(self, sourced_id: str) -> User:
        [found] = [one for one in self.joined.users() if one.id == id_of(RosterKind.USER, sourced_id)]
        return found

    def student(self, sourced_id: str) -> Student:
        [found] = [one for one in self.joined.students() if one.id == id_of(RosterKind.STUDENT, sourced_id)]
        return found


def reading(zip_: bytes, base: Rows | None = None) -> Reading:
    """What an export makes of the rows of the last import."""
    problems = Problems()
    return Reading(read.export(io.BytesIO(zip_), base or Rows(), "US", problems), problems)


@dataclass(frozen=True)
class Checking(Reading):
    """What a check found, as an import or a dry run does it."""

    checked: Checked

    @property
    def joined(self) -> Joined:
        assert self.checked.joined is not None
        return self.checked.joined

    @property
    def refused(self) -> bool:
        return self.problems.refuse

    @property
    def told(self) -> list[tuple[str, str, int | None, str | None, str | None]]:
        """The problems: kind, file, line, column and whose."""
        return [(p.kind.value, p.file, p.line, p.column, p.sourced_id) for p in self.problems.listed]

    @property
    def figures(self) -> dict[str, list[str | None]]:
        """The figures of the problems that have some, by kind."""
        found: dict[str, list[str | None]] = {}
        for problem in self.problems.listed:
            if problem.figures is not None:
                found.setdefault(problem.kind.value, []).append(problem.figures)
        return found

    @property
    def there(self) -> tuple[list[str], list[str]]:
        """The students and the users, in order of their ids."""
        return sorted(self.joined.student_ids), sorted(self.joined.roles)

    @property
    def ties(self) -> set[tuple[str, str]]:
        """Who guards whom: student and guardian."""
        return set(self.joined.ties())

    @property
    def left_out(self) -> dict[str, dict[str, int]]:
        """Of each file of which something was left out: how much, by reason."""
        return {
            file: dict(counts.left_out) for file, counts in self.checked.counts.items() if counts.left_out
        }

    def count(self, file: str) -> Counts:
        return self.checked.counts[file]

    def difference(self, measure: Measure) -> Difference:
        return self.checked.compared.differences[measure]


def checking(
    zip_: bytes,
    base: Rows | None = None,
    *,
    then: date = TODAY,
    today: date = TODAY,
    region: str = "US",
    allowed: AllowedShares = ALLOWED,
    force: bool = False,
) -> Checking:
    """What a check says of an export over the rows of the last import, which was ``then``."""
    problems = Problems()
    terms = Terms(then=then, today=today, region=region, default_language="en", allowed=allowed, force=force)
    checked = check(io.BytesIO(zip_), base or Rows(), terms, problems)
    export = read.export(io.BytesIO(zip_), base or Rows(), region, Problems())
    return Checking(export, problems, checked)


def changed(
    sourced_id: str, tables: Mapping[str, Table] | None = None, table: str = "users", **columns: str
) -> dict[str, Table]:
    """The district, with these columns of one line otherwise."""
    whole = dict(tables or district())
    rows = [row | columns if row["sourcedId"] == sourced_id else row for row in whole[table]]
    return whole | {table: rows}


def without(sourced_id: str, tables: Mapping[str, Table] | None = None) -> dict[str, Table]:
    """The district without somebody or something."""
    return {
        name: [row for row in table if row["sourcedId"] != sourced_id]
        for name, table in (tables or district()).items()
    }
