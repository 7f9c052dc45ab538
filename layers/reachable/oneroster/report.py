"""What is told of an import: one JSON for programs, one CSV of the problems and a mail for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reachable import words
from reachable.model.roster_problem import ProblemKind, Severity
from reachable.oneroster.problems import Problem, Problems, severity_of
from reachable.words import Language

_COLUMNS: Final = ("severity", "file", "line", "column", "kind", "sourced_id", "figures", "what_to_do")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to whom looks after rosters."""

    subject: str
    message: str


def told(problems: Problems, language: Language) -> dict[str, Any]:
    """The problems as plain values: counted by kind, the first of each kind listed."""
    return {
        "counts": {kind.value: count for kind, count in sorted(problems.counts.items())},
        "listed": [_row(problem, language) for problem in problems.listed],
    }


def as_csv(told_: Mapping[str, Any]) -> bytes:
    """The listed problems as CSV, for people."""
    return words.as_csv(_COLUMNS, told_["listed"])


def summed(results: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """What all chunks did together: ``{"created": {"user": 3}, ...}``."""
    total: dict[str, dict[str, int]] = {}
    for result in results:
        for what, counts in result.items():
            into = total.setdefault(what, {})
            for kind, count in counts.items():
                into[kind] = into.get(kind, 0) + count
    return total


def refusal(import_id: str, key: str, report_key: str, told_: Mapping[str, Any], language: Language) -> Mail:
    """The mail about a refused roster: what is wrong by kind, and what to do; nobody's name or address."""
    said = words.roster_mail(language)
    problems = [
        f"- {count} x {kind}: {words.what_to_do(ProblemKind(kind), language)}"
        for kind, count in told_["counts"].items()
        if severity_of(ProblemKind(kind)) is Severity.ERROR
    ]
    figures = [f"- {row['figures']}" for row in told_["listed"] if row["figures"]]
    refused = said.refused.format(key=key, import_id=import_id)
    lines = [refused, *problems, *figures, said.report.format(report=report_key)]
    return Mail(said.refused_subject, "\n".join(lines))


def failure(import_id: str, key: str, error: str, language: Language) -> Mail:
    """The mail about an import that failed on our side."""
    said = words.roster_mail(language)
    return Mail(said.failed_subject, said.failed.format(import_id=import_id, key=key, error=error))


def _row(problem: Problem, language: Language) -> dict[str, Any]:
    return {
        "severity": problem.severity.value,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "kind": problem.kind.value,
        "sourced_id": problem.sourced_id,
        "figures": problem.figures,
        "what_to_do": words.what_to_do(problem.kind, language),
    }
