"""Show who is signed in."""

from reachable.flows import recognise
from reachable.flows.show import credential
from reachable.model.guidance import Audience
from reachable.model.people import User
from reachable.model.profile import Account, Me
from reachable.model.viewer import Token
from reachable.rules import permissions
from reachable.store.roster import records


def me(token: Token) -> Me:
    """Who is signed in. A token that proves no account gives none; changes nothing. A Query a credential."""
    own = recognise.accounts(token)
    staff = [account for account in own if account.role.is_staff]
    return Me(
        accounts=tuple(_account(account) for account in own),
        roles=tuple(sorted(token.roles)),
        actions=permissions.actions(token.roles) if staff else (),
        schools=tuple(records.schools({school for account in own for school in _schools(account)})),
        classes=tuple(records.classes({class_ for account in staff for class_ in account.classes})),
    )


def _account(user: User) -> Account:
    held = credential.held_now(user)
    shown = credential.shown_to_oneself(held)
    return Account(user, shown, credential.advice(user, held, shown, Audience.ONESELF))


def _schools(account: User) -> tuple[str, ...]:
    return account.works_at if account.role.is_staff else account.schools
