"""Role x action x scope."""

import pytest

from reachable.model.people import AccountStatus, Role, Student, User
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


def viewer(*roles: TokenRole, schools: tuple[str, ...] = ("north",)) -> Viewer:
    return Viewer(user("staff", *schools, role=Role.TEACHER), frozenset(roles))


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
        assert allowed == set(Action)
    elif role in VIEWERS:
        assert allowed == {Action.VIEW, Action.SEARCH}
    else:
        assert allowed == {Action.EXTENDED}


def test_extended_history_alone_is_no_role_of_staff() -> None:
    assert not permissions.is_staff({TokenRole.EXTENDED_HISTORY})
    assert not permissions.is_staff(())


@pytest.mark.parametrize("role", sorted({TokenRole.DISTRICT} | RESETTERS))
def test_district_roles_see_everybody(role: TokenRole) -> None:
    assert permissions.in_scope(viewer(role), user("far", "south"))


@pytest.mark.parametrize("role", [TokenRole.TEACHER, TokenRole.SCHOOL_STAFF])
def test_the_others_see_their_schools(role: TokenRole) -> None:
    student = Student(
        id="s", sourced_id="s", given_name="Bo", family_name="Li", grade="3", schools=("north",)
    )
    assert permissions.in_scope(viewer(role), user("near", "south", "north"))
    assert permissions.in_scope(viewer(role), student)
    assert not permissions.in_scope(viewer(role), user("far", "south"))
    assert not permissions.in_scope(viewer(role), user("nowhere"))


def test_everyone_sees_themselves() -> None:
    assert permissions.in_scope(viewer(TokenRole.TEACHER, schools=()), user("staff"))


def test_schools_out_of_scope_are_left_out() -> None:
    assert permissions.visible_schools(viewer(TokenRole.TEACHER), ["north", "south"]) == ("north",)
    assert permissions.visible_schools(viewer(TokenRole.DISTRICT), ["north", "south"]) == ("north", "south")
