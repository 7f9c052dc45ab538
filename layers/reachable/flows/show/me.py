"""Show who is signed in."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from reachable.flows import prove, recognise
from reachable.flows.show import credential
from reachable.flows.show.credential import Held
from reachable.model.credential import Credential
from reachable.model.guidance import Audience
from reachable.model.people import User
from reachable.model.profile import Account, Me
from reachable.model.viewer import Token, Viewer
from reachable.rules import permissions
from reachable.store.roster import records


def me(token: Token, now: datetime) -> Me:
    """Who is signed in. A token that proves no account gives none. A Query a credential.

    What the sign-in proves of a bad credential is written down, or lifts its bounces (`prove.by_sign_in`).

    Where a token fits several accounts, as that of a shared address does, each shows what the token proves
    alone: it may be somebody else's.
    """
    own = recognise.accounts(token)
    proven = None if len(own) == 1 else frozenset(token.credentials)
    staff = [account for account in own if account.role.is_staff]
    viewer = recognise.only_staff(token, own)
    return Me(
        accounts=tuple(_account(account, proven, token, now) for account in own),
        viewer=viewer,
        sees_district=viewer is not None and permissions.sees_district(Viewer(viewer.id, token.roles)),
        roles=tuple(sorted(token.roles)),
        actions=permissions.actions(token.roles) if viewer is not None else (),
        schools=tuple(records.schools({school for account in own for school in _schools(account)})),
        classes=tuple(records.classes({class_ for account in staff for class_ in account.classes})),
    )


def _account(user: User, proven: AbstractSet[Credential] | None, token: Token, now: datetime) -> Account:
    held = [
        _proved(holding, token, now)
        for holding in credential.held_now(user)
        if proven is None or holding.standing.credential in proven
    ]
    shown = credential.shown_to_oneself(held)
    return Account(user, shown, credential.advice(user, held, shown, Audience.ONESELF))


def _proved(held: Held, token: Token, now: datetime) -> Held:
    """A credential after this sign-in, which proves those alone that the token carries."""
    if token.signed_in_at is None or held.standing.credential not in token.credentials:
        return held
    return replace(held, standing=prove.by_sign_in(held.standing, token.signed_in_at, now))


def _schools(account: User) -> tuple[str, ...]:
    return account.works_at if account.role.is_staff else account.schools
