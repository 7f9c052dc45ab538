"""A check of a whole export: what leads nowhere, has ended or is unread, and what all of it comes to."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Final

import pytest

from reachable.model.people import Role
from reachable.oneroster import sheet
from reachable.oneroster.check import Counts
from reachable.oneroster.compare import AllowedShares, Difference, Measure
from reachable.oneroster.join import MOST_CLASSES, MOST_GUARDIANS, MOST_SCHOOLS, MOST_STUDENTS
from reachable.oneroster.rows import Rows
from tests.roster_exports import Table, as_csv, columns_of, district, in_1_2, user, zipped
from tests.unit.oneroster.exports import Checking, changed, checking, reading, without

type Tables = dict[str, Table]
type Told = tuple[str, str, int | None, str | None, str | None]

YESTERDAY: Final = "2026-11-23"
EARLIER: Final = date(2026, 11, 20)
NOTHING_LOST: Final = AllowedShares(1, 1)


def _base(tables: Tables | None = None, version: str = "1.1") -> Rows:
    return reading(zipped(tables or district(), version=version)).rows


def _checked(tables: Tables, base: Rows | None = None, version: str = "1.1") -> Checking:
    return checking(zipped(tables, version=version), base)


def _kinds(found: Checking) -> list[str]:
    return [kind.value for kind in found.kinds]


# Nothing at all (K0)


@pytest.mark.parametrize("mode", ["absent", "csv"])
def test_an_export_that_announces_nothing_is_refused_at_first_and_every_night(mode: str) -> None:
    modes = dict.fromkeys(district(), "absent") | (
        {f"{t}.csv": "bulk" for t in district()} if mode == "csv" else {}
    )
    first, again = (
        checking(zipped(district(), modes=modes)),
        checking(zipped(district(), modes=modes), _base()),
    )
    assert _kinds(first)[0] == _kinds(again)[0] == "nothing_announced"
    assert _kinds(first).count("file_missing") == 2
    assert (first.refused, again.refused, again.rows) == (True, True, _base())
    assert first.checked.joined is None


def test_force_mends_no_export_that_announces_nothing() -> None:
    modes = dict.fromkeys(district(), "absent")
    assert checking(zipped(district(), modes=modes), _base(), force=True).refused


@pytest.mark.parametrize("file", ["orgs", "users"])
def test_a_file_under_a_wrong_name_in_the_manifest_is_missing(file: str) -> None:
    modes = {file: "absent", f"{file}.csv": "bulk"}
    first, again = (
        checking(zipped(district(), modes=modes)),
        checking(zipped(district(), modes=modes), _base()),
    )
    for found in (first, again):
        assert ("file_missing", f"{file}.csv", None, None, None) in found.told
        assert ("file_not_announced", f"{file}.csv", None, None, None) in found.told
        assert found.refused


@pytest.mark.parametrize("table", ["classes", "enrollments"])
def test_a_stored_file_that_is_not_in_a_bulk_refuses_unless_somebody_forces_it(table: str) -> None:
    tables = {name: rows for name, rows in district().items() if name != table}
    found = _checked(tables, _base())
    assert (found.told, found.refused) == ([("file_missing", f"{table}.csv", None, None, None)], True)
    forced = checking(zipped(tables), _base(), force=True)
    assert (forced.told, forced.rows) == ([], _base())


def test_the_first_export_of_1_2_must_have_roles_over_one_of_1_1_too() -> None:
    tables = {name: rows for name, rows in in_1_2().items() if name != "roles"}
    for force in (False, True):
        found = checking(zipped(tables, version="1.2"), _base(), force=force)
        assert ("file_missing", "roles.csv", None, None, None) in found.told
        assert found.refused


def test_deltas_of_a_night_on_which_nothing_happened_pass() -> None:
    found = checking(zipped({name: [] for name in district()}, "delta"), _base())
    assert (found.told, found.rows) == ([], _base())


# What leads to no school or to nobody (K1)


@pytest.mark.parametrize("type_", ["building", "Elementary School", "campus", "", "school,"])
def test_an_org_of_an_unknown_type_is_no_school_and_told(type_: str) -> None:
    found = _checked(changed("north", table="orgs", type=type_))
    assert ("unknown_org_type", "orgs.csv", 3, "type", "north") in found.told
    assert ("class_without_school", "classes.csv", 2, "schoolSourcedId", "art") in found.told
    assert ("student_without_school", "users.csv", 3, "orgSourcedIds", "lu") in found.told
    assert found.count("enrollments.csv") == Counts(2, 0, {"class_left_out": 2})


@pytest.mark.parametrize("type_", ["School", " SCHOOL "])
def test_the_type_of_an_org_may_be_written_in_any_case(type_: str) -> None:
    assert _checked(changed("north", table="orgs", type=type_)).told == []


@pytest.mark.parametrize("parent", ["", "district", "ghost", "arts"])
def test_a_department_of_no_school_is_told(parent: str) -> None:
    arts = {"sourcedId": "arts", "name": "Arts", "type": "department", "parentSourcedId": parent}
    found = _checked(district() | {"orgs": [*district()["orgs"], arts]})
    assert found.told[-1] == ("org_without_school", "orgs.csv", 5, "parentSourcedId", "arts")
    ghost = [("unknown_reference", "orgs.csv", 5, "parentSourcedId", "arts")] if parent == "ghost" else []
    assert found.told[:-1] == ghost


def test_a_department_of_a_department_of_a_school_is_in_it() -> None:
    orgs = [
        {"sourcedId": "arts", "name": "Arts", "type": "department", "parentSourcedId": "south"},
        {"sourcedId": "music", "name": "Music", "type": "department", "parentSourcedId": "arts"},
    ]
    tables = changed("lu", district() | {"orgs": [*district()["orgs"], *orgs]}, orgSourcedIds="music")
    found = _checked(tables)
    [south] = [school.id for school in found.joined.schools() if school.sourced_id == "south"]
    assert (found.told, found.student("lu").schools) == ([], (south,))


@pytest.mark.parametrize("type_", ["department", "district", "state"])
def test_a_first_import_without_a_school_is_refused_and_says_so_first(type_: str) -> None:
    orgs = [row | {"type": type_} for row in district()["orgs"]]
    found = _checked(district() | {"orgs": orgs})
    assert found.problems.in_order()[0].kind.value == "no_school"
    assert found.refused
    assert "student_without_school" not in _kinds(found)  # which would hide it


@pytest.mark.parametrize(
    "users",
    [
        [],
        [user("bo", "wizard", "Bo Reyes")],
        [user("bo", "", "Bo Reyes")],
        [user("bo", "student", "Bo Reyes", status="tobedeleted")],
    ],
)
def test_a_first_import_of_nobody_is_refused_and_says_so_first(users: Table) -> None:
    found = _checked(district() | {"users": users, "enrollments": []})
    assert found.problems.in_order()[0].kind.value == "nobody"
    assert found.refused


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row: row | {"agentSourcedIds": ""},
        lambda row: row | ({"agentSourcedIds": "ghost"} if "agentSourcedIds" in row else {}),
        lambda row: row | ({"role": "wizard"} if row["role"] in ("parent", "guardian") else {}),
        lambda row: row | ({"role": ""} if row["role"] in ("parent", "guardian") else {}),
    ],
)
def test_students_of_whom_none_has_a_guardian_are_told_first(
    spoil: Callable[[dict[str, str]], dict[str, str]],
) -> None:
    found = _checked(district() | {"users": [spoil(row) for row in district()["users"]]})
    first, *_ = found.problems.in_order()
    assert (first.kind.value, first.figures, found.refused) == ("no_guardian", "students: 2", False)


@pytest.mark.parametrize("roles", [["teacher"], ["parent", "guardian"]])
def test_where_there_is_no_student_nobody_misses_guardians(roles: list[str]) -> None:
    users = [row for row in district()["users"] if row["role"] in roles]
    found = _checked(district() | {"users": users, "enrollments": []})
    assert (found.told, found.refused) == ([], False)


@pytest.mark.parametrize("orgs", ["", "district"])
def test_a_student_at_no_school_is_told(orgs: str) -> None:
    found = _checked(changed("lu", orgSourcedIds=orgs))
    assert found.told == [("student_without_school", "users.csv", 3, "orgSourcedIds", "lu")]


@pytest.mark.parametrize(
    ("sessions", "terms", "known"),
    [
        ([{"sourcedId": "fall", "endDate": ""}], "fall", True),
        ([{"sourcedId": "fall", "endDate": ""}], "fall,spring", False),
        ([{"sourcedId": "fall", "endDate": ""}], "Fall", False),
        ([], "fall", False),
        (None, "fall", True),  # nobody can tell
    ],
)
def test_a_class_of_an_unknown_term_is_told_and_runs(sessions: Table | None, terms: str, known: bool) -> None:
    tables = changed("art", table="classes", termSourcedIds=terms)
    found = _checked(tables if sessions is None else tables | {"academicSessions": sessions})
    told = [] if known else [("unknown_reference", "classes.csv", 2, "termSourcedIds", "art")]
    assert (found.told, [one.sourced_id for one in found.joined.classes()]) == (told, ["art"])


def test_what_leads_nowhere_and_was_stored_before_has_no_line() -> None:
    base = _base(changed("lu", orgSourcedIds="district"))
    found = checking(zipped({"orgs": []}, "delta"), base)
    assert found.told == [("student_without_school", "users.csv", None, "orgSourcedIds", "lu")]


# What has ended (K2)


def _terms(end: str = "", *, of_enrollments: str = "", of_roles: str = "", version: str = "1.2") -> Tables:
    """The district with a term, and with ends; in 1.2."""
    tables = changed("art", table="classes", termSourcedIds="fall")
    tables["academicSessions"] = [{"sourcedId": "fall", "endDate": end}]
    tables["enrollments"] = [row | {"endDate": of_enrollments} for row in tables["enrollments"]]
    if version == "1.1":
        return tables
    tables = in_1_2(tables)
    tables["roles"] = [row | {"endDate": of_roles} for row in tables["roles"]]
    return tables


def test_what_has_ended_is_counted_by_what_ended() -> None:
    tables = _terms()
    tables["academicSessions"] += [{"sourcedId": "spring", "endDate": YESTERDAY}]
    tables["classes"] += [
        {"sourcedId": "chess", "title": "Chess", "schoolSourcedId": "north", "termSourcedIds": "spring"}
    ]
    tables["enrollments"] = [
        *tables["enrollments"],
        *(
            {"sourcedId": id_, "classSourcedId": class_, "userSourcedId": who, "role": role, "endDate": end}
            for id_, class_, who, role, end in (
                ("e3", "art", "lu", "student", YESTERDAY),
                ("e4", "chess", "lu", "student", ""),
                ("e5", "art", "eve", "aide", ""),
                ("e6", "art", "eve", "student", ""),
                ("e7", "art", "lu", "teacher", ""),
            )
        ),
    ]
    tables["roles"] = [
        row | ({"endDate": YESTERDAY} if row["userSourcedId"] == "dennis" else {}) for row in tables["roles"]
    ]
    found = _checked(tables, version="1.2")
    assert found.told == []
    assert found.left_out == {
        "academicSessions.csv": {"term_ended": 1},
        "roles.csv": {"role_ended": 1},
        "users.csv": {"role_ended": 1},
        "classes.csv": {"class_ended": 1},
        "enrollments.csv": {"enrollment_ended": 1, "class_ended": 1, "no_seat": 1, "person_left_out": 2},
    }


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        (
            _terms(YESTERDAY),
            [
                ("all_ended", "academicSessions.csv", None, "endDate", None),
                ("all_ended", "enrollments.csv", None, "endDate", None),
                ("all_ended", "classes.csv", None, "termSourcedIds", None),
            ],
        ),
        (_terms(of_enrollments=YESTERDAY), [("all_ended", "enrollments.csv", None, "endDate", None)]),
        (
            _terms(of_roles=YESTERDAY),
            [
                ("all_ended", "roles.csv", None, "endDate", None),
                ("nobody", "users.csv", None, None, None),
            ],
        ),
        (_terms("2026-11-24", of_enrollments="2026-11-24", of_roles="2026-11-24"), []),
    ],
)
def test_a_file_of_which_every_line_has_ended_is_told(tables: Tables, told: list[Told]) -> None:
    assert _checked(tables, version="1.2").told == told


def test_who_has_an_unknown_role_beside_one_that_has_ended_is_left_out_for_one_of_them() -> None:
    tables = in_1_2()
    tables["roles"] = [
        row | ({"role": "wizard"} if row["userSourcedId"] == "eve" else {}) for row in tables["roles"]
    ]
    found = _checked(tables, version="1.2")
    assert found.left_out == {"roles.csv": {"unknown_role": 1}, "users.csv": {"unknown_role": 1}}


def test_what_was_stored_before_is_counted_in_no_file() -> None:
    base = _base(_terms(of_roles=YESTERDAY), "1.2")
    found = checking(zipped({"orgs": district()["orgs"]}, "delta", "1.2"), base)
    assert found.checked.counts == {"orgs.csv": Counts(3, 3, {})}


def test_lines_to_be_deleted_are_counted() -> None:
    found = checking(zipped(changed("eve", status="tobedeleted")), _base(), allowed=NOTHING_LOST)
    assert found.count("users.csv") == Counts(6, 5, {"tobedeleted": 1})
    assert "eve" not in found.rows.people


# Loss by dates (K6)


def _figures_of_the_guard(found: Checking) -> list[str]:
    return [
        problem.figures or "" for problem in found.problems.listed if problem.kind.value == "too_much_removed"
    ]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    "moved",
    [{"end": YESTERDAY}, {"of_enrollments": YESTERDAY}, {"end": YESTERDAY, "of_enrollments": YESTERDAY}],
)
def test_ends_that_the_export_has_moved_to_yesterday_are_refused(version: str, moved: dict[str, str]) -> None:
    found = _checked(_terms(**moved, version=version), _base(_terms(version=version), version), version)
    assert _figures_of_the_guard(found) == ["enrollments: 2 of 2"]
    assert "ended_by_date" not in _kinds(found)


def test_roles_that_the_export_has_ended_yesterday_are_refused() -> None:
    found = _checked(_terms(of_roles=YESTERDAY), _base(_terms(), "1.2"), "1.2")
    assert _figures_of_the_guard(found) == [
        "users: 4 of 4",
        "students: 2 of 2",
        "enrollments: 2 of 2",
        "guardianships: 3 of 3",
        "emails: 3 of 3",
        "phones: 3 of 3",
    ]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("ends", [{"end": YESTERDAY}, {"of_enrollments": YESTERDAY}])
def test_the_end_of_a_year_that_was_known_passes_and_is_told(version: str, ends: dict[str, str]) -> None:
    tables = _terms(**ends, version=version)
    found = checking(zipped(tables, version=version), _base(tables, version), then=EARLIER)
    assert not found.refused
    assert found.figures["ended_by_date"] == ["enrollments: 2 of 2"]
    assert found.there == (["bo", "lu"], ["ada", "dennis", "eve", "tess"])


@pytest.mark.parametrize(
    ("then", "end", "ended"),
    [
        (date(2026, 11, 20), YESTERDAY, True),
        (date(2026, 11, 23), YESTERDAY, True),  # it ran to the end of that day
        (date(2026, 11, 24), YESTERDAY, False),
        (date(2026, 11, 20), "2026-11-24", False),
        (date(2026, 11, 20), "2026-11-20", True),
        (date(2026, 11, 20), "2026-11-19", False),
        (date(2026, 11, 20), "", False),
    ],
)
@pytest.mark.parametrize("of", ["end", "of_enrollments", "of_roles"])
def test_what_ended_between_two_imports_is_known(of: str, then: date, end: str, ended: bool) -> None:
    tables = _terms(end) if of == "end" else _terms(**{of: end})
    assert _checked(tables, version="1.2").joined.has_ended_since(then) is ended


def test_the_night_after_the_end_of_a_year_tells_nothing_of_it() -> None:
    tables = _terms(YESTERDAY)
    found = checking(zipped(tables, version="1.2"), _base(tables, "1.2"))
    assert (found.refused, "ended_by_date" in _kinds(found)) == (False, False)


def test_the_new_year_may_come_on_the_night_on_which_the_old_one_has_ended() -> None:
    found = checking(
        zipped(_terms("2027-06-12"), version="1.2"), _base(_terms(YESTERDAY), "1.2"), then=EARLIER
    )
    assert (found.told, found.refused) == (
        [("ended_by_date", "enrollments.csv", None, None, None)],
        False,
    )


def test_at_the_end_of_a_year_an_export_that_takes_people_away_as_well_is_refused() -> None:
    tables = _terms(YESTERDAY)
    spoilt = _terms(YESTERDAY, of_roles=YESTERDAY)
    found = checking(zipped(spoilt, version="1.2"), _base(tables, "1.2"), then=EARLIER)
    assert "users: 4 of 4" in _figures_of_the_guard(found)


def test_a_term_that_ends_for_a_few_is_no_end_of_the_year_and_no_loss() -> None:
    """One class list of twenty has ended by its date; a guardian's role that ended that day is a loss."""
    tables = _terms()
    students = [user(f"s{i}", "student", f"Stu Dent{i}") for i in range(18)]
    seats = [
        {"sourcedId": f"x{i}", "classSourcedId": "art", "userSourcedId": f"s{i}", "role": "student"}
        for i in range(18)
    ]
    more = in_1_2({"users": students})
    tables["users"] = [*tables["users"], *more["users"]]
    tables["roles"] = [
        row | ({"endDate": YESTERDAY} if row["userSourcedId"] == "eve" else {})
        for row in [*tables["roles"], *more["roles"]]
    ]
    tables["enrollments"] = [
        row | ({"endDate": YESTERDAY} if row["sourcedId"] == "x0" else {})
        for row in [*tables["enrollments"], *seats]
    ]
    found = checking(zipped(tables, version="1.2"), _base(tables, "1.2"), then=EARLIER)
    assert found.difference(Measure.ENROLLMENTS) == Difference(19, 0)
    assert found.difference(Measure.USERS) == Difference(4, 1)
    assert "ended_by_date" not in _kinds(found)


# Several roles (K7)


def _with_role(person: str, role: str, end: str = "", org: str = "south") -> Tables:
    tables = in_1_2()
    more = {
        "sourcedId": f"{person}-2",
        "userSourcedId": person,
        "roleType": "secondary",
        "role": role,
        "orgSourcedId": org,
        "endDate": end,
    }
    return tables | {"roles": [*tables["roles"], more]}


@pytest.mark.parametrize(
    ("person", "line", "role"),
    [("ada", 4, Role.GUARDIAN), ("eve", 6, Role.GUARDIAN), ("tess", 7, Role.TEACHER)],
)
@pytest.mark.parametrize("order", [1, -1])
def test_whoever_is_a_student_as_well_is_what_else_they_are_and_told(
    person: str, line: int, role: Role, order: int
) -> None:
    tables = _with_role(person, "student")
    found = _checked(tables | {"roles": tables["roles"][::order]}, _base(in_1_2(), "1.2"), "1.2")
    assert found.told == [("several_roles", "users.csv", line, "role", person)]
    assert found.user(person).role is role
    assert found.there == (["bo", "lu"], ["ada", "dennis", "eve", "tess"])
    assert found.difference(Measure.EMAILS) == Difference(3, 0)


@pytest.mark.parametrize(
    ("person", "role"), [("ada", "student"), ("tess", "guardian"), ("bo", "guardian"), ("bo", "aide")]
)
def test_a_role_that_has_ended_decides_nothing(person: str, role: str) -> None:
    found = _checked(_with_role(person, role, YESTERDAY), _base(in_1_2(), "1.2"), "1.2")
    assert (found.told, found.ties) == ([], {("bo", "ada"), ("bo", "dennis"), ("lu", "eve")})
    assert found.left_out == {"roles.csv": {"role_ended": 1}}


def test_a_guardian_whose_only_role_has_ended_guards_nobody_and_a_student_s_role_makes_no_guardian() -> None:
    tables = _with_role("ada", "student")
    tables["roles"] = [
        row | ({"endDate": YESTERDAY} if row["sourcedId"] == "ada-north" else {}) for row in tables["roles"]
    ]
    found = _checked(tables, version="1.2")
    assert found.there == (["ada", "bo", "lu"], ["dennis", "eve", "tess"])
    assert ("bo", "ada") not in found.ties


@pytest.mark.parametrize(
    ("role", "org", "widest"),
    [
        ("parent", "south", Role.TEACHER),
        ("aide", "south", Role.SCHOOL_STAFF),
        ("administrator", "south", Role.SCHOOL_STAFF),
        ("administrator", "district", Role.DISTRICT),
        ("systemAdministrator", "south", Role.DISTRICT),
    ],
)
def test_of_several_that_run_the_widest_counts(role: str, org: str, widest: Role) -> None:
    found = _checked(_with_role("tess", role, org=org), version="1.2")
    assert (found.told, found.user("tess").role) == ([], widest)


# Lines that cannot be read (K10)


def _many(count: int = 100) -> Tables:
    """So many students with a guardian each, in lines of their own: s0 is on line 2, g0 on line 3."""
    people: Table = []
    for i in range(count):
        people += [
            user(f"s{i}", "student", f"Stu Dent{i}", agentSourcedIds=f"g{i}"),
            user(f"g{i}", "guardian", f"Gua Rdian{i}", email=f"g{i}@example.org"),
        ]
    return district() | {"users": people, "classes": [], "enrollments": []}


MANY: Final = _base(_many())

SPOILS: Final[dict[str, Callable[[str], str]]] = {
    "csv_unreadable": lambda line: line.replace("Gua", '"Gua'),
    "field_count": lambda line: f"{line},one too many",
    "unknown_status": lambda line: line.replace("g1,,", "g1,gone,"),
    "id_twice": lambda line: f"{line}\n{line.replace('Gua', 'Another')}",
}


def _spoilt(kind: str, tables: Tables | None = None, base: Rows | None = None) -> Checking:
    """The line of g1, which is the fifth, spoilt."""
    text = as_csv(columns_of("users"), (tables or _many())["users"]).decode().splitlines()
    text[4] = SPOILS[kind](text[4])
    return checking(zipped(_many(), files={"users.csv": "\n".join(text).encode()}), base)


@pytest.mark.parametrize("kind", SPOILS)
def test_at_first_a_line_that_cannot_be_read_costs_itself_alone(kind: str) -> None:
    found = _spoilt(kind)
    [problem] = found.problems.listed
    assert (problem.kind.value, problem.line, problem.sourced_id) == (
        kind,
        6 if kind == "id_twice" else 5,
        "g1",
    )
    assert not found.refused
    assert ("g1" in found.rows.people) is (kind == "id_twice")  # of two lines the first is taken
    assert found.count("users.csv").left_out == {kind: 1}
    assert found.count("users.csv").read == (201 if kind == "id_twice" else 200)


@pytest.mark.parametrize("kind", SPOILS)
def test_whoever_stands_on_a_line_that_cannot_be_read_stays_as_stored(kind: str) -> None:
    later = _many()
    later["users"][3] |= {"email": "another@example.org", "familyName": "Else"}
    found = _spoilt(kind, later, MANY)
    assert found.rows.people["g1"] is MANY.people["g1"]
    assert (_kinds(found), found.refused, found.difference(Measure.EMAILS)) == (
        [kind],
        False,
        Difference(100),
    )


NAMELESS: Final[dict[str, Callable[[str], bytes]]] = {
    "csv_unreadable": lambda line: b'"' + line.encode(),
    "field_count": lambda line: b"," + line.encode() + b",x",
    "field_count_of_a_long_id": lambda line: b"g" * 256 + line.removeprefix("g1").encode() + b",x",
    "field_count_of_other_bytes": lambda line: b"g\xe9" + line.removeprefix("g1").encode() + b",x",
    "id_missing": lambda line: line.removeprefix("g1").encode(),
    "id_too_long": lambda line: b"g" * 256 + line.removeprefix("g1").encode(),
    "id_not_utf_8": lambda line: b"g\xe9" + line.removeprefix("g1").encode(),
    "id_of_no_letter": lambda line: b"g\x81" + line.removeprefix("g1").encode(),
}


@pytest.mark.parametrize("spoil", [name for name in NAMELESS if name != "id_of_no_letter"])
def test_where_the_id_cannot_be_read_nobody_of_that_file_is_removed(spoil: str) -> None:
    """Not even those who are in no line of it: it may be theirs."""
    half = _many(60)
    half["users"][0] |= {"givenName": "Zoë"}
    lines = as_csv(columns_of("users"), half["users"]).decode().splitlines()
    bytes_ = [line.encode() for line in lines]
    bytes_[4] = NAMELESS[spoil](lines[4])
    found = checking(zipped(_many(), files={"users.csv": b"\n".join(bytes_)}), MANY)
    assert found.rows.people.keys() == MANY.people.keys()
    assert found.rows.people["g1"] is MANY.people["g1"]
    assert found.rows.people["s0"].given_name == "Zoë"
    kind = "id_missing" if spoil == "id_not_utf_8" else spoil.partition("_of_")[0]
    assert (_kinds(found), found.refused) == ([kind, "nobody_removed"], False)
    assert found.figures["nobody_removed"] == ["1 of 1"]
    assert found.checked.counts["users.csv"] == Counts(120, 119, {kind: 1})


def test_bytes_that_are_no_letter_make_no_id_of_two() -> None:
    lines = as_csv(columns_of("users"), _many()["users"]).split(b"\n")
    lines[3], lines[4] = lines[3].replace(b"s1,", b"\x81,", 1), lines[4].replace(b"g1,", b"\x8d,", 1)
    found = checking(zipped(_many(), files={"users.csv": b"\n".join(lines)}), MANY)
    assert [told for told in found.told if told[0] == "id_missing"] == [
        ("id_missing", "users.csv", 4, None, None),
        ("id_missing", "users.csv", 5, None, None),
    ]
    assert found.rows.people.keys() == MANY.people.keys()


def test_a_nameless_line_of_one_file_keeps_nobody_of_another() -> None:
    tables = without("south")
    tables["users"] = [*tables["users"], user("", "guardian", "No Body")]
    found = checking(zipped(tables), _base(), allowed=NOTHING_LOST)
    assert (set(found.rows.orgs), len(found.rows.people)) == ({"district", "north"}, 6)


def test_what_refers_to_an_unread_line_is_not_told_once_more() -> None:
    found = _checked(changed("eve", status="gone"))
    assert _kinds(found) == ["unknown_status"]
    assert _kinds(_checked(changed("eve", sourcedId=""))) == ["id_missing"]
    assert _kinds(_checked(changed("north", table="orgs", status="gone"))) == [
        "unknown_status",
        "class_without_school",
        "staff_without_school",
        *["student_without_school"] * 2,
    ]


@pytest.mark.parametrize("mode", ["bulk", "delta"])
def test_an_id_that_is_to_be_deleted_and_on_an_unread_line_stays(mode: str) -> None:
    g1 = _many()["users"][3]
    tables = {"users": [g1 | {"status": "tobedeleted"}, g1 | {"status": "gone"}]}
    if mode == "bulk":
        tables = _many() | {"users": [*(row for row in _many()["users"] if row is not g1), *tables["users"]]}
        tables["users"] = [row for row in tables["users"] if row["sourcedId"] != "g1" or row.get("status")]
    found = checking(zipped(tables, mode), MANY)
    assert found.rows.people["g1"] == MANY.people["g1"]


@pytest.mark.parametrize("lines", [2, 3])
def test_of_several_different_lines_of_an_id_each_is_told(lines: int) -> None:
    tables = district()
    tables["users"] += [
        tables["users"][4] | {"email": f"e{i}@example.org", "sms": ""} for i in range(1, lines)
    ]
    found = _checked(tables)
    assert found.figures == {"id_twice": ["email phone"] * (lines - 1)}
    assert found.count("users.csv").left_out == {"id_twice": lines - 1}


@pytest.mark.parametrize(
    ("columns", "figures"),
    [
        ({"agentSourcedIds": "bo"}, "agentSourcedIds"),
        ({"orgSourcedIds": "south"}, "orgSourcedIds"),
        ({"role": "teacher"}, "role"),
        ({"email": "EVE@example.org"}, "email"),
        ({"sms": "(202) 555-0124"}, "phone"),
        ({"givenName": "Eva", "familyName": "Harte"}, "givenName familyName"),
        ({"enabledUser": "false", "grades": "03"}, "enabledUser grades"),
    ],
)
def test_two_lines_of_an_id_are_told_by_the_columns_in_which_they_differ(
    columns: dict[str, str], figures: str
) -> None:
    tables = district()
    tables["users"] += [tables["users"][4] | columns]
    assert _checked(tables).figures == {"id_twice": [figures]}


@pytest.mark.parametrize(("unread", "refused"), [(9, False), (10, False), (20, False), (21, True)])
def test_up_to_the_guard_s_share_may_be_unread(unread: int, refused: bool) -> None:
    tables = _many()
    tables["users"] = [
        row | ({"status": "gone"} if i < unread else {}) for i, row in enumerate(tables["users"])
    ]
    for base in (None, MANY):
        found = _checked(tables, base)
        assert found.refused is refused
        assert found.figures.get("too_much_unread") == ([f"{unread} of 200"] if refused else None)
    assert not checking(zipped(tables), MANY, force=True).refused


@pytest.mark.parametrize(
    ("lines", "unread", "refused"),
    [
        (40, 10, False),
        (40, 11, True),
        (20, 10, False),
        (18, 10, True),
        (4, 2, False),
        (4, 3, True),
        (2, 1, False),
    ],
)
def test_a_few_may_be_unread_whatever_their_share_but_not_most(
    lines: int, unread: int, refused: bool
) -> None:
    tables = _many(lines // 2)
    tables["users"] = [
        row | ({"status": "gone"} if i >= lines - unread else {}) for i, row in enumerate(tables["users"])
    ]
    found = _checked(tables)
    assert ("too_much_unread" in _kinds(found)) is refused


def test_a_file_that_is_refused_for_itself_is_not_compared_and_tells_of_nothing_that_follows_from_it() -> (
    None
):
    header, *lines = as_csv(columns_of("users"), _many()["users"]).decode().splitlines()
    text = "\n".join([header.replace("givenName", "first"), *lines])
    found = checking(zipped(_many(), files={"users.csv": text.encode()}), MANY)
    assert found.told == [("column_missing", "users.csv", 1, "givenName", None)]
    assert (found.refused, dict(found.checked.compared.differences)) == (True, {})


def test_unread_lines_of_each_file_are_counted_for_themselves() -> None:
    tables = _many()
    for table in ("users", "orgs"):
        tables[table] = [row | ({"status": "gone"} if i < 1 else {}) for i, row in enumerate(tables[table])]
    found = _checked(tables, MANY)
    assert found.left_out == {"orgs.csv": {"unknown_status": 1}, "users.csv": {"unknown_status": 1}}
    assert not found.refused


def test_after_so_many_open_quotation_marks_a_file_is_read_no_further(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheet, "READ_AGAIN_LIMIT", 1_000)
    lines = as_csv(columns_of("users"), _many()["users"]).decode().splitlines()
    lines[5] = lines[5].replace("Stu", '"Stu')
    found = checking(zipped(_many(), files={"users.csv": "\n".join(lines).encode()}), MANY)
    assert found.told[:2] == [
        ("csv_unreadable", "users.csv", 6, None, "s2"),
        ("quotes_unreadable", "users.csv", 6, None, None),
    ]
    assert found.refused


# What nobody can have so many of (K15)


def _students_of_an_office(count: int, side: str, version: str) -> Tables:
    students = [
        user(f"s{i}", "student", f"Stu Dent{i}", agentSourcedIds="office" if side == "student" else "")
        for i in range(count)
    ]
    theirs = ",".join(f"s{i}" for i in range(count)) if side == "guardian" else ""
    office = user("office", "guardian", "See Office", sms="202-555-0177", agentSourcedIds=theirs)
    tables = district() | {"users": [*district()["users"], *students, office]}
    return in_1_2(tables) if version == "1.2" else tables


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("side", ["student", "guardian"])
@pytest.mark.parametrize("count", [MOST_STUDENTS, MOST_STUDENTS + 1, 5_000])
def test_a_contact_of_more_students_than_anybody_has_is_tied_to_none_and_told(
    count: int, side: str, version: str
) -> None:
    found = _checked(_students_of_an_office(count, side, version), version=version)
    too_many = count > MOST_STUDENTS
    told = [("placeholder_contact", "users.csv", count + 8, "agentSourcedIds", "office")] if too_many else []
    assert (found.told, found.refused) == (told, False)
    assert found.figures.get("placeholder_contact") == ([f"students: {count}"] if too_many else None)
    assert len(found.user("office").students) == (0 if too_many else count)
    assert len(found.student("s0").guardians) == (0 if too_many else 1)
    assert {("bo", "ada"), ("bo", "dennis"), ("lu", "eve")} <= found.ties


def test_where_all_guardians_are_a_placeholder_no_student_has_one() -> None:
    tables = _students_of_an_office(200, "student", "1.1")
    tables["users"] = [
        row | ({"agentSourcedIds": "office"} if row["role"] == "student" else {}) for row in tables["users"]
    ]
    assert _kinds(_checked(tables)) == ["placeholder_contact", "no_guardian"]


@pytest.mark.parametrize("count", [MOST_GUARDIANS, MOST_GUARDIANS + 1, 60])
def test_of_more_guardians_than_a_student_can_have_the_first_are_kept(count: int) -> None:
    guardians = [user(f"h{i:02}", "guardian", f"Gua Rdian{i}") for i in range(count)]
    kid = user("kid", "student", "Kid Kay", agentSourcedIds=",".join(row["sourcedId"] for row in guardians))
    found = _checked(district() | {"users": [*district()["users"], *guardians, kid]})
    too_many = count > MOST_GUARDIANS
    assert found.told == (
        [("too_many", "users.csv", count + 8, "agentSourcedIds", "kid")] if too_many else []
    )
    assert found.figures == ({"too_many": [f"guardians: {count} of at most 50"]} if too_many else {})
    kept = [link.sourced_id for link in found.student("kid").guardians]
    assert kept == [f"h{i:02}" for i in range(MOST_GUARDIANS)]
    assert found.user(f"h{count - 1:02}").students == () if too_many else True


@pytest.mark.parametrize(("who", "role", "line"), [("tess", "teacher", 7), ("lu", "student", 3)])
@pytest.mark.parametrize("count", [MOST_CLASSES, MOST_CLASSES + 1, 1_500])
def test_of_more_classes_than_anybody_can_have_the_first_are_kept(
    who: str, role: str, line: int, count: int
) -> None:
    tables = district()
    tables["classes"] += [
        {"sourcedId": f"c{i}", "title": f"Class {i}", "schoolSourcedId": "north"} for i in range(count)
    ]
    tables["enrollments"] = [
        {"sourcedId": f"x{i}", "classSourcedId": f"c{i}", "userSourcedId": who, "role": role}
        for i in range(count)
    ]
    found = _checked(tables)
    too_many = count > MOST_CLASSES
    assert found.told == ([("too_many", "users.csv", line, "sourcedId", who)] if too_many else [])
    assert found.figures == ({"too_many": [f"classes: {count} of at most 1000"]} if too_many else {})
    person = found.user(who) if role == "teacher" else found.student(who)
    assert len(person.classes) == MOST_CLASSES


def test_a_seat_that_is_there_often_is_one() -> None:
    tables = district()
    tables["enrollments"] = [
        {"sourcedId": f"x{i}", "classSourcedId": "art", "userSourcedId": "tess", "role": "teacher"}
        for i in range(MOST_CLASSES + 1)
    ]
    found = _checked(tables)
    assert (found.told, len(found.user("tess").classes)) == ([], 1)


@pytest.mark.parametrize("count", [MOST_SCHOOLS, MOST_SCHOOLS + 1, 600])
@pytest.mark.parametrize("role", ["principal", "student"])
def test_of_more_schools_than_anybody_can_be_at_the_first_are_kept(role: str, count: int) -> None:
    tables = district()
    tables["orgs"] += [{"sourcedId": f"o{i}", "name": f"School {i}", "type": "school"} for i in range(count)]
    everywhere = user("zoe", role, "Zoë End", orgSourcedIds=",".join(f"o{i}" for i in range(count)))
    tables["users"] += [everywhere]
    found = _checked(tables)
    too_many = count > MOST_SCHOOLS
    assert found.told == ([("too_many", "users.csv", 8, "orgSourcedIds", "zoe")] if too_many else [])
    assert found.figures == ({"too_many": [f"schools: {count} of at most 500"]} if too_many else {})
    person = found.student("zoe") if role == "student" else found.user("zoe")
    assert len(person.schools) == MOST_SCHOOLS


def test_a_guardian_is_found_at_so_many_schools_of_the_students_and_not_more() -> None:
    tables = district()
    tables["orgs"] += [{"sourcedId": f"o{i}", "name": f"School {i}", "type": "school"} for i in range(600)]
    halves = [",".join(f"o{i}" for i in range(first, first + 300)) for first in (0, 300)]
    tables["users"] += [
        user(f"kid{i}", "student", f"Kid Kay{i}", orgSourcedIds=half, agentSourcedIds="eve")
        for i, half in enumerate(halves)
    ]
    found = _checked(tables)
    assert found.told == [("too_many", "users.csv", 6, "orgSourcedIds", "eve")]
    assert found.figures == {"too_many": ["schools: 601 of at most 500"]}
    assert len(found.user("eve").schools) == MOST_SCHOOLS


def test_the_largest_record_that_can_be_is_under_the_size_of_an_item() -> None:
    """400 KB of DynamoDB, with names and ids of letters of four bytes."""
    wide = "\U00020000"
    name, ids = wide * 100, [f"{i:03}{wide * 252}" for i in range(MOST_STUDENTS)]
    orgs = [f"o{i}{wide * 240}" for i in range(MOST_SCHOOLS)]
    tables: Tables = {
        "orgs": [{"sourcedId": org, "name": name, "type": "school"} for org in orgs],
        "classes": [
            {"sourcedId": f"c{i}{wide * 240}", "title": name, "schoolSourcedId": orgs[0]}
            for i in range(MOST_CLASSES)
        ],
        "users": [
            user(
                "z" + wide * 254, "teacher", f"{name} {name}", orgSourcedIds=",".join(orgs), grades=name * 2
            ),
            *(
                user(
                    id_, "student", f"{name} {name}", orgSourcedIds=orgs[0], agentSourcedIds="z" + wide * 254
                )
                for id_ in ids
            ),
        ],
    }
    tables["enrollments"] = [
        {
            "sourcedId": f"x{i}",
            "classSourcedId": row["sourcedId"],
            "userSourcedId": "z" + wide * 254,
            "role": "teacher",
        }
        for i, row in enumerate(tables["classes"])
    ]
    found = _checked(tables)
    assert found.told == []
    [teacher] = found.joined.users()
    assert (len(teacher.students), len(teacher.classes), len(teacher.schools)) == (
        MOST_STUDENTS,
        MOST_CLASSES,
        MOST_SCHOOLS,
    )
    assert _size(asdict(teacher)) < 400 * 1024


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=str).encode())


# Counts


def _summed(found: Checking) -> Sequence[tuple[str, int, int]]:
    return [
        (file, counts.read, counts.taken + sum(counts.left_out.values()))
        for file, counts in found.checked.counts.items()
    ]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_every_line_is_taken_or_left_out_for_a_reason(version: str) -> None:
    tables = district() if version == "1.1" else in_1_2()
    tables["users"] = [
        *tables["users"],
        tables["users"][0],
        tables["users"][1] | {"grades": "04"},
        user("", "guardian", "No Body"),
        user("zoe", "wizard", "Zoë End", status="gone"),
        user("zed", "guardian", "Zed End", status="tobedeleted"),
    ]
    found = _checked(tables, version=version)
    assert found.count("users.csv").left_out == {
        "row_twice": 1,
        "id_twice": 1,
        "id_missing": 1,
        "unknown_status": 1,
        "tobedeleted": 1,
    }
    assert all(read == summed for _, read, summed in _summed(found))
    assert found.count("users.csv").read == 11


def test_what_is_refused_is_counted_all_the_same() -> None:
    found = _checked(changed("north", table="orgs", type="building"), _base())
    assert found.refused
    assert found.count("orgs.csv") == Counts(3, 3, {})
    assert found.count("classes.csv") == Counts(1, 0, {"class_without_school": 1})


# Who vanishes without a line


def _without_a_role(person: str, role: str) -> Tables:
    tables = in_1_2()
    return tables | {
        "roles": [row | ({"role": role} if row["userSourcedId"] == person else {}) for row in tables["roles"]]
    }


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    ("tables", "line", "who", "other"),
    [
        (changed("ada", role="student"), 2, "bo", "ada"),  # a guardian who was entered as a student
        (changed("lu", agentSourcedIds="bo"), 3, "lu", "bo"),
        (changed("eve", agentSourcedIds="dennis"), 6, "eve", "dennis"),  # a guardian of a guardian
        (changed("eve", agentSourcedIds="tess"), 6, "eve", "tess"),
        (changed("tess", agentSourcedIds="ada"), 7, "tess", "ada"),
        (changed("lu", agentSourcedIds="lu"), 3, "lu", "lu"),
    ],
)
def test_a_tie_to_somebody_who_is_here_as_something_else_is_told(
    version: str, tables: Tables, line: int, who: str, other: str
) -> None:
    found = _checked(in_1_2(tables) if version == "1.2" else tables, version=version)
    assert ("tie_to_nobody", "users.csv", line, "agentSourcedIds", who) in found.told
    assert other in (found.figures["tie_to_nobody"])
    assert not {(who, other), (other, who)} & found.ties
    assert not found.refused


@pytest.mark.parametrize(
    ("tables", "version", "told"),
    [
        (changed("lu", agentSourcedIds="ghost"), "1.1", "unknown_reference"),
        (changed("eve", role=""), "1.1", "role_missing"),
        (changed("eve", role="wizard"), "1.1", "unknown_role"),
        (_without_a_role("eve", "wizard"), "1.2", "unknown_role"),
    ],
)
def test_a_tie_to_whoever_is_not_here_or_has_no_role_is_not_told_once_more(
    tables: Tables, version: str, told: str
) -> None:
    assert "tie_to_nobody" not in _kinds(_checked(tables, version=version))
    assert _kinds(_checked(tables, version=version)).count(told) == 1


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    "role", ["teacher", "counselor", "principal", "aide", "proctor", "siteAdministrator"]
)
@pytest.mark.parametrize("org", ["district", "ghost", ""])
def test_staff_of_a_school_who_are_at_none_are_told(version: str, role: str, org: str) -> None:
    tables = district() | {"users": [*district()["users"], user("zed", role, "Zed End", orgSourcedIds=org)]}
    found = _checked(in_1_2(tables) if version == "1.2" else tables, version=version)
    assert ("staff_without_school", "users.csv", 8, "orgSourcedIds", "zed") in found.told
    assert (found.user("zed").works_at, found.refused) == ((), False)


@pytest.mark.parametrize(
    ("role", "org"),
    [("districtAdministrator", "district"), ("administrator", "district"), ("guardian", "district")],
)
def test_whoever_needs_no_school_is_not_told(role: str, org: str) -> None:
    zed = user("zed", role, "Zed End", orgSourcedIds=org)
    assert _checked(district() | {"users": [*district()["users"], zed]}).told == []


def test_staff_who_teach_at_a_school_are_at_one() -> None:
    assert _checked(changed("tess", orgSourcedIds="district")).told == []


def test_where_there_is_no_school_at_all_staff_are_not_told_one_by_one() -> None:
    orgs = [row | {"type": "district"} for row in district()["orgs"]]
    assert "staff_without_school" not in _kinds(_checked(district() | {"orgs": orgs}))


@pytest.mark.parametrize(
    "columns",
    [
        {"email": "", "sms": "", "phone": ""},
        {"email": "none@none.com", "sms": "000-000-0000", "phone": "n/a"},
        {"email": "?", "sms": "call the office", "phone": "555"},
    ],
)
def test_where_no_guardian_has_an_address_a_line_at_the_top_says_so(columns: dict[str, str]) -> None:
    """Whatever staff have."""
    guardians = ("parent", "guardian")
    users = [row | (columns if row["role"] in guardians else {}) for row in district()["users"]]
    found = _checked(district() | {"users": users})
    first, *_ = found.problems.in_order()
    assert (first.kind.value, first.figures, found.refused) == ("no_address", "guardians: 3", False)


@pytest.mark.parametrize("who", ["ada", "dennis", "eve"])
@pytest.mark.parametrize("column", ["email", "sms"])
def test_one_guardian_who_can_be_reached_is_enough_not_to_say_so(who: str, column: str) -> None:
    value = {"email": "dad@example.org", "sms": "202-555-0177"}[column]
    users = [
        row | {"email": "", "sms": "", "phone": ""} | ({column: value} if row["sourcedId"] == who else {})
        for row in district()["users"]
    ]
    assert "no_address" not in _kinds(_checked(district() | {"users": users}))


def test_an_address_of_a_pupil_is_not_there_when_a_delta_of_roles_makes_a_guardian_of_the_pupil() -> None:
    """Those of students are never kept: the person's line must come with the role's, as the page says."""
    tables = in_1_2(changed("lu", email="lu@example.org"))
    base = _base(tables, "1.2")
    role = next(row for row in tables["roles"] if row["userSourcedId"] == "lu") | {"role": "guardian"}
    line = next(row for row in tables["users"] if row["sourcedId"] == "lu")
    alone = checking(zipped({"roles": [role]}, "delta", "1.2"), base, allowed=NOTHING_LOST)
    assert (alone.user("lu").role, alone.user("lu").credentials) == (Role.GUARDIAN, {})
    both = checking(zipped({"roles": [role], "users": [line]}, "delta", "1.2"), base, allowed=NOTHING_LOST)
    [credential] = both.user("lu").credentials.values()
    assert credential.address == "lu@example.org"


@pytest.mark.parametrize(
    ("begin", "role", "left_out"),
    [
        ("2026-11-25", Role.GUARDIAN, {"roles.csv": {"role_to_come": 1}}),
        ("2027-08-01", Role.GUARDIAN, {"roles.csv": {"role_to_come": 1}}),
        ("2026-11-24", Role.SCHOOL_STAFF, {}),
        ("2020-01-01", Role.SCHOOL_STAFF, {}),
        ("", Role.SCHOOL_STAFF, {}),
    ],
)
def test_a_role_counts_from_its_first_day(
    begin: str, role: Role, left_out: dict[str, dict[str, int]]
) -> None:
    tables = _with_role("ada", "principal")
    tables["roles"][-1]["beginDate"] = begin
    found = _checked(tables, version="1.2")
    assert (found.told, found.user("ada").role, found.left_out) == ([], role, left_out)
    schools = {school.id for school in found.joined.schools() if school.sourced_id == "south"}
    assert schools.isdisjoint(found.user("ada").works_at) is (role is Role.GUARDIAN)


def test_whoever_has_no_role_but_one_to_come_is_counted_for_that() -> None:
    tables = in_1_2()
    tables["roles"] = [
        row | ({"beginDate": "2026-12-01"} if row["userSourcedId"] == "tess" else {})
        for row in tables["roles"]
    ]
    found = _checked(tables, version="1.2")
    assert found.there == (["bo", "lu"], ["ada", "dennis", "eve"])
    assert found.count("roles.csv").left_out == found.count("users.csv").left_out == {"role_to_come": 1}
    assert "all_ended" not in _kinds(found)


@pytest.mark.parametrize("typed", ["soon", "01/08/2027"])
def test_a_begin_that_is_no_date_is_told_and_none(typed: str) -> None:
    tables = _with_role("ada", "principal")
    tables["roles"][-1]["beginDate"] = typed
    found = _checked(tables, version="1.2")
    assert found.told == [("not_a_date", "roles.csv", 8, "beginDate", "ada-2")]
    assert found.user("ada").role is Role.SCHOOL_STAFF


# Lines at the end that say nothing, and many that cannot be read


@pytest.mark.parametrize(
    ("tail", "told"),
    [
        ("  \n", 0),
        (" , , \n", 0),
        ("\u00a0\n", 0),
        ("\t,\t\n", 0),
        ("\ufeff\n", 0),
        ("\x1a", 0),
        ("\0\0\0", 0),
        (" \n \n,,,\n", 0),
        ("(21 rows affected)\n", 1),
        ("Total: 21\n", 1),
        ("--\n\n", 1),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_s_last_line_of_nothing_or_of_a_program_keeps_nobody_who_has_left(
    tail: str, told: int, end: str
) -> None:
    text = as_csv(columns_of("users"), without("eve")["users"]).decode()
    files: dict[str, bytes | None] = {"users.csv": (text + tail).replace("\n", end).encode()}
    found = checking(zipped(district(), files=files), _base(), allowed=NOTHING_LOST)
    assert set(found.rows.people) == {"bo", "lu", "ada", "dennis", "tess"}
    assert _kinds(found).count("field_count") == told
    assert "nobody_removed" not in _kinds(found)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(("every", "refused"), [(11, False), (5, True)])
def test_lines_of_unfitting_marks_refuse_by_their_share_and_not_by_their_number(
    every: int, refused: bool, force: bool
) -> None:
    """More of them than a report lists one by one; and what the guard doubts, force mends."""
    people = [user(f"g{i}", "guardian", f"Gua Rdian{i}") for i in range(11_500)]
    header, *lines = as_csv(columns_of("users"), people).decode().splitlines()
    lines = [line.replace("Gua", '"G"ua') if i % every == 0 else line for i, line in enumerate(lines)]
    text = "\n".join([header, *lines])
    found = checking(
        zipped(district() | {"enrollments": []}, files={"users.csv": text.encode()}), force=force
    )
    assert found.count("users.csv").left_out == {"csv_unreadable": -(-len(people) // every)}
    assert found.refused is (refused and not force)


# Ends that an export moves


def _ending_on(end: str, *, of: str, version: str) -> Tables:
    return _terms(end, version=version) if of == "term" else _terms(of_enrollments=end, version=version)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("of", ["term", "enrollment"])
@pytest.mark.parametrize(
    ("was", "now", "refused"),
    [
        ("2027-06-10", "2026-11-24", True),
        ("2027-06-10", "2026-11-25", True),
        ("2027-06-10", "2026-11-30", True),
        ("2027-06-10", "2026-12-01", False),
        ("", "2026-11-25", True),
        ("", "2027-06-10", False),
        ("2026-11-26", "2026-11-25", True),
        ("2026-11-25", "2026-11-26", False),
        ("2026-11-25", "2026-11-25", False),
        ("2026-11-25", "2027-06-10", False),
    ],
)
def test_ends_that_an_export_moves_into_the_next_days_are_refused_before_the_lists_are_gone(
    version: str, of: str, was: str, now: str, refused: bool
) -> None:
    base = _base(_ending_on(was, of=of, version=version), version)
    found = _checked(_ending_on(now, of=of, version=version), base, version)
    assert found.refused is refused
    assert found.figures.get("too_much_changed") == (["enrollments: 2 of 2"] if refused else None)
    assert found.difference(Measure.ENROLLMENTS).changed == (2 if refused else 0)
    forced = checking(zipped(_ending_on(now, of=of, version=version), version=version), base, force=True)
    assert not forced.refused


def test_a_year_that_nears_its_end_changes_nothing_of_itself() -> None:
    tables = _terms("2026-11-27")
    found = checking(zipped(tables, version="1.2"), _base(tables, "1.2"), then=date(2026, 11, 10))
    assert (found.difference(Measure.ENROLLMENTS), found.refused) == (Difference(2), False)
