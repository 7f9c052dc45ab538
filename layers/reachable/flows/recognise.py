"""Recognise who asks: staff behind a token, a sending system, an operator (design section 6)."""

from collections.abc import Callable, Iterable

from reachable.model.details import Detail
from reachable.model.errors import Forbidden
from reachable.model.people import User
from reachable.model.viewer import Token, Viewer
from reachable.rules import permissions
from reachable.rules.permissions import Action
from reachable.store.credentials import holders
from reachable.store.roster import records


def who_may(action: Action) -> Callable[[Token], Viewer]:
    """Recognise the staff whose role allows it; who else asks is told what their role does not do.

    The function given raises:
        Forbidden: the token belongs to no member of staff, or the role does not allow it.
    """

    def admit(token: Token) -> Viewer:
        viewer = staff(token)
        if not permissions.may(viewer.roles, action):
            raise Forbidden(permissions.REFUSALS[action])
        return viewer

    return admit


def machine(token: Token) -> Viewer:
    """A sending system.

    Raises:
        Forbidden: the token has not the scope ``reachable/sends``.
    """
    if permissions.SENDS_SCOPE not in token.scopes:
        raise Forbidden(Detail.NO_SCOPE, scope=permissions.SENDS_SCOPE)
    return (
        _operator(token)
        if token.is_operator
        else Viewer(f"client:{token.subject}", token.roles, is_client=True)
    )


def machine_or_who_may(action: Action) -> Callable[[Token], Viewer]:
    """Recognise staff whose role allows it, so that a person is named, or a sending system.

    The function given raises:
        Forbidden: it is neither.
    """

    def admit(token: Token) -> Viewer:
        if permissions.may(token.roles, action):
            return staff(token)
        if permissions.SENDS_SCOPE not in token.scopes:
            raise Forbidden(Detail.NO_SCOPE_NOR_ROLE, scope=permissions.SENDS_SCOPE)
        return machine(token)

    return admit


def staff(token: Token) -> Viewer:
    """The viewer: the staff user that the issuer names, else the only one with a proven credential.

    The schools are those at which they work: those of their own children are nothing to look into.

    A shared family address gives a guardian no teacher's scope: only accounts of staff are considered, and
    where the token fits several, none is chosen. 1 Query a credential, 1 an account.

    Raises:
        Forbidden: the token has no role of staff, or it belongs to none or several accounts of staff.
    """
    if token.is_operator:
        return _operator(token)
    if not permissions.is_staff(token.roles):
        raise Forbidden(Detail.NO_STAFF_ROLE)
    candidates = [user for user in accounts(token) if user.role.is_staff]
    match candidates:
        case [user]:
            return Viewer(user.id, token.roles, frozenset(user.works_at), frozenset(user.classes))
        case []:
            raise Forbidden(Detail.NO_STAFF_ACCOUNT)
        case _:
            raise Forbidden(Detail.SEVERAL_STAFF_ACCOUNTS)


def only_staff(token: Token, proven: Iterable[User]) -> User | None:
    """Whom `staff` finds among the accounts that a token proves; None where it would refuse."""
    candidates = [user for user in proven if user.role.is_staff]
    return candidates[0] if len(candidates) == 1 and permissions.is_staff(token.roles) else None


def _operator(token: Token) -> Viewer:
    """Who invokes a function directly: IAM let them in, and the audit keeps the name that they give."""
    return Viewer(token.subject, token.roles)


def accounts(token: Token) -> list[User]:
    """The accounts that a token proves: the named one alone, else the holders of its credentials."""
    ids = [token.user_id] if token.user_id else _holders(token)
    return [user for user in map(records.user, ids) if user is not None]


def _holders(token: Token) -> list[str]:
    found = (
        holder.user_id for credential in token.credentials for holder in holders.standing(credential).current
    )
    return list(dict.fromkeys(found))
