"""docs/roster.md says what the code does: every problem, every column, the guard, a report as it looks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from reachable import words
from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import report, vocabulary
from reachable.oneroster.compare import Measure
from reachable.oneroster.problems import DETAIL_LIMIT, severity_of
from reachable.words import Language
from tests.roster_exports import district, zipped
from tests.unit.oneroster.exports import Checking, changed, checking, reading

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = (ROOT / "docs/roster.md").read_text("utf-8")


def _table(header: str) -> Iterator[list[str]]:
    """The cells of the table that starts with this line."""
    _, _, rest = PAGE.partition(header + "\n")
    assert rest, header
    for line in rest.splitlines()[1:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def _words(cell: str) -> list[str]:
    return " ".join(re.findall(r"`([^`]+)`", cell)).split()


PROBLEMS: Final = {
    kind.strip("`"): rest for kind, *rest in _table("| kind | severity | the report says | beyond that |")
}


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_is_on_the_page_in_the_report_s_words(kind: ProblemKind) -> None:
    severity, sentence, more = PROBLEMS[kind]
    assert (severity, sentence) == (severity_of(kind), words.what_to_do(kind, Language.EN))
    assert more.endswith(".")


def test_the_page_knows_no_other_problem() -> None:
    assert list(PROBLEMS) == list(ProblemKind)


def test_the_columns_on_the_page_are_those_that_are_read() -> None:
    told = {
        _words(file)[0]: ([_words(part) for part in must.split(", in 1.1")], _words(read))
        for file, must, read in _table(
            "| file | columns that must be there | columns that are read as well |"
        )
    }
    assert list(told) == [f"{columns.file}.csv" for columns in vocabulary.FILES_READ]
    for columns in vocabulary.FILES_READ:
        (must, *in_1_1), read = told[f"{columns.file}.csv"]
        assert must == list(columns.required)
        assert sorted(read) == sorted(columns.optional)
        extra = vocabulary.REQUIRED_OF_VERSION["1.1"].get(columns.file, ())
        assert sorted(in_1_1) == sorted([sorted(extra, reverse=True)] if extra else [])


def test_every_role_is_on_the_page() -> None:
    [roles] = re.findall(r"- \*\*Roles\.\*\*(.*?)\n- ", PAGE, re.DOTALL)
    known = {word.lower() for word in _words(roles)}
    assert {vocabulary.STUDENT, *vocabulary.ROLES} - known == {"sysadmin"}  # which no version has


def test_the_manifest_of_the_page_is_one() -> None:
    [manifest] = re.findall(r"```csv\n(propertyName.*?)```", PAGE, re.DOTALL)
    tables = district() | {"academicSessions": [], "courses": []}
    found = reading(zipped(tables, files={"manifest.csv": manifest.encode()}))
    assert (found.kinds, len(found.counts)) == ([], len(tables))


def test_the_guard_of_the_page_is_the_guard() -> None:
    shares = "removed: over `MaxRemovalShare`, 10 % | changed: over `MaxChangeShare`, 25 %"
    rows = list(_table(f"| what is counted | {shares} |"))
    assert [_words(measure)[0] for measure, _, _ in rows] == list(Measure)
    assert [_words(measure)[0] for measure, removed, _ in rows if removed] == [
        Measure.SCHOOLS,
        Measure.USERS,
        Measure.STUDENTS,
        Measure.ENROLLMENTS,
        Measure.GUARDIANSHIPS,
        Measure.EMAILS,
        Measure.PHONES,
    ]
    assert [_words(measure)[0] for measure, _, change in rows if change] == [
        Measure.ROLES,
        Measure.ENROLLMENTS,
        Measure.EMAILS,
        Measure.PHONES,
        Measure.NAMES,
        Measure.ACCENTS,
    ]
    template = (ROOT / "template.yaml").read_text()
    for parameter, share in (("MaxRemovalShare", "0.10"), ("MaxChangeShare", "0.25")):
        assert re.search(rf"{parameter}:\n    Type: Number\n    Default: {share}\n", template)


def test_the_report_of_the_page_is_one() -> None:
    [shown] = re.findall(r"```csv\n(severity.*?)```", PAGE, re.DOTALL)
    spoilt = changed(
        "lu", changed("eve", email="none@none.com", sms="555-0124"), agentSourcedIds="eve,u-4711"
    )
    found = checking(zipped(spoilt), reading(zipped(district())).rows)
    assert _csv(found).replace("\r\n", "\n") == shown
    assert f"first {DETAIL_LIMIT:,} are listed" in PAGE


def _csv(found: Checking) -> str:
    summary = report.plain(found.checked) | {"problems": report.told(found.problems, Language.EN)}
    return report.as_csv(summary).decode("utf-8-sig")


def test_an_id_is_no_formula_in_a_spreadsheet() -> None:
    spoilt = changed("eve", email="none@none.com", sourcedId="=HYPERLINK(1)")
    assert ",'=HYPERLINK(1)," in _csv(checking(zipped(spoilt)))
