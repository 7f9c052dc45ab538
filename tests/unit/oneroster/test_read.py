"""From lines to rows: what each file of 1.1 and 1.2 gives, what is checked, and what a delta changes."""

import gc
import io
from typing import Final

import pytest

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import rows as stored
from reachable.oneroster.problems import DETAIL_LIMIT
from reachable.oneroster.rows import (
    ClassRow,
    Course,
    Enrollment,
    Org,
    Person,
    RoleRow,
    Rows,
    Session,
)
from tests.roster_exports import Table, as_csv, columns_of, district, in_1_2, user, zipped
from tests.unit.oneroster.exports import Reading, changed, reading, without

BOTH = pytest.mark.parametrize("version", ["1.1", "1.2"])


def _in(version: str, tables: dict[str, Table] | None = None) -> dict[str, Table]:
    whole = tables or district()
    return in_1_2(whole) if version == "1.2" else whole


def _read(tables: dict[str, Table], version: str = "1.1", base: Rows | None = None) -> Reading:
    return reading(zipped(tables, version=version), base)


def _eve(**columns: str) -> Reading:
    """The district, with these columns of Eve otherwise."""
    return _read(changed("eve", None, "users", **columns))


def _told(found: Reading) -> list[tuple[ProblemKind, str, int | None, str | None, str | None]]:
    return [(p.kind, p.file, p.line, p.column, p.sourced_id) for p in found.problems.listed]


# The rows


@BOTH
def test_a_district_becomes_its_rows(version: str) -> None:
    tables = _in(version) | {
        "academicSessions": [
            {"sourcedId": "fall", "title": "Fall", "endDate": "2026-12-18"},
            {"sourcedId": "spring", "title": "Spring", "endDate": ""},
        ],
        "courses": [{"sourcedId": "painting", "title": "Painting"}],
    }
    tables["classes"] = [
        tables["classes"][0] | {"courseSourcedId": "painting", "termSourcedIds": "fall,spring"}
    ]
    found = _read(tables, version)
    rows = found.rows
    assert (found.kinds, found.export.version) == ([], version)
    assert rows.orgs["north"] == Org("north", "North School", "school", "district")
    assert rows.sessions == {"fall": Session("fall", "2026-12-18"), "spring": Session("spring", "")}
    assert rows.courses == {"painting": Course("painting", "Painting")}
    assert rows.classes == {"art": ClassRow("art", "Art", "painting", "north", ("fall", "spring"))}
    assert rows.enrollments["e2"] == Enrollment("e2", "art", "tess", "teacher", "")
    assert rows.people["bo"].agents == ("ada", "dennis")
    assert rows.people["ada"] == Person(
        sourced_id="ada",
        role="parent" if version == "1.1" else "",
        orgs=("north",) if version == "1.1" else (),
        given_name="Ada",
        family_name="Reyes",
        enabled=True,
        email="ada@example.org",
        email_typed="Ada@Example.org",
        phone="+12025550123",
        phone_typed="(202) 555-0123",
        agents=(),
        grade="",
        language="",
    )
    roles = {} if version == "1.1" else {"ada-north": RoleRow("ada-north", "ada", "parent", "north", "")}
    assert {id_: row for id_, row in rows.roles.items() if row.person == "ada"} == roles


def test_both_versions_give_the_same_people() -> None:
    one, two = _read(district()), _read(in_1_2(), "1.2")
    assert list(one.joined.users()) == list(two.joined.users())
    assert list(one.joined.students()) == list(two.joined.students())
    assert list(one.joined.classes()) == list(two.joined.classes())


@pytest.mark.parametrize("file", ["userProfiles", "demographics", "results", "lineItems", "resources"])
@pytest.mark.parametrize("bytes_", [b"sourcedId\nx\n", b'not, "CSV', b"\x81\x8d", None])
def test_what_concerns_nobody_here_is_not_even_opened(file: str, bytes_: bytes | None) -> None:
    whole = reading(zipped(in_1_2(), version="1.2", modes={file: "bulk"}, files={f"{file}.csv": bytes_}))
    assert whole.kinds == []
    assert file not in whole.counts


def test_the_rows_are_kept_between_imports_as_they_were() -> None:
    tables = changed("bo", in_1_2(), givenName='Bø, "Bo"\n', grades="03,04")
    rows = _read(tables, "1.2").rows
    assert stored.of_lines(io.BytesIO(b"".join(stored.lines(rows)))) == rows
    assert stored.of_lines([]) == Rows()


def test_roles_that_were_stored_before_begins_were_known_are_read_and_the_same() -> None:
    before = b'["roles"]\n["r1","ada","parent","north","2027-06-12"]\n["r2","bo","student","north",""]\n'
    rows = stored.of_lines(before.splitlines())
    assert rows.roles["r1"] == RoleRow("r1", "ada", "parent", "north", "2027-06-12", "")
    assert rows.roles["r2"].begin == ""
    assert stored.of_lines(stored.lines(rows)).roles == rows.roles


@pytest.mark.parametrize("on", [True, False])
def test_rows_are_made_without_the_collector_which_is_left_as_it_was(on: bool) -> None:
    was_on = gc.isenabled()
    try:
        if on:
            gc.enable()
        else:
            gc.disable()
        with stored.uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() is on
    finally:
        if was_on:
            gc.enable()
        else:
            gc.disable()


# Names and lists


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Ada ", "Ada"),
        ("Ada\r\nMaria", "Ada Maria"),
        ("Ada\t\x00Maria", "Ada Maria"),
        ("\u202eadA", "adA"),
        ("O'Brien", "O'Brien"),
        ("Nuñez-山田", "Nuñez-山田"),
        ("A" * 300, "A" * 100),
    ],
)
def test_a_name_is_one_line_that_can_be_shown(typed: str, read: str) -> None:
    assert _eve(givenName=typed).rows.people["eve"].given_name == read


@pytest.mark.parametrize(
    ("tables", "place"),
    [
        (changed("eve", givenName="", familyName=""), ("users.csv", 6, "familyName", "eve")),
        (changed("south", table="orgs", name=""), ("orgs.csv", 4, "name", "south")),
        (changed("art", table="classes", title=""), ("classes.csv", 2, "title", "art")),
    ],
)
def test_who_or_what_has_no_name_is_reported_and_kept(
    tables: dict[str, Table], place: tuple[str, int, str, str]
) -> None:
    found = _read(tables)
    assert _told(found) == [(ProblemKind.NAME_MISSING, *place)]
    assert not found.problems.refuse
    assert (len(found.rows.people), len(found.rows.orgs), len(found.rows.classes)) == (6, 3, 1)


@pytest.mark.parametrize("columns", [{"givenName": ""}, {"familyName": ""}])
def test_one_name_is_enough(columns: dict[str, str]) -> None:
    assert _eve(**columns).kinds == []


def test_a_term_is_looked_up_where_terms_are_only_stored() -> None:
    """A night without academicSessions.csv leaves them as they were; a class may not name another one."""
    fall = {"academicSessions": [{"sourcedId": "fall", "endDate": "2027-01-20"}]}
    base = _read(district() | fall).rows
    for term, told in (
        ("fall", []),
        ("spring", [(ProblemKind.UNKNOWN_REFERENCE, "classes.csv", 2, "termSourcedIds", "art")]),
    ):
        found = _read(changed("art", table="classes", termSourcedIds=term), base=base)
        assert (_told(found), found.rows.sessions) == (told, base.sessions)


def test_a_class_without_title_has_its_course_s() -> None:
    tables = changed("art", table="classes", title="", courseSourcedId="painting")
    found = _read(tables | {"courses": [{"sourcedId": "painting", "title": "Painting"}]})
    assert (found.kinds, [one.title for one in found.joined.classes()]) == ([], ["Painting"])


@pytest.mark.parametrize(
    "typed",
    ["ada,dennis", "ada, dennis ", '"ada","dennis"', "'ada','dennis'", "ada,,dennis,", "ada,dennis,ada"],
)
def test_a_list_is_read_however_it_is_quoted(typed: str) -> None:
    found = _read(changed("bo", agentSourcedIds=typed))
    assert (found.kinds, found.rows.people["bo"].agents) == ([], ("ada", "dennis"))


def test_a_list_of_orgs_is_read() -> None:
    assert _eve(orgSourcedIds="south,north").rows.people["eve"].orgs == ("south", "north")


def test_a_primary_org_counts_too_and_is_reported_by_its_own_name() -> None:
    found = _read(changed("eve", in_1_2(), primaryOrgSourcedId="nowhere"), "1.2")
    assert _told(found) == [
        (ProblemKind.UNKNOWN_REFERENCE, "users.csv", 6, "primaryOrgSourcedId", "eve"),
    ]
    assert found.rows.people["eve"].orgs == ("nowhere",)


# Emails and phones


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("eve@example.org", "eve@example.org"),
        (" EVE@Example.ORG ", "eve@example.org"),
        ("zoë@bücher.example", "zoë@xn--bcher-kva.example"),
        ("eve+school@example.org", "eve+school@example.org"),
    ],
)
def test_an_email_is_read_in_normal_form_and_kept_as_typed(typed: str, read: str) -> None:
    eve = _eve(email=typed).rows.people["eve"]
    assert (eve.email, eve.email_typed) == (read, typed.strip())


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("eve", ProblemKind.NOT_AN_EMAIL),
        ("eve@", ProblemKind.NOT_AN_EMAIL),
        ("eve@example", ProblemKind.NOT_AN_EMAIL),
        ("eve@@example.org", ProblemKind.NOT_AN_EMAIL),
        ("eve@example.org; bob@example.org", ProblemKind.NOT_AN_EMAIL),
        ("Eve <eve@example.org>", ProblemKind.NOT_AN_EMAIL),
        ("mailto:eve@example.org", ProblemKind.NOT_AN_EMAIL),
        ("eve@school.local", ProblemKind.NOT_AN_EMAIL),
        ("2025550123", ProblemKind.NOT_AN_EMAIL),
        ("none@none.com", ProblemKind.EMAIL_PLACEHOLDER),
        ("noemail@district.example.org", ProblemKind.EMAIL_PLACEHOLDER),
        ("eve@noemail.com", ProblemKind.EMAIL_PLACEHOLDER),
    ],
)
def test_an_unusable_email_is_reported_and_the_person_kept_without_it(typed: str, kind: ProblemKind) -> None:
    found = _eve(email=typed)
    assert _told(found) == [(kind, "users.csv", 6, "email", "eve")]
    assert not found.problems.refuse
    assert (found.rows.people["eve"].email, found.rows.people["eve"].phone) == (None, "+12025550124")
    assert [str(one) for one in found.user("eve").credentials.values()] == ["phone:+12025550124"]


@pytest.mark.parametrize("typed", ["", "  ", "N/A", "none", "-", "NULL", "unknown", "."])
def test_a_word_for_nothing_is_nothing_and_no_problem(typed: str) -> None:
    found = _eve(email=typed, sms=typed, phone=typed)
    assert (found.kinds, found.user("eve").credentials) == ([], {})


@pytest.mark.parametrize(
    ("sms", "phone", "read", "typed"),
    [
        ("(202) 555-0124", "202-555-0199", "+12025550124", "(202) 555-0124"),
        ("", "202.555.0124", "+12025550124", "202.555.0124"),
        ("N/A", "1 202 555 0124", "+12025550124", "1 202 555 0124"),
        ("+44 20 7946 0958", "", "+442079460958", "+44 20 7946 0958"),
        ("#2025550124", "", "+12025550124", "#2025550124"),
        ("\u202a202-555-0124\u202c", "", "+12025550124", "202-555-0124"),
        ("", "", None, ""),
    ],
)
def test_the_mobile_comes_before_the_phone(sms: str, phone: str, read: str | None, typed: str) -> None:
    found = _eve(sms=sms, phone=phone)
    eve = found.rows.people["eve"]
    assert (found.kinds, eve.phone, eve.phone_typed) == ([], read, typed)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("202-555-0124 x12", ProblemKind.PHONE_EXTENSION),
        ("202-555-0124 Ext. 12", ProblemKind.PHONE_EXTENSION),
        ("202-555-0124;ext=12", ProblemKind.PHONE_EXTENSION),
        ("202-555-0124#12", ProblemKind.PHONE_EXTENSION),
        ("(000) 000-0000", ProblemKind.PHONE_PLACEHOLDER),
        ("999-999-9999", ProblemKind.PHONE_PLACEHOLDER),
        ("+1 (555) 555-5555", ProblemKind.PHONE_PLACEHOLDER),
        ("123-456-7890", ProblemKind.PHONE_PLACEHOLDER),
        ("555-0124", ProblemKind.NOT_A_PHONE),
        ("202-555-0124 / 202-555-0125", ProblemKind.NOT_A_PHONE),
        ("2.025550124E9", ProblemKind.NOT_A_PHONE),
        ("call the office", ProblemKind.NOT_A_PHONE),
        ("eve@example.org", ProblemKind.NOT_A_PHONE),
    ],
)
def test_an_unusable_number_is_reported_and_the_other_one_taken(typed: str, kind: ProblemKind) -> None:
    alone = _eve(sms=typed)
    assert _told(alone) == [(kind, "users.csv", 6, "sms", "eve")]
    assert (alone.rows.people["eve"].phone, alone.rows.people["eve"].email) == (None, "eve@example.org")
    beside = _eve(sms=typed, phone="202-555-0199")
    assert _told(beside) == [(kind, "users.csv", 6, "sms", "eve")]
    assert beside.rows.people["eve"].phone == "+12025550199"


def test_who_has_two_unusable_numbers_has_two_problems() -> None:
    assert [(p.kind, p.column) for p in _eve(sms="555-0124", phone="0000000000").problems.listed] == [
        (ProblemKind.NOT_A_PHONE, "sms"),
        (ProblemKind.PHONE_PLACEHOLDER, "phone"),
    ]


def test_a_household_s_one_address_belongs_to_each_of_them() -> None:
    tables = changed("dennis", email="ada@example.org", sms="+1 202 555 0123", phone="")
    found = _read(tables)
    ada, dennis = found.user("ada"), found.user("dennis")
    assert (found.kinds, ada.credentials) == ([], dennis.credentials)
    assert len(ada.credentials) == 2


@BOTH
def test_a_student_has_no_address_whatever_the_export_says(version: str) -> None:
    tables = _in(version, changed("bo", email="bo@example.org", sms="202-555-0177", phone="not a phone"))
    found = _read(tables, version)
    bo = found.rows.people["bo"]
    assert (found.kinds, bo.email, bo.email_typed, bo.phone, bo.phone_typed) == ([], None, "", None, "")


def test_a_pupil_of_former_years_who_teaches_now_keeps_the_address() -> None:
    tables = in_1_2()
    former = {
        "sourcedId": "tess-then",
        "userSourcedId": "tess",
        "role": "student",
        "orgSourcedId": "south",
        "endDate": "2016-06-30",
    }
    found = _read(tables | {"roles": [former, *tables["roles"]]}, "1.2")
    assert [str(one) for one in found.user("tess").credentials.values()] == ["email:tess@example.org"]


def test_a_report_tells_no_value() -> None:
    """It is read by more people than the roster is."""
    values = {"email": "eve at example", "sms": "555-0124", "metadata.language": "Klingon", "role": "wizard"}
    found = _eve(**values)
    assert len(found.kinds) == len(values)
    assert not any(value in repr(found.problems) for value in values.values())


# Language and account


@pytest.mark.parametrize(
    ("typed", "language"), [("es", "es"), ("es-MX", "es"), ("Spanish", "es"), ("", "en"), ("N/A", "en")]
)
def test_a_language_is_the_person_s_else_the_district_s(typed: str, language: str) -> None:
    found = _eve(**{"metadata.language": typed})
    assert (found.kinds, found.user("eve").language) == ([], language)


def test_without_the_column_the_language_is_the_district_s() -> None:
    assert _read(district()).user("eve").language == "en"


def test_an_unknown_language_is_reported_and_the_district_s_taken() -> None:
    found = _eve(**{"metadata.language": "english and spanish"})
    assert _told(found) == [(ProblemKind.UNKNOWN_LANGUAGE, "users.csv", 6, "metadata.language", "eve")]
    assert found.user("eve").language == "en"


@pytest.mark.parametrize(
    ("typed", "enabled"),
    [
        *((typed, True) for typed in ("true", "", "TRUE", "1", "yes", "Y", "Active")),
        *((typed, False) for typed in ("false", "False", "0", "No", "N", "inactive", "Disabled")),
    ],
)
def test_an_account_is_disabled_where_it_says_so(typed: str, enabled: bool) -> None:
    found = _eve(enabledUser=typed)
    assert (found.kinds, found.rows.people["eve"].enabled) == ([], enabled)


@pytest.mark.parametrize("typed", ["2", "maybe", "tru", "NULL"])
def test_what_says_neither_is_told_and_taken_as_enabled(typed: str) -> None:
    found = _eve(enabledUser=typed)
    assert _told(found) == [(ProblemKind.UNKNOWN_ENABLED, "users.csv", 6, "enabledUser", "eve")]
    assert found.rows.people["eve"].enabled


# Roles


@BOTH
def test_an_unknown_role_is_reported_and_its_holder_left_out(version: str) -> None:
    found = _read(_in(version, changed("eve", role="wizard")), version)
    file = "users.csv" if version == "1.1" else "roles.csv"
    assert [(p.kind, p.file, p.column) for p in found.problems.listed] == [
        (ProblemKind.UNKNOWN_ROLE, file, "role")
    ]
    assert not found.problems.refuse
    assert "eve" not in [one.sourced_id for one in found.joined.users()]


def test_an_unknown_role_in_a_class_is_reported() -> None:
    found = _read(changed("e2", table="enrollments", role="Teacher of record"))
    assert _told(found) == [(ProblemKind.UNKNOWN_ROLE, "enrollments.csv", 3, "role", "e2")]


def test_who_has_no_role_is_reported() -> None:
    assert _told(_eve(role="")) == [(ProblemKind.ROLE_MISSING, "users.csv", 6, "role", "eve")]
    found = _read(without("eve-north", in_1_2()), "1.2")
    assert _told(found) == [(ProblemKind.ROLE_MISSING, "users.csv", 6, None, "eve")]


def test_in_1_2_roles_csv_counts_before_a_role_that_users_csv_has_as_well() -> None:
    tables = changed("tess", in_1_2(), role="student", orgSourcedIds="south")
    found = _read(tables, "1.2")
    tess = found.user("tess")
    assert (found.kinds, tess.role, len(tess.schools)) == ([], "teacher", 1)
    assert tess.schools == _read(district()).user("tess").schools


def test_in_1_2_a_role_in_users_csv_is_better_than_none() -> None:
    tables = changed("eve", without("eve-north", in_1_2()), role="guardian", orgSourcedIds="north")
    found = _read(tables, "1.2")
    assert (found.kinds, found.user("eve").role) == ([], "guardian")


# Ids, status, dates, references


@pytest.mark.parametrize("status", ["tobedeleted", "ToBeDeleted", "inactive"])
@pytest.mark.parametrize("table", ["orgs", "users", "classes", "enrollments"])
def test_a_line_that_is_to_be_deleted_is_none(table: str, status: str) -> None:
    tables = district()
    last = tables[table][-1]["sourcedId"]
    found = _read(changed(last, tables, table, status=status))
    assert last not in {
        **found.rows.orgs,
        **found.rows.people,
        **found.rows.classes,
        **found.rows.enrollments,
    }
    assert not found.problems.refuse


@pytest.mark.parametrize("order", [1, -1])
def test_whoever_is_both_deleted_and_active_is_active(order: int) -> None:
    lines = [user("zoe", "guardian", "Zoë End", status="tobedeleted"), user("zoe", "guardian", "Zoë End")]
    tables = district()
    found = _read(tables | {"users": [*tables["users"], *lines[::order]]})
    assert (found.kinds, "zoe" in found.rows.people) == ([], True)


def test_a_line_of_an_unknown_status_is_not_read() -> None:
    found = _eve(status="gone")
    assert _told(found) == [(ProblemKind.UNKNOWN_STATUS, "users.csv", 6, "status", "eve")]
    assert (len(found.rows.people), "eve" in found.rows.people, found.problems.refuse) == (5, False, False)


@pytest.mark.parametrize("status", ["active", "Active", ""])
def test_an_active_line_may_say_so(status: str) -> None:
    assert _eve(status=status).kinds == []


def test_a_line_without_id_is_not_read() -> None:
    found = _read(changed("eve", sourcedId=" "))
    assert _told(found) == [(ProblemKind.ID_MISSING, "users.csv", 6, "sourcedId", None)]
    assert (len(found.rows.people), found.problems.refuse) == (5, False)


@pytest.mark.parametrize(("length", "read"), [(255, True), (256, False), (5_000, False)])
def test_a_line_of_an_id_that_is_too_long_is_not_read(length: int, read: bool) -> None:
    found = _read(changed("eve", sourcedId="e" * length))
    told = [] if read else [(ProblemKind.ID_TOO_LONG, "users.csv", 6, "sourcedId", "e" * 255)]
    assert [one for one in _told(found) if one[0] is not ProblemKind.UNKNOWN_REFERENCE] == told
    assert (len(found.rows.people), found.problems.refuse) == (6 if read else 5, False)


def test_a_line_twice_is_read_once_and_of_two_lines_of_one_id_the_first() -> None:
    tables = district()
    same = _read(tables | {"users": [*tables["users"], tables["users"][4]]})
    assert _told(same) == [(ProblemKind.ROW_TWICE, "users.csv", 8, "sourcedId", "eve")]
    assert (same.problems.refuse, len(same.rows.people)) == (False, 6)
    other = _read(tables | {"users": [*tables["users"], tables["users"][4] | {"familyName": "Else"}]})
    assert _told(other) == [(ProblemKind.ID_TWICE, "users.csv", 8, "sourcedId", "eve")]
    assert other.only.figures == "familyName"
    assert (other.problems.refuse, other.rows.people["eve"].family_name) == (False, "Hart")


def test_ids_tell_case() -> None:
    """A SIS may well have Ab1 and aB1."""
    tables = district()
    found = _read(tables | {"users": [*tables["users"], user("EVE", "guardian", "Another Eve")]})
    assert (found.kinds, len(found.rows.people)) == ([], 7)


@pytest.mark.parametrize(
    ("typed", "read", "kinds"),
    [
        ("2027-06-12", "2027-06-12", []),
        ("2027-06-12T00:00:00.000Z", "2027-06-12", []),
        ("", "", []),
        ("06/12/2027", "", [ProblemKind.NOT_A_DATE]),
        ("2027-02-30", "", [ProblemKind.NOT_A_DATE]),
        ("soon", "", [ProblemKind.NOT_A_DATE]),
    ],
)
def test_a_date_is_iso_or_reported_and_blank(typed: str, read: str, kinds: list[ProblemKind]) -> None:
    found = _read(changed("e1", table="enrollments", endDate=typed))
    assert (found.kinds, found.rows.enrollments["e1"].end) == (kinds, read)
    assert [(p.line, p.column, p.sourced_id) for p in found.problems.listed] == [(2, "endDate", "e1")] * len(
        kinds
    )


@pytest.mark.parametrize(
    ("version", "tables", "place"),
    [
        ("1.1", changed("bo", agentSourcedIds="ada,ghost"), ("users.csv", 2, "agentSourcedIds", "bo")),
        ("1.1", changed("eve", orgSourcedIds="ghost"), ("users.csv", 6, "orgSourcedIds", "eve")),
        (
            "1.1",
            changed("art", table="classes", schoolSourcedId="ghost"),
            ("classes.csv", 2, "schoolSourcedId", "art"),
        ),
        (
            "1.1",
            changed("e1", table="enrollments", classSourcedId="ghost"),
            ("enrollments.csv", 2, "classSourcedId", "e1"),
        ),
        (
            "1.1",
            changed("e1", table="enrollments", userSourcedId="ghost"),
            ("enrollments.csv", 2, "userSourcedId", "e1"),
        ),
        (
            "1.2",
            changed("tess-north", in_1_2(), "roles", orgSourcedId="ghost"),
            ("roles.csv", 7, "orgSourcedId", "tess-north"),
        ),
        ("1.2", without("tess", changed("e2", in_1_2(), "enrollments", userSourcedId="bo")), None),
    ],
)
def test_a_reference_to_nothing_is_reported_and_left_out(
    version: str, tables: dict[str, Table], place: tuple[str, int, str, str] | None
) -> None:
    found = _read(tables, version)
    expected = place or ("roles.csv", 7, "userSourcedId", "tess-north")
    assert _told(found) == [(ProblemKind.UNKNOWN_REFERENCE, *expected)]
    assert not found.problems.refuse


def test_of_many_problems_the_first_are_listed_and_all_counted() -> None:
    tables = district()
    many = [user(f"g{i}", "guardian", f"Guard {i}", email="?") for i in range(DETAIL_LIMIT + 5)]
    found = _read(tables | {"users": [*tables["users"], *many]})
    assert len(found.problems.listed) == DETAIL_LIMIT
    assert found.problems.counts == {ProblemKind.NOT_AN_EMAIL: DETAIL_LIMIT + 5}


# Bulk, delta, absent


def _delta(base: Reading, tables: dict[str, Table], version: str = "1.1") -> Reading:
    return reading(zipped(tables, "delta", version), base.rows)


def test_a_bulk_replaces_a_table() -> None:
    base = _read(district())
    after = _read(without("eve"), base=base.rows)
    assert set(base.rows.people) - set(after.rows.people) == {"eve"}


def test_a_delta_adds_changes_and_deletes_what_it_names_and_leaves_the_rest() -> None:
    base = _read(district())
    before = dict(base.rows.people)
    after = _delta(
        base,
        {
            "users": [
                user("eve", "guardian", "Eve Harte", status="active", email="eva@example.org"),
                user("dennis", "parent", "Dennis Reyes", status="tobedeleted"),
                user("zoe", "guardian", "Zoë End", status="active"),
            ]
        },
    )
    assert after.kinds == []
    assert set(after.rows.people) == {"bo", "lu", "ada", "eve", "tess", "zoe"}
    eve = after.rows.people["eve"]
    assert (eve.family_name, eve.email, eve.phone) == ("Harte", "eva@example.org", None)
    assert after.rows.people["ada"] is before["ada"]
    assert (after.rows.orgs, after.rows.enrollments) == (base.rows.orgs, base.rows.enrollments)
    assert (after.counts, after.export.missing) == ({"people": 3}, ())
    assert base.rows.people == before


def test_a_delta_may_refer_to_what_is_stored() -> None:
    base = _read(district())
    after = _delta(
        base,
        {
            "enrollments": [
                {"sourcedId": "e3", "classSourcedId": "art", "userSourcedId": "lu", "role": "student"}
            ]
        },
    )
    assert (after.kinds, len(after.student("lu").classes)) == ([], 1)


def test_a_delta_of_roles_makes_a_guardian_a_teacher_too() -> None:
    base = _read(in_1_2(), "1.2")
    role = {"sourcedId": "ada-2", "userSourcedId": "ada", "role": "teacher", "orgSourcedId": "south"}
    after = _delta(base, {"roles": [role]}, "1.2")
    assert (after.kinds, after.user("ada").role) == ([], "teacher")
    assert after.user("ada").credentials == base.user("ada").credentials


def test_a_delta_of_users_knows_stored_students() -> None:
    base = _read(in_1_2(), "1.2")
    bo = next(row for row in in_1_2()["users"] if row["sourcedId"] == "bo") | {"email": "bo@example.org"}
    after = _delta(base, {"users": [bo]}, "1.2")
    assert (after.kinds, after.rows.people["bo"].email) == ([], None)


def test_a_delta_that_deletes_what_is_not_there_is_harmless() -> None:
    base = _read(district())
    ghost = user("ghost", "guardian", "Gus Ghost", status="tobedeleted")
    after = _delta(base, {"users": [ghost]})
    assert (after.kinds, after.rows) == ([], base.rows)


def test_a_bulk_and_a_delta_may_come_in_one_export() -> None:
    base = _read(district())
    tables = {"orgs": district()["orgs"], "users": [user("zoe", "guardian", "Zoë End")]}
    after = reading(zipped(tables, modes={"users": "delta"}), base.rows)
    assert len(after.rows.people) == 7


@pytest.mark.parametrize(
    ("version", "table"),
    [("1.1", "orgs"), ("1.1", "users"), ("1.2", "orgs"), ("1.2", "users"), ("1.2", "roles")],
)
def test_a_first_import_must_have_orgs_and_users_and_of_1_2_roles(version: str, table: str) -> None:
    found = _read({name: rows for name, rows in _in(version).items() if name != table}, version)
    missing = [(p.kind, p.file) for p in found.problems.listed if p.kind is not ProblemKind.ROLE_MISSING]
    assert missing == [(ProblemKind.FILE_MISSING, f"{table}.csv")]
    assert found.problems.refuse


def test_a_first_import_may_do_without_classes() -> None:
    found = _read({name: rows for name, rows in district().items() if name in ("orgs", "users")})
    assert (found.kinds, found.export.missing, len(found.rows.people)) == ([], (), 6)
    again = _read({name: district()[name] for name in ("orgs", "users")}, base=found.rows)
    assert (again.kinds, again.export.missing) == ([], ())


@pytest.mark.parametrize(
    ("version", "table"),
    [
        *(("1.1", table) for table in ("orgs", "users", "classes", "enrollments")),
        *(("1.2", table) for table in ("orgs", "users", "roles", "classes", "enrollments")),
    ],
)
def test_a_bulk_that_lacks_a_stored_file_is_told_and_the_stored_rows_stay(version: str, table: str) -> None:
    """Whether that refuses the import is the caller's to decide, since it can be forced."""
    tables = _in(version)
    base = _read(tables, version)
    found = _read({name: rows for name, rows in tables.items() if name != table}, version, base.rows)
    assert (found.export.missing, found.rows) == ((f"{table}.csv",), base.rows)
    assert not found.problems.refuse


def test_what_is_not_read_leaves_the_base_as_it_was() -> None:
    base = _read(district())
    assert reading(b"no zip", base.rows).rows is base.rows


def test_a_file_of_a_header_alone_empties_its_table() -> None:
    base = _read(district())
    found = _read(district() | {"enrollments": []}, base=base.rows)
    assert (found.rows.enrollments, found.export.missing, found.kinds) == ({}, (), [])


def test_line_ends_bytes_mark_and_quotes_of_a_windows_sis() -> None:
    text = as_csv(columns_of("users"), changed("bo", givenName="Bo\nAlex")["users"]).decode()
    quoted = text.replace("\n", "\r\n")
    found = reading(zipped(district(), files={"users.csv": b"\xef\xbb\xbf" + quoted.encode()}))
    assert (found.kinds, found.rows.people["bo"].given_name) == ([], "Bo Alex")


# Columns that a delta does not have


def _of_columns(base: Reading, header: list[str], rows: Table, version: str = "1.1") -> Reading:
    """A delta of users.csv with these columns alone."""
    files = {"users.csv": as_csv(header, rows)}
    return reading(zipped({"users": rows}, "delta", version, files=files), base.rows)


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        ("email", ("email", "email_typed")),
        ("sms phone", ("phone", "phone_typed")),
        ("agentSourcedIds", ("agents",)),
        ("grades", ("grade",)),
        ("enabledUser", ("enabled",)),
        ("metadata.language", ("language",)),
        ("email sms phone agentSourcedIds grades enabledUser metadata.language", ()),
    ],
)
def test_what_a_column_would_tell_that_a_delta_does_not_have_stays_as_stored(
    columns: str, fields: tuple[str, ...]
) -> None:
    whole = {
        "email": "eve@example.org", "sms": "202-555-0124", "agentSourcedIds": "lu", "grades": "03",
        "enabledUser": "false", "metadata.language": "es",
    }  # fmt: skip
    base = _read(changed("eve", None, "users", **whole))
    was = base.rows.people["eve"]
    assert (was.email, was.phone, was.agents, was.enabled, was.language) == (
        "eve@example.org", "+12025550124", ("lu",), False, "es",
    )  # fmt: skip
    header = [name for name in [*columns_of("users"), "metadata.language"] if name not in columns.split()]
    eve = dict.fromkeys(header, "") | {
        "sourcedId": "eve", "givenName": "Eve", "familyName": "Harte", "role": "guardian",
        "orgSourcedIds": "north",
    }  # fmt: skip
    now = _of_columns(base, header, [eve]).rows.people["eve"]
    assert now.family_name == "Harte"
    kept = fields or (
        "email",
        "email_typed",
        "phone",
        "phone_typed",
        "agents",
        "grade",
        "enabled",
        "language",
    )
    assert {name: getattr(now, name) for name in kept} == {name: getattr(was, name) for name in kept}
    blank = {"email": None, "phone": None, "agents": (), "grade": "", "enabled": True, "language": ""}
    emptied = {name: value for name, value in blank.items() if name not in kept}
    assert {name: getattr(now, name) for name in emptied} == emptied  # a blank cell empties


@pytest.mark.parametrize("lacking", ["sms", "phone"])
def test_of_two_columns_of_a_number_one_is_enough_to_empty_it(lacking: str) -> None:
    base = _read(district())
    header = [name for name in columns_of("users") if name != lacking]
    eve = user("eve", "guardian", "Eve Hart")
    assert _of_columns(base, header, [eve]).rows.people["eve"].phone is None


def test_whoever_is_new_in_a_delta_of_few_columns_has_what_it_tells() -> None:
    base = _read(district())
    found = _of_columns(
        base,
        ["sourcedId", "givenName", "familyName", "role", "orgSourcedIds"],
        [{"sourcedId": "zoe", "givenName": "Zoë", "role": "guardian", "orgSourcedIds": "north"}],
    )
    assert (found.kinds, found.rows.people["zoe"].email) == ([], None)


def test_a_bulk_without_a_column_empties_it_which_the_guard_sees() -> None:
    base = _read(district())
    header = [name for name in columns_of("users") if name != "email"]
    rows = [{name: row[name] for name in row if name != "email"} for row in district()["users"]]
    found = reading(zipped(district(), files={"users.csv": as_csv(header, rows)}), base.rows)
    assert {person.email for person in found.rows.people.values()} == {None}


@pytest.mark.parametrize(
    ("table", "column", "changed_", "field"),
    [
        ("orgs", "parentSourcedId", {"name": "Nord"}, "parent"),
        ("classes", "termSourcedIds", {"title": "Arts"}, "terms"),
        ("classes", "courseSourcedId", {"title": "Arts"}, "course"),
        ("enrollments", "endDate", {"role": "student"}, "end"),
    ],
)
def test_a_column_of_any_table_that_a_delta_lacks_stays(
    table: str, column: str, changed_: dict[str, str], field: str
) -> None:
    tables = district() | {"academicSessions": [{"sourcedId": "fall", "endDate": "2027-01-20"}]}
    values = {"parentSourcedId": "district", "termSourcedIds": "fall", "endDate": "2027-06-12"}
    row = tables[table][-1] | {column: values.get(column, "painting")}
    base = _read(tables | {table: [*tables[table][:-1], row]})
    header = [name for name in columns_of(table) if name != column]
    bytes_ = as_csv(header, [{name: cell for name, cell in row.items() if name != column} | changed_])
    found = reading(zipped({table: []}, "delta", files={f"{table}.csv": bytes_}), base.rows)
    stored, now = (getattr(r, table)[row["sourcedId"]] for r in (base.rows, found.rows))
    assert getattr(now, field) == getattr(stored, field) not in ("", ())


# A line of which nobody can tell whose it is


NOBODY_S: Final = user("", "guardian", "No Body")


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("status", ["tobedeleted", "deleted"])
def test_a_line_of_nobody_undoes_no_deletion_of_a_delta(order: int, status: str) -> None:
    base = _read(district())
    gone = user("eve", "guardian", "Eve Hart", status=status)
    found = _delta(base, {"users": [gone, NOBODY_S][::order]})
    assert "eve" not in found.rows.people
    assert set(found.rows.people) == set(base.rows.people) - {"eve"}
    assert found.kinds == [ProblemKind.ID_MISSING]


def test_a_line_of_nobody_undoes_no_deletion_that_a_bulk_spells_out() -> None:
    base = _read(district())
    tables = changed("eve", without("dennis"), status="tobedeleted")
    found = _read(tables | {"users": [*tables["users"], NOBODY_S]}, base=base.rows)
    assert set(found.rows.people) == set(base.rows.people) - {"eve"}
    assert found.kinds.count(ProblemKind.NOBODY_REMOVED) == 1


@pytest.mark.parametrize("table", ["orgs", "users", "classes", "enrollments"])
def test_whoever_a_line_of_nobody_keeps_is_told_for_the_file_with_figures(table: str) -> None:
    base = _read(district())
    tables = district()
    tables[table] = [*tables[table][1:], tables[table][0] | {"sourcedId": ""}]
    found = _read(tables, base=base.rows)
    [told] = [one for one in found.problems.listed if one.kind is ProblemKind.NOBODY_REMOVED]
    assert (told.file, told.line, told.figures) == (f"{table}.csv", None, "1 of 1")
    assert len(getattr(found.rows, {"users": "people"}.get(table, table))) == len(district()[table])


def test_at_first_and_in_a_delta_a_line_of_nobody_keeps_nobody_and_that_is_not_told() -> None:
    users = [*district()["users"], NOBODY_S]
    first = _read(district() | {"users": users})
    assert first.kinds == [ProblemKind.ID_MISSING]
    assert _delta(first, {"users": [NOBODY_S]}).kinds == [ProblemKind.ID_MISSING]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_rows_of_new_ids_every_night_do_not_pile_up_beside_a_line_of_nobody(version: str) -> None:
    """Some exports give enrollments (and roles) new ids each time they run."""
    tables = in_1_2() if version == "1.2" else district()
    anew = ("enrollments", "roles") if version == "1.2" else ("enrollments",)
    rows = _read(tables, version).rows
    for night in range(3):
        tonight = dict(tables)
        for table in anew:
            renamed = [row | {"sourcedId": f"{night}-{row['sourcedId']}"} for row in tables[table]]
            tonight[table] = [*renamed, renamed[0] | {"sourcedId": ""}]
        found = _read(tonight, version, base=rows)
        rows = found.rows
        assert found.kinds == [ProblemKind.ID_MISSING, ProblemKind.NOBODY_REMOVED] * len(anew)
        for table in anew:
            assert len(getattr(rows, table)) == len(tables[table])
            assert all(id_.startswith(f"{night}-") for id_ in getattr(rows, table))
