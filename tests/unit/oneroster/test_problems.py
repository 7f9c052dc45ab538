"""What a problem does: it refuses the file, costs a line or is told; and which of them a person may force."""

import pytest

from reachable.model.roster_problem import ProblemKind, Severity
from reachable.oneroster import problems
from reachable.oneroster.problems import Problem, Problems

THE_FILE = """
not_a_zip password workbook zip_in_zip another_format too_large no_manifest unsupported_version unknown_mode
nothing_announced file_twice file_missing file_empty delta_without_base encoding_unreadable not_commas
column_missing column_twice quotes_unreadable too_much_unread no_school nobody too_much_removed
too_much_changed
"""
A_LINE = "csv_unreadable field_count id_missing id_too_long id_twice unknown_status"
NOTHING = """
file_not_announced encoding_not_utf8 letters_guessed column_not_read nobody_removed row_twice unknown_role
role_missing unknown_reference unknown_org_type name_missing name_spoilt not_a_date not_an_email
email_placeholder not_a_phone phone_country phone_extension phone_placeholder phone_note unknown_language
unknown_enabled several_roles org_without_school class_without_school student_without_school
staff_without_school tie_to_nobody placeholder_contact too_many all_ended no_guardian no_address
"""


@pytest.mark.parametrize(
    ("kinds", "severity", "refuses"),
    [
        (THE_FILE, Severity.ERROR, True),
        (A_LINE, Severity.ERROR, False),
        (NOTHING, Severity.WARNING, False),
        ("ended_by_date", Severity.NOTE, False),
    ],
)
def test_what_a_problem_costs(kinds: str, severity: Severity, refuses: bool) -> None:
    for kind in map(ProblemKind, kinds.split()):
        assert (kind, problems.severity_of(kind), problems.refuses(kind)) == (kind, severity, refuses)
        assert Problem(kind, "users.csv").severity is severity
        found = Problems()
        found.add(kind, "users.csv")
        assert (found.refuse, found.refusals) == (refuses, int(refuses))


def test_of_every_problem_somebody_has_said_what_it_costs() -> None:
    told = f"{THE_FILE} {A_LINE} {NOTHING} ended_by_date".split()
    assert sorted(told) == sorted(kind.value for kind in ProblemKind)


def test_what_the_guard_doubts_alone_may_be_forced() -> None:
    """A file that is damaged, or lacks what it must have, is mended by no person's word."""
    assert {
        "file_missing",
        "too_much_unread",
        "too_much_removed",
        "too_much_changed",
    } == problems.FORCED


@pytest.mark.parametrize("refusing", ["no_school", "nobody"])
@pytest.mark.parametrize("headline", ["no_guardian", "no_address"])
def test_a_report_begins_with_what_refuses_the_file_then_errors_warnings_and_notes(
    refusing: str, headline: str
) -> None:
    """Of both first what the whole comes to."""
    found = Problems()
    order = [refusing, "not_a_zip", headline, "id_twice", "row_twice", "all_ended", "ended_by_date"]
    for kind in ["ended_by_date", "row_twice", headline, "id_twice", "all_ended", "not_a_zip", refusing]:
        found.add(ProblemKind(kind), "users.csv")
    assert [one.kind for one in found.in_order()] == order


def test_what_refuses_a_file_comes_before_the_many_lines_that_it_is_about() -> None:
    found = Problems()
    for line in range(2, 902):
        found.add(ProblemKind.ID_MISSING, "users.csv", line)
    found.add(ProblemKind.TOO_MUCH_UNREAD, "users.csv")
    assert [one.kind for one in found.in_order()[:2]] == ["too_much_unread", "id_missing"]


def test_all_are_counted_and_the_first_thousand_of_each_kind_listed() -> None:
    found = Problems()
    for line in range(1, 1_003):
        found.add(ProblemKind.ROW_TWICE, "users.csv", line)
    found.add(ProblemKind.ID_TWICE, "users.csv", 9)
    assert found.counts == {"row_twice": 1_002, "id_twice": 1}
    assert [one.line for one in found.listed] == [*range(1, 1_001), 9]


@pytest.mark.parametrize(("length", "shown"), [(0, 0), (255, 255), (256, 255), (100_000, 255)])
def test_of_an_id_no_more_is_shown_than_one_may_have(length: int, shown: int) -> None:
    found = Problems()
    found.add(ProblemKind.ID_TOO_LONG, "users.csv", 2, "sourcedId", "x" * length)
    assert [one.sourced_id for one in found.listed] == ["x" * shown]
