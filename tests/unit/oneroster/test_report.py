"""What is told of an import: what it did, and the mails about one that was not applied."""

import pytest

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import report
from reachable.oneroster.problems import Problems
from reachable.oneroster.report import Mail
from reachable.words import Language


def found() -> Problems:
    problems = Problems()
    problems.add(ProblemKind.ID_TWICE, "users.csv", 8, "sourcedId", "ada")
    problems.add(ProblemKind.ID_TWICE, "users.csv", 9, "sourcedId", "bo")
    problems.add(ProblemKind.NAME_MISSING, "users.csv", 3, "givenName", "lu")
    problems.add(ProblemKind.TOO_MUCH_REMOVED, "users.csv", figures="students: 50 of 200")
    return problems


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


def test_a_refusal_tells_what_to_do_about_each_kind_that_refuses_and_names_nobody() -> None:
    told = report.told(found(), Language.EN)
    assert report.refusal("i-1", "roster/a.zip", "reports/i-1.json", told, Language.EN) == Mail(
        "Reachable: a roster was refused",
        "The roster roster/a.zip (import i-1) was refused. Nothing of it was applied.\n"
        "- 2 x id_twice: Two different lines have this sourcedId. Each id may name one thing only.\n"
        "- 1 x too_much_removed: More would be removed than usual. Check the export, then force it.\n"
        "- students: 50 of 200\n"
        "The report, reports/i-1.json, lists the problems with file, line and column.",
    )


def test_a_district_that_speaks_spanish_is_told_in_spanish() -> None:
    told = report.told(found(), Language.ES)
    mail = report.refusal("i-1", "roster/a.zip", "reports/i-1.json", told, Language.ES)
    assert mail.subject == "Reachable: se rechazaron los datos escolares"
    assert mail.message.splitlines()[1] == (
        "- 2 x id_twice: Dos líneas distintas tienen este sourcedId. Cada id nombra una sola cosa."
    )
    assert told["listed"][2]["what_to_do"] == (
        "Sin nombre nadie encuentra a esta persona o clase. Añádalo en el SIS."
    )


def test_a_failure_says_that_the_same_file_mends_it() -> None:
    assert report.failure("i-1", "roster/a.zip", "Lambda.Timeout", Language.EN) == Mail(
        "Reachable: a roster import failed",
        "The import i-1 of roster/a.zip failed (Lambda.Timeout). Run the same file again: what was written "
        "stays right, and the rest is written then.",
    )
