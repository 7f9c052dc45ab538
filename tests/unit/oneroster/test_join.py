"""From rows to people: roles, guardianships, schools, classes, and the ids that never change."""

import pytest

from reachable.model.people import AccountStatus, Link, Role, RosterKind, id_of
from reachable.oneroster.join import Joined
from reachable.oneroster.rows import Rows
from tests.roster_exports import Table, district, in_1_2, user, zipped
from tests.unit.oneroster.exports import TODAY, Reading, changed, reading, without

BOTH = pytest.mark.parametrize("version", ["1.1", "1.2"])


def _read(tables: dict[str, Table], version: str = "1.1") -> Reading:
    return reading(zipped(tables, version=version))


def _in(version: str, tables: dict[str, Table]) -> Reading:
    return _read(in_1_2(tables) if version == "1.2" else tables, version)


def _with(
    row: dict[str, str], table: str = "users", tables: dict[str, Table] | None = None
) -> dict[str, Table]:
    """The district with one line more."""
    whole = tables or district()
    return whole | {table: [*whole[table], row]}


def _schools(*sourced_ids: str) -> set[str]:
    return {id_of(RosterKind.SCHOOL, sourced_id) for sourced_id in sourced_ids}


ART = id_of(RosterKind.CLASS, "art")


def _enrolled(person: str, role: str, class_: str = "art", **columns: str) -> dict[str, str]:
    return {
        "sourcedId": f"{person}-{class_}",
        "classSourcedId": class_,
        "userSourcedId": person,
        "role": role,
    } | columns


# Ids


def test_ids_are_the_same_for_ever() -> None:
    """Everything that is stored is found by them: a change here would lose every status."""
    assert id_of(RosterKind.USER, "ada") == "2d0208ff-1851-5e76-aa6c-cbe43b441583"
    assert id_of(RosterKind.STUDENT, "ada") != id_of(RosterKind.USER, "ada")
    found = _read(district())
    assert found.user("ada").id == id_of(RosterKind.USER, "ada")
    assert {one.id for one in found.joined.schools()} == _schools("north", "south")
    assert [(one.id, one.school) for one in found.joined.classes()] == [
        (ART, id_of(RosterKind.SCHOOL, "north"))
    ]


# Roles


@BOTH
@pytest.mark.parametrize(
    ("word", "org", "role"),
    [
        ("guardian", "north", Role.GUARDIAN),
        ("Parent", "north", Role.GUARDIAN),
        ("relative", "north", Role.GUARDIAN),
        ("teacher", "north", Role.TEACHER),
        ("aide", "north", Role.SCHOOL_STAFF),
        ("proctor", "north", Role.SCHOOL_STAFF),
        ("counselor", "north", Role.SCHOOL_STAFF),
        ("principal", "north", Role.SCHOOL_STAFF),
        ("siteAdministrator", "north", Role.SCHOOL_STAFF),
        ("administrator", "north", Role.SCHOOL_STAFF),
        ("administrator", "district", Role.DISTRICT),
        ("administrator", "north,district", Role.DISTRICT),
        ("districtAdministrator", "north", Role.DISTRICT),
        ("systemAdministrator", "district", Role.DISTRICT),
    ],
)
def test_each_role_of_oneroster_is_one_of_ours(version: str, word: str, org: str, role: Role) -> None:
    found = _in(version, changed("eve", role=word, orgSourcedIds=org))
    assert (found.kinds, found.user("eve").role) == ([], role)


def test_everybody_is_a_student_or_a_user_or_nobody() -> None:
    found = _read(_with(user("zoe", "wizard", "Zoë End")))
    assert [one.sourced_id for one in found.joined.students()] == ["bo", "lu"]
    assert [one.sourced_id for one in found.joined.users()] == ["ada", "dennis", "eve", "tess"]


def _second_role(person: str, role: str, **columns: str) -> dict[str, str]:
    return {
        "sourcedId": f"{person}-2",
        "userSourcedId": person,
        "roleType": "secondary",
        "role": role,
        "orgSourcedId": "south",
    } | columns


def test_of_several_roles_the_widest_counts() -> None:
    found = _read(_with(_second_role("tess", "principal"), "roles", in_1_2()), "1.2")
    assert found.user("tess").role is Role.SCHOOL_STAFF
    assert set(found.user("tess").schools) == _schools("north", "south")


@pytest.mark.parametrize(
    ("end", "role", "schools"),
    [
        ("2026-11-23", Role.TEACHER, ("north",)),
        ("2026-11-24", Role.SCHOOL_STAFF, ("north", "south")),
        ("", Role.SCHOOL_STAFF, ("north", "south")),
    ],
)
def test_a_role_counts_to_its_last_day(end: str, role: Role, schools: tuple[str, ...]) -> None:
    found = _read(_with(_second_role("tess", "principal", endDate=end), "roles", in_1_2()), "1.2")
    assert (found.user("tess").role, set(found.user("tess").schools)) == (role, _schools(*schools))


@pytest.mark.parametrize(("enabled", "status"), [("true", "active"), ("false", "pending")])
def test_a_disabled_account_begins_as_pending(enabled: str, status: str) -> None:
    assert _read(changed("eve", enabledUser=enabled)).user("eve").account_status is AccountStatus(status)


# Guardianships


def _pairs(found: Reading) -> set[tuple[str, str]]:
    """Student and guardian, as students tell it; users must tell the same."""
    joined = found.joined
    names = {one.id: one.sourced_id for one in joined.users()} | {
        one.id: one.sourced_id for one in joined.students()
    }
    by_student = {(one.sourced_id, names[link.id]) for one in joined.students() for link in one.guardians}
    by_user = {(names[link.id], one.sourced_id) for one in joined.users() for link in one.students}
    assert by_student == by_user
    return by_student


PAIRS = {("bo", "ada"), ("bo", "dennis"), ("lu", "eve")}


@BOTH
def test_guardians_are_named_with_the_student(version: str) -> None:
    assert _pairs(_in(version, district())) == PAIRS


@BOTH
def test_students_may_be_named_with_the_guardian(version: str) -> None:
    turned = changed("bo", changed("lu", agentSourcedIds=""), agentSourcedIds="")
    for guardian, student in (("ada", "bo"), ("dennis", "bo"), ("eve", "lu")):
        turned = changed(guardian, turned, agentSourcedIds=student)
    found = _in(version, turned)
    assert (found.kinds, _pairs(found)) == ([], PAIRS)


@BOTH
def test_named_on_both_sides_it_is_one_guardianship(version: str) -> None:
    found = _in(version, changed("ada", agentSourcedIds="bo"))
    assert _pairs(found) == PAIRS
    assert len(found.user("ada").students) == 1


@BOTH
def test_a_teacher_may_be_a_guardian_in_one_account(version: str) -> None:
    found = _in(version, changed("lu", agentSourcedIds="eve,tess"))
    tess = found.user("tess")
    assert (tess.role, tess.classes) == (Role.TEACHER, (ART,))
    assert [link.name for link in tess.students] == ["Lu Hart"]
    assert _pairs(found) == PAIRS | {("lu", "tess")}


def test_a_teacher_with_the_role_of_a_parent_as_well_has_its_relation() -> None:
    tables = _with(_second_role("tess", "parent"), "roles", changed("lu", in_1_2(), agentSourcedIds="tess"))
    found = _read(tables, "1.2")
    assert (found.user("tess").role, found.user("tess").students[0].relation) == (Role.TEACHER, "parent")


def test_a_link_tells_name_and_relation() -> None:
    found = _read(changed("ada", role="Relative"))
    assert found.student("bo").guardians == (
        Link(id_of(RosterKind.USER, "ada"), "Ada Reyes", "relative", "ada"),
        Link(id_of(RosterKind.USER, "dennis"), "Dennis Reyes", "parent", "dennis"),
    )
    assert found.user("ada").students == (
        Link(id_of(RosterKind.STUDENT, "bo"), "Bo Reyes", "relative", "bo"),
    )


@pytest.mark.parametrize(
    ("tables", "gone"),
    [
        (without("dennis"), ("bo", "dennis")),  # named, but in no line
        (changed("dennis", role="wizard"), ("bo", "dennis")),  # nobody
        (changed("dennis", role="student"), ("bo", "dennis")),  # a brother is no guardian
        (without("lu", changed("eve", agentSourcedIds="lu")), ("lu", "eve")),
    ],
)
def test_who_is_not_there_guards_nobody(tables: dict[str, Table], gone: tuple[str, str]) -> None:
    assert _pairs(_read(tables)) == PAIRS - {gone}


def test_guardians_of_guardians_are_none() -> None:
    assert _pairs(_read(changed("ada", agentSourcedIds="eve,tess"))) == PAIRS


def test_a_role_left_over_from_1_2_turns_no_guardianship_round() -> None:
    """After a change back to 1.1 the lines of roles.csv are still stored; users.csv tells the roles then."""
    base = _read(in_1_2(changed("ada", role="student")), "1.2").rows
    after = reading(zipped(changed("ada", agentSourcedIds="bo"), version="1.1"), base)
    assert set(after.joined.ties()) == PAIRS
    assert (after.user("ada").role, len(after.user("ada").credentials)) == (Role.GUARDIAN, 2)


# Schools


@BOTH
def test_schools_are_the_orgs_of_that_type_only(version: str) -> None:
    found = _in(version, _with({"sourcedId": "arts", "name": "Arts", "type": "department"}, "orgs"))
    assert {one.sourced_id for one in found.joined.schools()} == {"north", "south"}


@BOTH
def test_a_department_lies_in_its_school(version: str) -> None:
    org = {"sourcedId": "arts", "name": "Arts", "type": "department", "parentSourcedId": "south"}
    found = _in(version, _with(org, "orgs", changed("tess", orgSourcedIds="arts")))
    assert set(found.user("tess").schools) == _schools("south", "north")  # and where she teaches


def test_orgs_that_lie_in_each_other_are_no_school() -> None:
    orgs: Table = [
        {"sourcedId": "a", "name": "A", "type": "department", "parentSourcedId": "b"},
        {"sourcedId": "b", "name": "B", "type": "department", "parentSourcedId": "a"},
    ]
    tables = changed(
        "tess", district() | {"orgs": [*district()["orgs"], *orgs], "enrollments": []}, orgSourcedIds="a"
    )
    assert _read(tables).user("tess").schools == ()


@BOTH
def test_a_student_is_at_the_orgs_of_the_line_and_where_the_classes_are(version: str) -> None:
    tables = _with(
        {"sourcedId": "chess", "title": "Chess", "schoolSourcedId": "south"},
        "classes",
        _with(_enrolled("bo", "student", "chess"), "enrollments"),
    )
    found = _in(version, tables)
    assert set(found.student("bo").schools) == _schools("north", "south")
    assert set(found.user("ada").schools) == _schools("north", "south")


@BOTH
def test_a_guardian_is_at_the_schools_of_the_students_not_the_own(version: str) -> None:
    """Many exports write the whole district, or the office, behind every parent."""
    found = _in(version, changed("eve", orgSourcedIds="south,north,district"))
    assert set(found.user("eve").schools) == _schools("north")


@BOTH
def test_a_guardian_without_student_is_at_the_own_org(version: str) -> None:
    found = _in(version, changed("lu", changed("eve", orgSourcedIds="south"), agentSourcedIds=""))
    assert set(found.user("eve").schools) == _schools("south")


@BOTH
def test_whoever_works_at_one_school_and_has_a_child_at_another_is_found_at_both(version: str) -> None:
    """But has business only where they work: Eve guards Lu of the north school."""
    eve = _in(version, changed("eve", role="aide", orgSourcedIds="south")).user("eve")
    assert (set(eve.schools), set(eve.works_at)) == (_schools("south", "north"), _schools("south"))


@BOTH
def test_staff_are_at_their_own_schools_and_where_they_teach_and_guardians_work_nowhere(version: str) -> None:
    found = _in(version, changed("tess", orgSourcedIds="south"))
    assert set(found.user("tess").works_at) == _schools("south", "north")
    assert found.user("ada").works_at == ()
    chief = user("chief", "districtAdministrator", "Chi Ef", orgSourcedIds="district")
    assert _in(version, _with(chief)).user("chief").schools == ()


def test_an_unknown_role_opens_no_school() -> None:
    found = _read(_with(_second_role("eve", "wizard"), "roles", in_1_2()), "1.2")
    assert set(found.user("eve").schools) == _schools("north")


# Classes and grades


@pytest.mark.parametrize(("typed", "grade"), [("03", "03"), ("KG", "KG"), ("03,04", "03,04"), ("", None)])
def test_a_grade_is_what_the_sis_says(typed: str, grade: str | None) -> None:
    assert _read(changed("bo", grades=typed)).student("bo").grade == grade


@BOTH
def test_students_learn_and_teachers_teach(version: str) -> None:
    found = _in(version, district())
    assert (found.student("bo").classes, found.student("lu").classes) == ((ART,), ())
    assert (found.user("tess").classes, found.user("ada").classes) == ((ART,), ())


@pytest.mark.parametrize("role", ["aide", "proctor", "administrator", "guardian"])
def test_who_else_is_in_a_class_teaches_none(role: str) -> None:
    found = _read(_with(_enrolled("eve", role), "enrollments"))
    assert (found.kinds, found.user("eve").classes) == ([], ())


@pytest.mark.parametrize(
    ("end", "there"), [("2026-11-23", False), ("2026-11-24", True), ("2027-06-12", True), ("", True)]
)
def test_an_enrollment_counts_to_its_last_day(end: str, there: bool) -> None:
    found = _read(changed("e1", table="enrollments", endDate=end))
    assert found.student("bo").classes == ((ART,) if there else ())


@pytest.mark.parametrize(
    ("terms", "there"),
    [
        ("past", False),
        ("past,current", True),
        ("current", True),
        ("", True),
        ("unheard-of", True),
        ("endless", True),
    ],
)
def test_a_class_runs_until_its_last_term_ends(terms: str, there: bool) -> None:
    sessions: Table = [
        {"sourcedId": "past", "endDate": "2026-06-12"},
        {"sourcedId": "current", "endDate": "2027-06-12"},
        {"sourcedId": "endless", "endDate": ""},
    ]
    tables = changed("art", table="classes", termSourcedIds=terms) | {"academicSessions": sessions}
    found = _read(tables)
    assert [one.sourced_id for one in found.joined.classes()] == (["art"] if there else [])
    assert (found.student("bo").classes, found.user("tess").classes) == (
        ((ART,), (ART,)) if there else ((), ())
    )


@pytest.mark.parametrize(
    ("title", "course", "shown"),
    [("Art", "painting", "Art"), ("", "painting", "Painting"), ("Art", "", "Art"), ("", "ghost", "")],
)
def test_a_class_s_own_title_counts_before_its_course_s(title: str, course: str, shown: str) -> None:
    tables = changed("art", table="classes", title=title, courseSourcedId=course)
    found = _read(tables | {"courses": [{"sourcedId": "painting", "title": "Painting"}]})
    assert [one.title for one in found.joined.classes()] == [shown]


@pytest.mark.parametrize("org", ["district", "ghost"])
def test_nobody_is_in_a_class_of_no_school(org: str) -> None:
    """Such a class is not shown, so it may be in nobody's list either."""
    found = _read(changed("art", table="classes", schoolSourcedId=org))
    assert list(found.joined.classes()) == []
    assert (found.student("bo").classes, found.user("tess").classes) == ((), ())


# Phones


def test_phones_are_those_of_users_with_the_language_of_texts() -> None:
    found = _read(changed("dennis", None, "users", **{"metadata.language": "es"}))
    assert [(phone, person.sourced_id, language) for phone, person, language in found.joined.phones()] == [
        ("+12025550123", "ada", "en"),
        ("+12025550123", "dennis", "es"),
        ("+12025550124", "eve", "en"),
    ]


def test_nobody_s_phone_is_none() -> None:
    found = _read(changed("eve", role="wizard"))
    assert "eve" not in [person.sourced_id for _, person, _ in found.joined.phones()]


def test_of_no_rows_nothing_comes() -> None:
    joined = Joined(Rows(), TODAY, "en")
    assert [*joined.schools(), *joined.classes(), *joined.students(), *joined.users(), *joined.phones()] == []
