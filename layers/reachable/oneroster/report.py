"""What is told of an import: one JSON for programs, one CSV and a mail for people."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from reachable import words
from reachable.model.roster_problem import ProblemKind, Severity
from reachable.oneroster.check import Checked
from reachable.oneroster.problems import FORCED, HEADLINES, Problem, Problems, severity_of
from reachable.words import Language, RosterMail

_COLUMNS: Final = ("severity", "file", "line", "column", "kind", "sourced_id", "figures", "what_to_do")
_OF_ENDS: Final = frozenset({ProblemKind.ALL_ENDED, ProblemKind.ENDED_BY_DATE})


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to whom looks after rosters."""

    subject: str
    message: str


def told(problems: Problems, language: Language) -> dict[str, Any]:
    """The problems as plain values: counted by kind, the first of each kind listed, the worst on top."""
    return {
        "counts": {kind.value: count for kind, count in sorted(problems.counts.items())},
        "listed": [_row(problem, language) for problem in problems.in_order()],
    }


def plain(checked: Checked) -> dict[str, Any]:
    """What a check counted: the version, each file's lines, and the guard's figures."""
    return {
        "version": checked.version,
        "files": {file: asdict(counts) for file, counts in checked.counts.items()},
        "compared": {
            measure.value: asdict(figures) for measure, figures in checked.compared.differences.items()
        },
    }


def as_csv(summary: Mapping[str, Any]) -> bytes:
    """The listed problems as CSV, for people; below them a line a file with what became of its lines."""
    return words.as_csv(
        _COLUMNS,
        [
            *summary["problems"]["listed"],
            *(
                {"severity": Severity.NOTE.value, "file": file, "kind": "lines", "figures": _counted(counts)}
                for file, counts in summary["files"].items()
            ),
        ],
    )


def _counted(counts: Mapping[str, Any]) -> str:
    """``read: 7, taken: 5, left out: 2 (role_ended: 1, id_twice: 1)``."""
    figures = f"read: {counts['read']}, taken: {counts['taken']}"
    if not counts["left_out"]:
        return figures
    reasons = ", ".join(f"{reason}: {count}" for reason, count in sorted(counts["left_out"].items()))
    return f"{figures}, left out: {sum(counts['left_out'].values())} ({reasons})"


def summed(results: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """What all chunks did together: ``{"created": {"user": 3}, ...}``."""
    total: dict[str, dict[str, int]] = {}
    for result in results:
        for what, counts in result.items():
            into = total.setdefault(what, {})
            for kind, count in counts.items():
                into[kind] = into.get(kind, 0) + count
    return total


def refusal(
    import_id: str, key: str, report_key: str, summary: Mapping[str, Any], language: Language
) -> Mail:
    """The mail about a refused roster: what is wrong by kind, and what to do; nobody's name or address."""
    said = words.roster_mail(language)
    refused = said.refused.format(key=key, import_id=import_id)
    return Mail(said.refused_subject, _lines(refused, said, report_key, summary, language))


def unread(
    import_id: str, key: str, report_key: str, summary: Mapping[str, Any], language: Language
) -> Mail | None:
    """The mail about a roster that was imported but for some lines; None where there is no such line."""
    kinds = map(ProblemKind, summary["problems"]["counts"])
    if not any(_is_told(kind) for kind in kinds):
        return None
    said = words.roster_mail(language)
    imported = said.unread.format(key=key, import_id=import_id)
    return Mail(said.unread_subject, _lines(imported, said, report_key, summary, language))


def _lines(
    first: str, said: RosterMail, report_key: str, summary: Mapping[str, Any], language: Language
) -> str:
    problems = [
        f"- {count} x {kind}: {words.what_to_do(ProblemKind(kind), language)}"
        for kind, count in summary["problems"]["counts"].items()
        if _is_told(ProblemKind(kind))
    ]
    figures = [f"- {row['figures']}" for row in summary["problems"]["listed"] if _is_of_the_guard(row)]
    files = [f"- {file}: {_counted(counts)}" for file, counts in summary["files"].items()]
    lines = [first, *problems, *figures, said.files, *files] if files else [first, *problems, *figures]
    return "\n".join([*lines, said.report.format(report=report_key)])


def _is_told(kind: ProblemKind) -> bool:
    """What a mail names: what was not applied, what the whole comes to, and what has ended in mass."""
    return severity_of(kind) is Severity.ERROR or kind in HEADLINES or kind in _OF_ENDS


def _is_of_the_guard(row: Mapping[str, Any]) -> bool:
    return bool(row["figures"]) and ProblemKind(row["kind"]) in FORCED


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
