"""The problems of an export: what each does to the file, and which of them somebody may force.

A problem names a place and a kind, never the value: reports are read by more people than rosters are.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from reachable.model.roster_problem import ProblemKind, Severity

DETAIL_LIMIT: Final = 1_000
"""Problems of one kind that a report lists one by one; the rest is counted."""
ID_LIMIT: Final = 255
"""Characters of a ``sourcedId`` (OneRoster 1.1 CSV, section 4: a GUID of up to 255)."""

HEADLINES: Final = (
    ProblemKind.NO_SCHOOL,
    ProblemKind.NOBODY,
    ProblemKind.NO_GUARDIAN,
    ProblemKind.NO_ADDRESS,
)
"""What a report begins with."""

LINE_ERRORS: Final = frozenset(
    {
        ProblemKind.CSV_UNREADABLE,
        ProblemKind.FIELD_COUNT,
        ProblemKind.ID_MISSING,
        ProblemKind.ID_TOO_LONG,
        ProblemKind.ID_TWICE,
        ProblemKind.UNKNOWN_STATUS,
    }
)
"""Errors that cost one line: it is not read, and whoever stands on it stays as stored. Many of them are
``TOO_MUCH_UNREAD``, which refuses the file."""

WARNINGS: Final = frozenset(
    {
        ProblemKind.FILE_NOT_ANNOUNCED,
        ProblemKind.ENCODING_NOT_UTF8,
        ProblemKind.LETTERS_GUESSED,
        ProblemKind.COLUMN_NOT_READ,
        ProblemKind.ROW_TWICE,
        ProblemKind.UNKNOWN_ROLE,
        ProblemKind.ROLE_MISSING,
        ProblemKind.UNKNOWN_REFERENCE,
        ProblemKind.UNKNOWN_ORG_TYPE,
        ProblemKind.NAME_MISSING,
        ProblemKind.NAME_SPOILT,
        ProblemKind.NOT_A_DATE,
        ProblemKind.NOT_AN_EMAIL,
        ProblemKind.EMAIL_PLACEHOLDER,
        ProblemKind.NOT_A_PHONE,
        ProblemKind.PHONE_COUNTRY,
        ProblemKind.PHONE_EXTENSION,
        ProblemKind.PHONE_PLACEHOLDER,
        ProblemKind.PHONE_NOTE,
        ProblemKind.UNKNOWN_LANGUAGE,
        ProblemKind.UNKNOWN_ENABLED,
        ProblemKind.SEVERAL_ROLES,
        ProblemKind.ORG_WITHOUT_SCHOOL,
        ProblemKind.CLASS_WITHOUT_SCHOOL,
        ProblemKind.STUDENT_WITHOUT_SCHOOL,
        ProblemKind.PLACEHOLDER_CONTACT,
        ProblemKind.TOO_MANY,
        ProblemKind.ALL_ENDED,
        ProblemKind.NO_GUARDIAN,
        ProblemKind.NO_ADDRESS,
        ProblemKind.NOBODY_REMOVED,
        ProblemKind.STAFF_WITHOUT_SCHOOL,
        ProblemKind.TIE_TO_NOBODY,
    }
)
"""What is reported, and the file applied all the same."""

NOTES: Final = frozenset({ProblemKind.ENDED_BY_DATE})
"""What is told for understanding alone. Every other problem refuses the file."""

FORCED: Final = frozenset(
    {
        ProblemKind.FILE_MISSING,
        ProblemKind.TOO_MUCH_UNREAD,
        ProblemKind.TOO_MUCH_REMOVED,
        ProblemKind.TOO_MUCH_CHANGED,
    }
)
"""What the guard doubts: a person may know better, and force it."""


def severity_of(kind: ProblemKind) -> Severity:
    """Whether what it is about is applied."""
    if kind in NOTES:
        return Severity.NOTE
    return Severity.WARNING if kind in WARNINGS else Severity.ERROR


def refuses(kind: ProblemKind) -> bool:
    """Whether one problem of this kind refuses the whole file."""
    return severity_of(kind) is Severity.ERROR and kind not in LINE_ERRORS


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: where, of what kind, and whose record it is. ``line`` counts from 1, the header is 1."""

    kind: ProblemKind
    file: str
    line: int | None = None
    column: str | None = None
    sourced_id: str | None = None
    figures: str | None = None

    @property
    def severity(self) -> Severity:
        """Whether what it is about is applied."""
        return severity_of(self.kind)


@dataclass(slots=True)
class Problems:
    """The problems found so far: all counted, the first of each kind kept."""

    counts: Counter[ProblemKind] = field(default_factory=Counter)
    listed: list[Problem] = field(default_factory=list)

    def add(
        self,
        kind: ProblemKind,
        file: str,
        line: int | None = None,
        column: str | None = None,
        sourced_id: str | None = None,
        figures: str | None = None,
    ) -> None:
        """Note one problem."""
        self.counts[kind] += 1
        if self.counts[kind] <= DETAIL_LIMIT:
            shown = sourced_id[:ID_LIMIT] if sourced_id is not None else None
            self.listed.append(Problem(kind, file, line, column, shown, figures))

    @property
    def refusals(self) -> int:
        """How many of them refuse the file."""
        return sum(count for kind, count in self.counts.items() if refuses(kind))

    @property
    def refuse(self) -> bool:
        """Whether one of them does, so that nothing of the file is applied."""
        return self.refusals > 0

    def in_order(self) -> list[Problem]:
        """As a report lists them: what refuses the file, since its first 200 are shown and the rest is a CSV.

        Then errors, warnings, notes; of both first what the whole of it comes to, else as found.
        """
        order = list(Severity)

        def place(problem: Problem) -> tuple[bool, bool, int]:
            is_headline = problem.kind in HEADLINES
            return not refuses(problem.kind), not is_headline, order.index(problem.severity)

        return sorted(self.listed, key=place)
