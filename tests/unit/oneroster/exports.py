"""Read an export in a test: from tables or bytes to rows, problems and people."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from reachable.model.people import RosterKind, Student, User, id_of
from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import read
from reachable.oneroster.join import Joined
from reachable.oneroster.problems import Problem, Problems
from reachable.oneroster.read import Export
from reachable.oneroster.rows import Rows
from tests.roster_exports import Table, district

TODAY: Final = date(2026, 11, 24)


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
