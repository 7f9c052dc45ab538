"""Who may do what, and to whom: one table, role x action, and one rule of scope (design section 5)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from reachable.model.people import Student, User
from reachable.model.viewer import TokenRole, Viewer

_STAFF: Final = frozenset(TokenRole) - {TokenRole.EXTENDED_HISTORY}
_RESETTERS: Final = frozenset(
    {
        TokenRole.ROSTERING_ADMINISTRATOR,
        TokenRole.COMMUNICATIONS_ADMINISTRATOR,
        TokenRole.USER_MANAGER,
    }
)
_DISTRICT_WIDE: Final = _RESETTERS | {TokenRole.DISTRICT}


class Action(StrEnum):
    """What a member of staff may do."""

    VIEW = "view"
    SEARCH = "search"
    RESET = "reset"
    MARK = "mark"
    EXTENDED = "extended"
    """See blocks, history, messages and the provider's list."""


ALLOWED: Final[Mapping[Action, frozenset[TokenRole]]] = {
    Action.VIEW: _STAFF,
    Action.SEARCH: _STAFF,
    Action.RESET: _RESETTERS,
    Action.MARK: _RESETTERS,
    Action.EXTENDED: _RESETTERS | {TokenRole.EXTENDED_HISTORY},
}


def may(roles: Iterable[TokenRole], action: Action) -> bool:
    """Whether one of these roles allows the action, on whoever is in scope."""
    return not ALLOWED[action].isdisjoint(roles)


def actions(roles: Iterable[TokenRole]) -> tuple[Action, ...]:
    """All that these roles allow."""
    roles = frozenset(roles)
    return tuple(action for action in Action if may(roles, action))


def is_staff(roles: Iterable[TokenRole]) -> bool:
    """Whether a token is one of staff at all."""
    return not _STAFF.isdisjoint(roles)


def sees_district(viewer: Viewer) -> bool:
    """Whether the whole district is in scope."""
    return not _DISTRICT_WIDE.isdisjoint(viewer.roles)


def in_scope(viewer: Viewer, person: User | Student) -> bool:
    """Whether a viewer may know of this person: of the whole district, or of their schools.

    Everyone sees themselves.
    """
    if sees_district(viewer) or person.id == viewer.user.id:
        return True
    return not frozenset(viewer.user.schools).isdisjoint(person.schools)


def visible_schools(viewer: Viewer, schools: Iterable[str]) -> tuple[str, ...]:
    """Those of these schools that the viewer may know of."""
    return tuple(s for s in schools if sees_district(viewer) or s in viewer.user.schools)
