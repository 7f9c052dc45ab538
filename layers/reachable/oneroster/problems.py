"""The problems of an export: which of them refuse it, and which somebody may force.

A problem names a place and a kind, never the value: reports are read by more people than rosters are.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from reachable.model.roster_problem import ProblemKind, Severity

DETAIL_LIMIT: Final = 1_000
"""Problems of one kind that a report lists one by one; the rest is counted."""


WARNINGS: Final = frozenset(
    {
        ProblemKind.FILE_NOT_ANNOUNCED,
        ProblemKind.ENCODING_NOT_UTF8,
        ProblemKind.ROW_TWICE,
        ProblemKind.UNKNOWN_ROLE,
        ProblemKind.ROLE_MISSING,
        ProblemKind.UNKNOWN_REFERENCE,
        ProblemKind.NAME_MISSING,
        ProblemKind.NOT_A_DATE,
        ProblemKind.NOT_AN_EMAIL,
        ProblemKind.EMAIL_PLACEHOLDER,
        ProblemKind.NOT_A_PHONE,
        ProblemKind.PHONE_EXTENSION,
        ProblemKind.PHONE_PLACEHOLDER,
        ProblemKind.UNKNOWN_LANGUAGE,
    }
)
"""What is reported, and the file applied all the same; every other problem refuses it."""

FORCED: Final = frozenset(
    {ProblemKind.FILE_MISSING, ProblemKind.TOO_MUCH_REMOVED, ProblemKind.TOO_MUCH_CHANGED}
)
"""What the guard doubts: a person may know better, and force it."""


def severity_of(kind: ProblemKind) -> Severity:
    """Whether a problem refuses the file."""
    return Severity.WARNING if kind in WARNINGS else Severity.ERROR


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
        """Whether it refuses the file."""
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
            self.listed.append(Problem(kind, file, line, column, sourced_id, figures))

    @property
    def errors(self) -> int:
        """How many of them are errors."""
        return sum(count for kind, count in self.counts.items() if severity_of(kind) is Severity.ERROR)

    @property
    def refuse(self) -> bool:
        """Whether one of them is an error, so that nothing of the file is applied."""
        return self.errors > 0
