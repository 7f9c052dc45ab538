"""Recognise the member of staff behind a token (design section 6)."""

from reachable.model.details import Detail
from reachable.model.errors import Forbidden
from reachable.model.people import User
from reachable.model.viewer import Token, Viewer
from reachable.rules import permissions
from reachable.store.credentials import holders
from reachable.store.roster import records


def staff(token: Token) -> Viewer:
    """The viewer: the staff user that the issuer names, else the only one with a proven credential.

    The schools are those at which they work: those of their own children are nothing to look into.

    A shared family address gives a guardian no teacher's scope: only accounts of staff are considered, and
    where the token fits several, none is chosen. 1 Query a credential, 1 an account.

    Raises:
        Forbidden: the token has no role of staff, or it belongs to none or several accounts of staff.
    """
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


def operator(name: str) -> Viewer:
    """Who invokes a function directly: IAM let them in, and the audit keeps the name that they give.

    Raises:
        Forbidden: they give none.
    """
    if not name.strip():
        raise Forbidden(Detail.NOBODY_NAMED)
    return Viewer(f"aws:{name.strip()}", permissions.OPERATOR)


def accounts(token: Token) -> list[User]:
    """The accounts that a token proves: the named one alone, else the holders of its credentials."""
    ids = [token.user_id] if token.user_id else _holders(token)
    return [user for user in map(records.user, ids) if user is not None]


def _holders(token: Token) -> list[str]:
    found = (
        holder.user_id for credential in token.credentials for holder in holders.standing(credential).current
    )
    return list(dict.fromkeys(found))
