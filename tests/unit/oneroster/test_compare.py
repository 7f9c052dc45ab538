"""The guard: how much of what is stored an export would take away, and when that is too much."""

from datetime import date

import pytest

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import compare as comparing
from reachable.oneroster.compare import AllowedShares, Compared, Difference, Measure, guard
from reachable.oneroster.join import Joined
from reachable.oneroster.problems import Problems
from reachable.oneroster.rows import Rows
from tests.roster_exports import Table, district, in_1_2, user, zipped
from tests.unit.oneroster.exports import TODAY, Reading, changed, reading, without

ALLOWED = AllowedShares(removal=0.1, change=0.25)
UNTOUCHED = {
    Measure.SCHOOLS: Difference(2, 0),
    Measure.USERS: Difference(4, 0),
    Measure.STUDENTS: Difference(2, 0),
    Measure.ROLES: Difference(4, 0),
    Measure.ENROLLMENTS: Difference(2, 0),
    Measure.GUARDIANSHIPS: Difference(3, 0),
    Measure.EMAILS: Difference(3, 0),
    Measure.PHONES: Difference(3, 0),
    Measure.NAMES: Difference(6, 0),
    Measure.ACCENTS: Difference(0, 0),
}


def compared(old: Rows, new: Rows, now: date = TODAY) -> Compared:
    """As an import of ``now`` does it, over the rows of an import of TODAY."""
    then = Joined(old, TODAY, "en")
    as_now = Joined(old, now, "en")
    return comparing.compare(
        then if as_now.has_ended_since(TODAY) else as_now, as_now, Joined(new, now, "en"), ALLOWED
    )


def compare(old: Rows, new: Rows, now: date = TODAY) -> dict[Measure, Difference]:
    return dict(compared(old, new, now).differences)


def _rows(tables: dict[str, Table], version: str = "1.1") -> Rows:
    return reading(zipped(tables, version=version)).rows


def _compared(tables: dict[str, Table], old: dict[str, Table] | None = None) -> dict[Measure, Difference]:
    """What differs from the untouched district."""
    differences = compare(_rows(old or district()), _rows(tables))
    return {
        measure: difference for measure, difference in differences.items() if difference != UNTOUCHED[measure]
    }


def _guarded(differences: dict[Measure, Difference], allowed: AllowedShares = ALLOWED) -> Problems:
    problems = Problems()
    guard(Compared(differences), allowed, problems)
    return problems


# What is counted


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_same_export_takes_nothing_away(version: str) -> None:
    rows = _rows(in_1_2() if version == "1.2" else district(), version)
    assert compare(rows, rows) == UNTOUCHED


def test_a_change_from_1_1_to_1_2_takes_nothing_away() -> None:
    assert compare(_rows(district()), _rows(in_1_2(), "1.2")) == UNTOUCHED


def _ending(*roles: str) -> Rows:
    """The district of 1.2, where these roles end on 30 November."""
    tables = in_1_2()
    rows = [row | ({"endDate": "2026-11-30"} if row["role"] in roles else {}) for row in tables["roles"]]
    return _rows(tables | {"roles": rows}, "1.2")


def test_roles_that_ended_since_take_people_away_without_a_line_that_changed() -> None:
    rows = _ending("parent", "guardian")
    assert compare(rows, rows, now=date(2026, 11, 30)) == UNTOUCHED
    ended = compared(rows, rows, now=date(2026, 12, 1))
    assert ended.differences[Measure.USERS] == Difference(4, 3)
    assert ended.differences[Measure.GUARDIANSHIPS] == Difference(3, 3)
    assert ended.differences[Measure.STUDENTS].removed == 0
    assert ended.ended == 0


def test_people_are_not_to_vanish_with_a_date_though_class_lists_end_with_a_year() -> None:
    rows = _ending("parent", "guardian", "student", "teacher")
    ended = compared(rows, rows, now=date(2026, 12, 1))
    removed = {measure: one.removed for measure, one in ended.differences.items() if one.removed}
    assert removed == {
        Measure.USERS: 4,
        Measure.STUDENTS: 2,
        Measure.GUARDIANSHIPS: 3,
        Measure.EMAILS: 3,
        Measure.PHONES: 3,
    }
    assert (ended.ended, ended.stood) == (2, 2)


def test_nothing_stored_loses_nothing() -> None:
    assert all(difference == Difference() for difference in compare(Rows(), _rows(district())).values())


def test_who_is_new_counts_nowhere() -> None:
    more = district()
    more["users"] = [*more["users"], user("zoe", "guardian", "Zoë End", email="zoe@example.org")]
    assert _compared(more) == {}


EVE_IS_GONE = {
    Measure.USERS: Difference(4, 1),
    Measure.GUARDIANSHIPS: Difference(3, 1),
    Measure.EMAILS: Difference(3, 1),
    Measure.PHONES: Difference(3, 1),
}


@pytest.mark.parametrize(
    ("tables", "differences"),
    [
        (without("south"), {Measure.SCHOOLS: Difference(2, 1)}),
        (changed("south", table="orgs", type="department"), {Measure.SCHOOLS: Difference(2, 1)}),
        (without("eve"), EVE_IS_GONE),
        (changed("eve", role=""), EVE_IS_GONE),
        (changed("eve", role="wizard"), EVE_IS_GONE),
        (changed("eve", role="student"), EVE_IS_GONE),
        (changed("tess", role="aide"), {Measure.ROLES: Difference(4, 0, 1)}),
        (changed("tess", role="districtAdministrator"), {Measure.ROLES: Difference(4, 0, 1)}),
        (changed("eve", familyName="Harte"), {Measure.NAMES: Difference(6, 0, 1)}),
        (changed("lu", givenName="Lux"), {Measure.NAMES: Difference(6, 0, 1)}),
        (changed("lu", givenName="Lú"), {Measure.NAMES: Difference(6, 0, 1)}),
        (without("lu"), {Measure.STUDENTS: Difference(2, 1), Measure.GUARDIANSHIPS: Difference(3, 1)}),
        (changed("lu", agentSourcedIds=""), {Measure.GUARDIANSHIPS: Difference(3, 1)}),
        (changed("bo", agentSourcedIds="ada,eve"), {Measure.GUARDIANSHIPS: Difference(3, 1)}),
        (without("e1"), {Measure.ENROLLMENTS: Difference(2, 1)}),
        (without("art"), {Measure.ENROLLMENTS: Difference(2, 2)}),
        (changed("art", table="classes", schoolSourcedId="ghost"), {Measure.ENROLLMENTS: Difference(2, 2)}),
        (changed("e1", table="enrollments", userSourcedId="lu"), {Measure.ENROLLMENTS: Difference(2, 1)}),
        (changed("e2", table="enrollments", role="proctor"), {Measure.ENROLLMENTS: Difference(2, 1)}),
        (changed("eve", email=""), {Measure.EMAILS: Difference(3, 1)}),
        (changed("eve", email="none@none.com"), {Measure.EMAILS: Difference(3, 1)}),
        (changed("eve", email="not an address"), {Measure.EMAILS: Difference(3, 1)}),
        (changed("eve", email="eva@example.org"), {Measure.EMAILS: Difference(3, 0, 1)}),
        (changed("eve", sms=""), {Measure.PHONES: Difference(3, 1)}),
        (changed("eve", sms="202-555-0199"), {Measure.PHONES: Difference(3, 0, 1)}),
    ],
)
def test_what_an_export_brings_about_is_what_counts(
    tables: dict[str, Table], differences: dict[Measure, Difference]
) -> None:
    assert _compared(tables) == differences


@pytest.mark.parametrize(
    "tables",
    [
        changed("eve", email="EVE@example.org"),
        changed("eve", sms="", phone="1 (202) 555-0124"),
        changed("eve", familyName="HART", orgSourcedIds="south", grades="04"),
        changed("eve", familyName="  hart "),
        changed("eve", role="relative"),
        changed("bo", changed("ada", agentSourcedIds="bo"), agentSourcedIds="dennis"),
    ],
)
def test_what_comes_to_the_same_is_no_change(tables: dict[str, Table]) -> None:
    assert _compared(tables) == {}


@pytest.mark.parametrize(
    ("family_name", "accents", "names"),
    [
        ("Núñez", Difference(1, 0), Difference(6, 0)),
        ("NÚÑEZ", Difference(1, 0), Difference(6, 0)),
        ("NÃºÃ±ez", Difference(1, 0, 1), Difference(6, 0, 1)),  # UTF-8, read as Windows-1252
        ("N\ufffd\ufffdez", Difference(1, 0, 1), Difference(6, 0, 1)),
        ("N??ez", Difference(1, 0, 1), Difference(6, 0, 1)),  # an encoding that has no such letters
        ("Nunez", Difference(1, 0, 1), Difference(6, 0, 1)),
        ("Núñez Pérez", Difference(1, 0), Difference(6, 0, 1)),  # another name, as good as the one before
        ("Smith", Difference(1, 0), Difference(6, 0, 1)),
        (None, Difference(1, 0), Difference(6, 0)),  # gone is not changed
    ],
)
def test_names_that_lose_their_accents_are_counted_apart(
    family_name: str | None, accents: Difference, names: Difference
) -> None:
    old = changed("eve", familyName="Núñez")
    new = without("eve") if family_name is None else changed("eve", familyName=family_name)
    differences = compare(_rows(old), _rows(new))
    assert (differences[Measure.ACCENTS], differences[Measure.NAMES]) == (accents, names)


def test_enrollments_may_have_new_ids_every_night() -> None:
    tables = district()
    tables["enrollments"] = [row | {"sourcedId": f"new-{row['sourcedId']}"} for row in tables["enrollments"]]
    assert _compared(tables) == {}
    swapped = district()
    first, second = swapped["enrollments"]
    swapped["enrollments"] = [first | {"sourcedId": "e2"}, second | {"sourcedId": "e1"}]
    assert _compared(swapped) == {}


def test_a_seat_that_was_there_twice_may_be_there_once() -> None:
    twice = district()
    twice["enrollments"] = [*twice["enrollments"], twice["enrollments"][0] | {"sourcedId": "e1-again"}]
    assert compare(_rows(twice), _rows(district()))[Measure.ENROLLMENTS] == Difference(3, 0)


def test_an_enrollment_in_a_class_that_was_not_there_was_none_and_is_not_missed() -> None:
    orphaned = changed("art", table="classes", schoolSourcedId="ghost")
    assert _compared(without("e1"), orphaned) == {Measure.ENROLLMENTS: Difference(0, 0)}


def test_after_a_change_back_to_1_1_the_roles_of_1_2_count_no_more() -> None:
    old = _rows(in_1_2(), "1.2")
    new = reading(zipped(changed("eve", role="wizard")), old).rows
    assert compare(old, new)[Measure.USERS] == Difference(4, 1)
    pupil = _rows(in_1_2(changed("ada", role="student")), "1.2")
    parent = reading(zipped(district()), pupil).rows
    assert compare(pupil, parent)[Measure.STUDENTS] == Difference(3, 1)


def test_in_1_2_who_loses_the_role_is_gone() -> None:
    old = _rows(in_1_2(), "1.2")
    differences = compare(old, _rows(without("eve-north", in_1_2()), "1.2"))
    assert (differences[Measure.USERS], differences[Measure.GUARDIANSHIPS]) == (
        Difference(4, 1),
        Difference(3, 1),
    )
    assert differences[Measure.EMAILS] == Difference(3, 1)


def test_an_export_without_roles_csv_s_lines_takes_everybody_away() -> None:
    differences = compare(_rows(in_1_2(), "1.2"), _rows(in_1_2() | {"roles": []}, "1.2"))
    assert (differences[Measure.USERS], differences[Measure.STUDENTS]) == (Difference(4, 4), Difference(2, 2))


# What is too much


@pytest.mark.parametrize(
    ("difference", "kinds"),
    [
        (Difference(100, 10), []),
        (Difference(100, 11), [ProblemKind.TOO_MUCH_REMOVED]),
        (Difference(100, 0, 25), []),
        (Difference(100, 0, 26), [ProblemKind.TOO_MUCH_CHANGED]),
        (Difference(100, 11, 26), [ProblemKind.TOO_MUCH_REMOVED, ProblemKind.TOO_MUCH_CHANGED]),
        (Difference(0, 0), []),
        (Difference(1, 1), [ProblemKind.TOO_MUCH_REMOVED]),
    ],
)
def test_a_share_may_reach_its_limit_and_not_pass_it(
    difference: Difference, kinds: list[ProblemKind]
) -> None:
    problems = _guarded({Measure.EMAILS: difference})
    assert [problem.kind for problem in problems.listed] == kinds
    assert problems.refuse == bool(kinds)


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [(AllowedShares(0, 0), True), (AllowedShares(1, 1), False), (AllowedShares(0.34, 0.34), False)],
)
def test_the_district_sets_the_limits(allowed: AllowedShares, refused: bool) -> None:
    differences = {Measure.PHONES: Difference(3, 1, 1)}
    assert _guarded(differences, allowed).refuse is refused


@pytest.mark.parametrize(
    ("measure", "file", "column"),
    [
        (Measure.SCHOOLS, "orgs.csv", None),
        (Measure.USERS, "users.csv", None),
        (Measure.STUDENTS, "users.csv", None),
        (Measure.ENROLLMENTS, "enrollments.csv", None),
        (Measure.GUARDIANSHIPS, "users.csv", "agentSourcedIds"),
        (Measure.EMAILS, "users.csv", "email"),
        (Measure.PHONES, "users.csv", "sms"),
        (Measure.ROLES, "users.csv", "role"),
        (Measure.NAMES, "users.csv", "familyName"),
        (Measure.ACCENTS, "users.csv", "familyName"),
    ],
)
def test_the_problem_says_how_much_of_what_and_where(measure: Measure, file: str, column: str | None) -> None:
    [problem] = _guarded({measure: Difference(200, 50)}).listed
    assert (problem.file, problem.column, problem.figures) == (file, column, f"{measure}: 50 of 200")


# The accidents that it is for


def _thousand() -> dict[str, Table]:
    """Two schools of 500 students with a guardian each."""
    people: Table = []
    for i in range(1000):
        org = "north" if i % 2 else "south"
        people += [
            user(f"s{i}", "student", f"Stu Dent{i}", agentSourcedIds=f"g{i}", orgSourcedIds=org),
            user(
                f"g{i}",
                "guardian",
                f"Guard Ian{i}",
                email=f"g{i}@example.org",
                sms=f"202-555-{i:04}",
                orgSourcedIds=org,
            ),
        ]
    return district() | {"users": people, "classes": [], "enrollments": []}


def _accident(before: dict[str, Table], tables: dict[str, Table]) -> set[str | None]:
    found: Reading = reading(zipped(tables), _rows(before))
    return {problem.figures for problem in _guarded(compare(_rows(before), found.rows)).listed}


def test_ordinary_nights_pass() -> None:
    whole = _thousand()
    some = [row for i, row in enumerate(whole["users"]) if i % 25]  # one in 25 left
    moved = [
        row | ({"email": f"new-{row['email']}"} if "email" in row and not i % 9 else {})
        for i, row in enumerate(some)
    ]
    assert _accident(whole, whole | {"users": moved}) == set()


def test_half_a_district_is_refused() -> None:
    whole = _thousand()
    north = [row for row in whole["users"] if row["orgSourcedIds"] == "north"]
    assert _accident(whole, whole | {"users": north}) == {
        "users: 500 of 1000",
        "students: 500 of 1000",
        "guardianships: 500 of 1000",
        "emails: 500 of 1000",
        "phones: 500 of 1000",
    }


@pytest.mark.parametrize(
    ("column", "figures"),
    [
        ("email", {"emails: 1000 of 1000"}),
        ("sms", {"phones: 1000 of 1000"}),
        ("agentSourcedIds", {"guardianships: 1000 of 1000"}),
    ],
)
def test_an_emptied_column_is_refused(column: str, figures: set[str]) -> None:
    whole = _thousand()
    emptied = [{name: v for name, v in row.items() if name != column} for row in whole["users"]]
    assert _accident(whole, whole | {"users": emptied}) == figures


def test_a_column_slid_by_a_line_is_refused() -> None:
    whole = _thousand()
    guardians = [row for row in whole["users"] if "email" in row]
    slid = [row | {"email": guardians[i - 1]["email"]} for i, row in enumerate(guardians)]
    users = [*(row for row in whole["users"] if "email" not in row), *slid]
    assert _accident(whole, whole | {"users": users}) == {"emails: 1000 of 1000"}


def test_new_ids_for_everybody_are_refused() -> None:
    """Some systems give new ids on a change of version: that must be a decision, not an accident."""
    whole = _thousand()
    anew = [
        row | {"sourcedId": f"n{row['sourcedId']}"} | ({"agentSourcedIds": f"n{agents}"} if agents else {})
        for row in whole["users"]
        for agents in [row.get("agentSourcedIds")]
    ]
    assert "users: 1000 of 1000" in _accident(whole, whole | {"users": anew})


@pytest.mark.parametrize(
    ("corrected", "of", "refused"),
    [(1, 3, False), (3, 3, False), (9, 9, False), (10, 10, True), (10, 41, False)],
)
def test_a_few_corrected_accents_refuse_nothing_and_a_mass_of_them_does(
    corrected: int, of: int, refused: bool
) -> None:
    plain = [user(f"g{i}", "guardian", f"Gua Rdian{i}") for i in range(200)]

    def with_accents(count: int) -> dict[str, Table]:
        names = ["José Núñez"] * count + ["Jose Nunez"] * (of - count)
        return district() | {
            "users": [*plain, *(user(f"a{i}", "guardian", name) for i, name in enumerate(reversed(names)))]
        }

    accident = _accident(with_accents(of), with_accents(of - corrected))
    assert accident == ({f"accents: {corrected} of {of}"} if refused else set())


@pytest.mark.parametrize(("changed_", "refused"), [(1, True), (3, True)])
def test_what_is_no_name_has_no_such_floor(changed_: int, refused: bool) -> None:
    assert _guarded({Measure.EMAILS: Difference(3, 0, changed_)}).refuse is refused
    assert _guarded({Measure.ROLES: Difference(3, 0, changed_)}).refuse is refused
