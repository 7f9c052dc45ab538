"""Role x action x scope."""

import pytest

from reachable.model.people import AccountStatus, Role, SchoolClass, Student, User
from reachable.model.viewer import TokenRole, Viewer
from reachable.rules import permissions
from reachable.rules.permissions import Action


def user(id_: str, *schools: str, role: Role = Role.GUARDIAN) -> User:
    return User(
        id=id_,
        sourced_id=id_,
        role=role,
        given_name="Ada",
        family_name="Reyes",
        account_status=AccountStatus.ACTIVE,
        language="en",
        schools=schools,
    )


def student(*, schools: tuple[str, ...] = (), classes: tuple[str, ...] = ()) -> Student:
    return Student(
        id="s", sourced_id="s", given_name="Bo", family_name="Li", grade="3", schools=schools, classes=classes
    )


def viewer(*roles: TokenRole) -> Viewer:
    return Viewer("staff", frozenset(roles), frozenset({"north"}), frozenset({"art"}))


VIEWERS = {TokenRole.TEACHER, TokenRole.SCHOOL_STAFF, TokenRole.DISTRICT}
RESETTERS = {
    TokenRole.ROSTERING_ADMINISTRATOR,
    TokenRole.COMMUNICATIONS_ADMINISTRATOR,
    TokenRole.USER_MANAGER,
}


@pytest.mark.parametrize("role", TokenRole)
def test_who_may_do_what(role: TokenRole) -> None:
    allowed = set(permissions.actions({role}))
    if role in RESETTERS:
        own = {
            TokenRole.ROSTERING_ADMINISTRATOR: {Action.IMPORT},
            TokenRole.COMMUNICATIONS_ADMINISTRATOR: {Action.MESSAGES},
        }
        assert allowed == set(Action) - {Action.IMPORT, Action.MESSAGES} | own.get(role, set())
    elif role in VIEWERS:
        of_the_district = {Action.PROVIDERS} if role is TokenRole.DISTRICT else set()
        assert allowed == {Action.VIEW, Action.SEARCH, Action.LISTS, Action.STATISTICS} | of_the_district
    else:
        assert allowed == {Action.EXTENDED}


@pytest.mark.parametrize(
    ("role", "active", "pending"),
    [
        (TokenRole.TEACHER, "view", "view"),
        (TokenRole.SCHOOL_STAFF, "view", "view"),
        (TokenRole.DISTRICT, "view", "view"),
        (TokenRole.EXTENDED_HISTORY, "extended", "extended"),
        *(
            (role, "view reset mark extended", "view reset mark remind extended")
            for role in sorted(RESETTERS)
        ),
    ],
)
def test_what_is_offered_on_a_user_is_what_can_be_done_on_them(
    role: TokenRole, active: str, pending: str
) -> None:
    """In this order; a pending account alone is reminded."""
    assert " ".join(permissions.actions_on_a_user({role}, AccountStatus.ACTIVE)) == active
    assert " ".join(permissions.actions_on_a_user({role}, AccountStatus.PENDING)) == pending


def test_extended_history_alone_is_no_role_of_staff() -> None:
    assert not permissions.is_staff({TokenRole.EXTENDED_HISTORY})
    assert not permissions.is_staff(())


@pytest.mark.parametrize("role", sorted({TokenRole.DISTRICT} | RESETTERS))
def test_district_roles_see_everybody(role: TokenRole) -> None:
    assert permissions.user_in_scope(viewer(role), user("far", "south"), ())
    assert permissions.student_in_scope(viewer(role), student(schools=("south",)))


NEAR, FAR = student(schools=("north",), classes=("art",)), student(schools=("south",), classes=("gym",))
NEXT_DOOR = student(schools=("north",), classes=("gym",))


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (TokenRole.SCHOOL_STAFF, [True, True, False]),
        (TokenRole.TEACHER, [True, False, False]),
        (TokenRole.EXTENDED_HISTORY, [False, False, False]),
    ],
)
def test_school_staff_see_their_schools_and_teachers_their_classes(role: TokenRole, seen: list[bool]) -> None:
    students = [NEAR, NEXT_DOOR, FAR]
    assert [permissions.student_in_scope(viewer(role), one) for one in students] == seen
    guardians = [user(f"guardian of {i}", *one.schools) for i, one in enumerate(students)]
    of = zip(guardians, students, strict=True)
    assert [permissions.user_in_scope(viewer(role), guardian, [one]) for guardian, one in of] == seen


def test_a_teacher_does_not_see_colleagues_and_school_staff_do() -> None:
    colleague = user("colleague", "north", role=Role.TEACHER)
    assert not permissions.user_in_scope(viewer(TokenRole.TEACHER), colleague, ())
    assert permissions.user_in_scope(viewer(TokenRole.SCHOOL_STAFF), colleague, ())


def test_everyone_sees_themselves() -> None:
    assert permissions.user_in_scope(viewer(TokenRole.TEACHER), user("staff"), ())


def test_schools_and_classes_out_of_scope_are_left_out() -> None:
    art, gym, far = (
        SchoolClass(id=id_, sourced_id=id_, title=id_, school=school)
        for id_, school in (("art", "north"), ("gym", "north"), ("far", "south"))
    )
    assert permissions.visible_schools(viewer(TokenRole.TEACHER), ["north", "south"]) == ("north",)
    assert permissions.visible_schools(viewer(TokenRole.DISTRICT), ["north", "south"]) == ("north", "south")
    assert permissions.visible_classes(viewer(TokenRole.TEACHER), [art, gym, far]) == (art,)
    assert permissions.visible_classes(viewer(TokenRole.SCHOOL_STAFF), [art, gym, far]) == (art, gym)
    assert permissions.visible_classes(viewer(TokenRole.DISTRICT), [art, gym, far]) == (art, gym, far)
