"""What is told of an import: what it did, and the mails about one that was not applied."""

import csv
import io
from typing import Any, Final

import pytest

from reachable.model.roster_problem import ProblemKind, Severity
from reachable.oneroster import report
from reachable.oneroster.check import Checked, Counts
from reachable.oneroster.compare import Compared, Difference, Measure
from reachable.oneroster.problems import HEADLINES, Problems, severity_of
from reachable.oneroster.report import Mail
from reachable.oneroster.rows import Rows
from reachable.words import Language


def found() -> Problems:
    problems = Problems()
    problems.add(ProblemKind.ID_TWICE, "users.csv", 8, "sourcedId", "ada", "agentSourcedIds")
    problems.add(ProblemKind.ID_TWICE, "users.csv", 9, "sourcedId", "bo", "agentSourcedIds")
    problems.add(ProblemKind.NAME_MISSING, "users.csv", 3, "givenName", "lu")
    problems.add(ProblemKind.TOO_MUCH_REMOVED, "users.csv", figures="students: 50 of 200")
    problems.add(ProblemKind.ENDED_BY_DATE, "enrollments.csv", figures="enrollments: 2 of 2")
    problems.add(ProblemKind.NO_GUARDIAN, "users.csv", column="agentSourcedIds", figures="students: 2")
    return problems


FILES: Final = {
    "orgs.csv": {"read": 3, "taken": 3, "left_out": {}},
    "users.csv": {"read": 7, "taken": 4, "left_out": {"role_missing": 1, "id_twice": 2}},
}


def summary(problems: Problems | None = None, language: Language = Language.EN) -> dict[str, Any]:
    """As an import stores it."""
    return {
        "problems": report.told(found() if problems is None else problems, language),
        "files": FILES,
    }


@pytest.mark.parametrize(
    ("results", "total"),
    [
        ([], {}),
        ([{"created": {"user": 3}}], {"created": {"user": 3}}),
        (
            [
                {"created": {"user": 3, "student": 1}, "removed": {}},
                {"created": {"user": 2}, "changed": {"class": 4}},
                {"changed": {"class": 1, "user": 1}},
            ],
            {"created": {"user": 5, "student": 1}, "removed": {}, "changed": {"class": 5, "user": 1}},
        ),
    ],
)
def test_what_the_chunks_did_is_summed_by_act_and_kind(
    results: list[dict[str, dict[str, int]]], total: dict[str, dict[str, int]]
) -> None:
    assert report.summed(results) == total


def test_a_refusal_tells_what_to_do_about_each_kind_that_matters_and_names_nobody() -> None:
    mail = report.refusal("i-1", "roster/a.zip", "reports/i-1.csv", summary(), Language.EN)
    assert mail == Mail(
        "Reachable: a roster was refused",
        "The roster roster/a.zip (import i-1) was refused. Nothing of it was applied.\n"
        "- 1 x ended_by_date: Terms have ended by the dates that were known, so these class lists ended with "
        "them. Nothing to do.\n"
        "- 2 x id_twice: Another line has this sourcedId and differs in the columns in figures. Some SIS "
        "write one line per child or school: make it one.\n"
        "- 1 x no_guardian: No student has a guardian here, so no family can be reached. Export guardians, "
        "and agentSourcedIds with the students.\n"
        "- 1 x too_much_removed: More would be removed than usual (see figures). Check the export; if it is "
        "right, force it.\n"
        "- students: 50 of 200\n"
        "What became of each file's lines:\n"
        "- orgs.csv: read: 3, taken: 3\n"
        "- users.csv: read: 7, taken: 4, left out: 3 (id_twice: 2, role_missing: 1)\n"
        "The report, reports/i-1.csv, lists all of it with file, line and column; a spreadsheet opens it.",
    )


def test_a_refusal_of_what_was_not_even_opened_counts_no_lines() -> None:
    problems = Problems()
    problems.add(ProblemKind.NOT_A_ZIP, "the zip", figures="PDF")
    told = summary(problems) | {"files": {}}
    assert report.refusal("i-1", "roster/a.zip", "reports/i-1.csv", told, Language.EN).message == (
        "The roster roster/a.zip (import i-1) was refused. Nothing of it was applied.\n"
        "- 1 x not_a_zip: This is no zip file, or it was damaged on its way. In the SIS, export OneRoster "
        "CSV again and send the zip itself.\n"
        "The report, reports/i-1.csv, lists all of it with file, line and column; a spreadsheet opens it."
    )


def test_a_roster_that_was_imported_but_for_some_lines_is_told() -> None:
    mail = report.unread("i-1", "roster/a.zip", "reports/i-1.csv", summary(), Language.EN)
    assert mail is not None
    assert mail.subject == "Reachable: a roster was imported, but look at its report"
    first, *rest = mail.message.splitlines()
    assert first == "The roster roster/a.zip (import i-1) was imported, but for what follows."
    refused = report.refusal("i-1", "roster/a.zip", "reports/i-1.csv", summary(), Language.EN).message
    assert rest == refused.splitlines()[1:]


TOLD: Final = {*HEADLINES, ProblemKind.ALL_ENDED, ProblemKind.ENDED_BY_DATE}


@pytest.mark.parametrize("kind", ProblemKind)
def test_a_mail_about_what_was_imported_goes_only_where_something_is_missing(kind: ProblemKind) -> None:
    problems = Problems()
    problems.add(kind, "users.csv")
    mail = report.unread("i-1", "roster/a.zip", "reports/i-1.csv", summary(problems), Language.EN)
    assert (mail is not None) is (severity_of(kind) is Severity.ERROR or kind in TOLD)


def test_without_a_problem_there_is_no_mail() -> None:
    assert report.unread("i-1", "roster/a.zip", "r.csv", summary(Problems()), Language.EN) is None


def test_a_district_that_speaks_spanish_is_told_in_spanish() -> None:
    told = summary(language=Language.ES)
    mail = report.refusal("i-1", "roster/a.zip", "reports/i-1.csv", told, Language.ES)
    assert mail.subject == "Reachable: se rechazaron los datos escolares"
    assert mail.message.splitlines()[2] == (
        "- 2 x id_twice: Otra línea tiene este sourcedId y difiere en las columnas de las cifras. Algunos "
        "SIS escriben una línea por hijo o escuela: que sea una sola."
    )
    [name_missing] = [one for one in told["problems"]["listed"] if one["kind"] == "name_missing"]
    assert name_missing["what_to_do"] == (
        "Sin nombre nadie encuentra a esta persona, escuela o clase. Añádalo en el SIS."
    )


def test_a_report_begins_with_what_refuses_and_what_the_whole_comes_to_and_goes_on_with_errors() -> None:
    listed = summary()["problems"]["listed"]
    assert [(one["kind"], one["severity"]) for one in listed] == [
        ("too_much_removed", "error"),
        ("no_guardian", "warning"),
        ("id_twice", "error"),
        ("id_twice", "error"),
        ("name_missing", "warning"),
        ("ended_by_date", "note"),
    ]


def test_a_report_for_a_spreadsheet_lists_the_problems_and_counts_every_line() -> None:
    written = list(csv.DictReader(io.StringIO(report.as_csv(summary()).decode("utf-8-sig"))))
    assert list(written[0]) == [
        "severity",
        "file",
        "line",
        "column",
        "kind",
        "sourced_id",
        "figures",
        "what_to_do",
    ]
    assert [one["kind"] for one in written] == [
        "too_much_removed",
        "no_guardian",
        "id_twice",
        "id_twice",
        "name_missing",
        "ended_by_date",
        "lines",
        "lines",
    ]
    assert (written[2]["line"], written[2]["sourced_id"], written[2]["figures"]) == (
        "8",
        "ada",
        "agentSourcedIds",
    )
    assert [(one["file"], one["figures"]) for one in written[-2:]] == [
        ("orgs.csv", "read: 3, taken: 3"),
        ("users.csv", "read: 7, taken: 4, left out: 3 (id_twice: 2, role_missing: 1)"),
    ]


def test_what_a_check_counted_is_plain() -> None:
    checked = Checked(
        Rows(),
        "1.2",
        None,
        Compared({Measure.USERS: Difference(4, 1), Measure.EMAILS: Difference(3, 0, 2)}),
        {"roles.csv": Counts(7, 5, {"role_ended": 2})},
    )
    assert report.plain(checked) == {
        "version": "1.2",
        "files": {"roles.csv": {"read": 7, "taken": 5, "left_out": {"role_ended": 2}}},
        "compared": {
            "users": {"before": 4, "removed": 1, "changed": 0},
            "emails": {"before": 3, "removed": 0, "changed": 2},
        },
    }


def test_a_failure_says_that_the_same_file_mends_it() -> None:
    assert report.failure("i-1", "roster/a.zip", "Lambda.Timeout", Language.EN) == Mail(
        "Reachable: a roster import failed",
        "The import i-1 of roster/a.zip failed (Lambda.Timeout). Run the same file again: what was written "
        "stays right, and the rest is written then.",
    )
