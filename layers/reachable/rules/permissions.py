"""Who may do what, and to whom: one table, role x action, and one rule of scope (design section 5)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from reachable.model.details import Detail
from reachable.model.people import AccountStatus, SchoolClass, Student, User
from reachable.model.viewer import TokenRole, Viewer

_STAFF: Final = frozenset(TokenRole) - {TokenRole.EXTENDED_HISTORY}
_RESETTERS: Final = frozenset(
    {
        TokenRole.ROSTERING_ADMINISTRATOR,
        TokenRole.COMMUNICATIONS_ADMINISTRATOR,
        TokenRole.USER_MANAGER,
    }
)
OPERATOR: Final = _RESETTERS
"""What IAM's leave to invoke a function is worth, beside the scope."""
SENDS_SCOPE: Final = "reachable/sends"
"""Of the systems that send."""
_DISTRICT_WIDE: Final = _RESETTERS | {TokenRole.DISTRICT}


class Action(StrEnum):
    """What a member of staff may do."""

    VIEW = "view"
    SEARCH = "search"
    RESET = "reset"
    MARK = "mark"
    REMIND = "remind"
    """Send a pending account its invitation again."""
    EXTENDED = "extended"
    """See blocks, history, messages and the provider's list."""
    IMPORT = "import"
    """Upload rosters, see what became of them, force one."""
    MESSAGES = "messages"
    """See what became of messages and batches; let a held batch go on, or drop it."""
    INCIDENTS = "incidents"
    """Reset many: count, start, watch, stop and undo it."""
    LISTS = "lists"
    """See who of their schools or classes can't be reached, and why."""
    STATISTICS = "statistics"
    """See what became of messages in numbers: who does not see the district, of their schools."""
    PROVIDERS = "providers"
    """See when each provider was last heard, and how the releases from its list go."""


ALLOWED: Final[Mapping[Action, frozenset[TokenRole]]] = {
    Action.VIEW: _STAFF,
    Action.SEARCH: _STAFF,
    Action.RESET: _RESETTERS,
    Action.MARK: _RESETTERS,
    Action.REMIND: _RESETTERS,
    Action.EXTENDED: _RESETTERS | {TokenRole.EXTENDED_HISTORY},
    Action.IMPORT: frozenset({TokenRole.ROSTERING_ADMINISTRATOR}),
    Action.MESSAGES: frozenset({TokenRole.COMMUNICATIONS_ADMINISTRATOR}),
    Action.INCIDENTS: _RESETTERS,
    Action.LISTS: _STAFF,
    Action.STATISTICS: _STAFF,
    Action.PROVIDERS: _DISTRICT_WIDE,
}
REFUSALS: Final[Mapping[Action, Detail]] = {
    Action.VIEW: Detail.NO_STAFF_ROLE,
    Action.SEARCH: Detail.MAY_NOT_SEARCH,
    Action.RESET: Detail.MAY_NOT_RESET,
    Action.MARK: Detail.MAY_NOT_MARK,
    Action.REMIND: Detail.MAY_NOT_REMIND,
    Action.EXTENDED: Detail.MAY_NOT_SEE_HISTORY,
    Action.IMPORT: Detail.MAY_NOT_IMPORT,
    Action.MESSAGES: Detail.MAY_NOT_SEE_MESSAGES,
    Action.INCIDENTS: Detail.MAY_NOT_RESET,
    Action.LISTS: Detail.NO_STAFF_ROLE,
    Action.STATISTICS: Detail.NO_STAFF_ROLE,
    Action.PROVIDERS: Detail.MAY_NOT_SEE_PROVIDERS,
}
"""What somebody is told whose role does not allow it."""
_ON_A_USER: Final = (Action.VIEW, Action.RESET, Action.MARK, Action.REMIND, Action.EXTENDED)


def may(roles: Iterable[TokenRole], action: Action) -> bool:
    """Whether one of these roles allows the action, on whoever is in scope."""
    return not ALLOWED[action].isdisjoint(roles)


def actions(roles: Iterable[TokenRole]) -> tuple[Action, ...]:
    """All that these roles allow."""
    roles = frozenset(roles)
    return tuple(action for action in Action if may(roles, action))


def actions_on_a_user(roles: Iterable[TokenRole], account_status: AccountStatus) -> tuple[Action, ...]:
    """Those of them that can be done on a user in scope, whose account is in this state."""
    roles = frozenset(roles)
    none = {Action.REMIND} if account_status is AccountStatus.ACTIVE else set()
    return tuple(action for action in _ON_A_USER if action not in none and may(roles, action))


def is_staff(roles: Iterable[TokenRole]) -> bool:
    """Whether a token is one of staff at all."""
    return not _STAFF.isdisjoint(roles)


def sees_district(viewer: Viewer) -> bool:
    """Whether the whole district is in scope."""
    return not _DISTRICT_WIDE.isdisjoint(viewer.roles)


def student_in_scope(viewer: Viewer, student: Student) -> bool:
    """Whether a viewer may know of this student: school staff of their schools, teachers of their classes."""
    if sees_district(viewer):
        return True
    of_school = TokenRole.SCHOOL_STAFF in viewer.roles and not viewer.schools.isdisjoint(student.schools)
    of_class = TokenRole.TEACHER in viewer.roles and not viewer.classes.isdisjoint(student.classes)
    return of_school or of_class


def user_in_scope(viewer: Viewer, user: User, students: Iterable[Student]) -> bool:
    """Whether a viewer may know of this user, the guardian of ``students``.

    School staff see the users of their schools, teachers the guardians of their classes' students, and
    everyone themselves.
    """
    if sees_district(viewer) or user.id == viewer.id:
        return True
    if TokenRole.SCHOOL_STAFF in viewer.roles and not viewer.schools.isdisjoint(user.schools):
        return True
    return any(student_in_scope(viewer, student) for student in students)


def visible_schools(viewer: Viewer, schools: Iterable[str]) -> tuple[str, ...]:
    """Those of these schools that the viewer may know of."""
    return tuple(school for school in schools if sees_district(viewer) or school in viewer.schools)


def visible_classes(viewer: Viewer, classes: Iterable[SchoolClass]) -> tuple[SchoolClass, ...]:
    """Those of these classes that the viewer may know of: of their schools, or those that they teach."""
    return tuple(
        class_
        for class_ in classes
        if sees_district(viewer)
        or class_.id in viewer.classes
        or (TokenRole.SCHOOL_STAFF in viewer.roles and class_.school in viewer.schools)
    )
