"""The report of an import: one JSON for programs, one CSV of the problems for people."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from reachable.oneroster.problems import GUIDE, Problem, ProblemKind, Problems

_COLUMNS: Final = ("severity", "file", "line", "column", "kind", "sourced_id", "figures", "what_to_do")


def told(problems: Problems) -> dict[str, Any]:
    """The problems as plain values: counted by kind, the first of each kind listed."""
    return {
        "counts": {kind.value: count for kind, count in sorted(problems.counts.items())},
        "listed": [_row(problem) for problem in problems.listed],
    }


def as_csv(told_: Mapping[str, Any]) -> bytes:
    """The listed problems as CSV, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    writer.writerows(row | {"sourced_id": _no_formula(row["sourced_id"])} for row in told_["listed"])
    return text.getvalue().encode("utf-8-sig")


def _no_formula(sourced_id: str | None) -> str | None:
    """An id as text: a spreadsheet would calculate one that begins like a formula."""
    return f"'{sourced_id}" if sourced_id and sourced_id[0] in "=+-@\t\r" else sourced_id


def summed(results: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """What all chunks did together: ``{"created": {"user": 3}, ...}``."""
    total: dict[str, dict[str, int]] = {}
    for result in results:
        for what, counts in result.items():
            into = total.setdefault(what, {})
            for kind, count in counts.items():
                into[kind] = into.get(kind, 0) + count
    return total


def refusal(import_id: str, key: str, report_key: str, told_: Mapping[str, Any]) -> str:
    """The mail about a refused roster: what is wrong by kind, and what to do; nobody's name or address."""
    lines = [
        f"- {count} x {kind}: {GUIDE[ProblemKind(kind)][1]}"
        for kind, count in told_["counts"].items()
        if GUIDE[ProblemKind(kind)][0] == "error"
    ]
    figures = [f"- {row['figures']}" for row in told_["listed"] if row["figures"]]
    return "\n".join(
        [
            f"The roster {key} (import {import_id}) was refused. Nothing of it was applied.",
            *lines,
            *figures,
            f"The report, {report_key}, lists the problems with file, line and column.",
        ]
    )


def _row(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity.value,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "kind": problem.kind.value,
        "sourced_id": problem.sourced_id,
        "figures": problem.figures,
        "what_to_do": problem.what_to_do,
    }
