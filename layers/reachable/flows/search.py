"""Find people: by name, by a full address, by school, class, role or standing.

Nothing is told of anybody outside the viewer's scope, not even by counts: who is out of scope is never read.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import uuid4

from reachable import settings
from reachable.flows import scope
from reachable.model import addresses
from reachable.model.credential import Credential
from reachable.model.details import Detail
from reachable.model.errors import Forbidden, InvalidAddress, Meaningless
from reachable.model.people import RosterKind, School, SchoolClass
from reachable.model.profile import SummaryPage, SummaryShown
from reachable.model.search import Page, Summary, Wish
from reachable.model.status import CredentialStatus
from reachable.model.viewer import TokenRole, Viewer
from reachable.rules import gate, permissions
from reachable.rules import status as status_rules
from reachable.rules.permissions import Action
from reachable.store import audit
from reachable.store.credentials import holders, registers
from reachable.store.roster import reach, records, search

_REGION: Final = settings.text("DEFAULT_REGION")
_PAGES: Final = 20
"""Parts of the list that one call looks through for a status; then it answers what it has, with a cursor."""
_LIKE_A_PHONE: Final = re.compile(r"[+(]?\d[\d\s().+-]{5,}")


def people(wish: Wish, viewer: Viewer, now: datetime) -> SummaryPage:
    """Those in scope who fit. What was typed is personal, so the audit keeps only how it was looked for.

    A Query a school or class (one for the whole district by name), and two BatchGetItem for each 100 found.

    Raises:
        Forbidden: the viewer's role does not search.
        Meaningless: it asks for everybody, or the cursor is none of ours.
    """
    if not permissions.may(viewer.roles, Action.SEARCH):
        raise Forbidden(Detail.MAY_NOT_SEARCH)
    if not wish.narrows:
        raise Meaningless(Detail.NOBODY_TO_LOOK_FOR, "/q")
    address = _address(wish.q) if wish.kind is RosterKind.USER else None
    found = _holders(address, wish, viewer) if address is not None else _by_name(wish, viewer)
    details = {"by": "address" if address is not None else "name", "found": str(len(found.items))}
    audit.write(audit.Entry(id=uuid4().hex, at=now, act=audit.Act.SEARCHED, by=viewer.id, details=details))
    return found


def schools(viewer: Viewer) -> list[School]:
    """The schools that the viewer may know of, by name."""
    return records.all_schools() if permissions.sees_district(viewer) else records.schools(viewer.schools)


def classes(school_id: str, viewer: Viewer) -> tuple[SchoolClass, ...]:
    """The classes of a school that the viewer may know of, by title."""
    if not permissions.visible_schools(viewer, [school_id]):
        return ()
    return permissions.visible_classes(viewer, records.classes_of(school_id))


def _address(q: str) -> Credential | None:
    """The credential that was typed, if it is one: nobody's name has an @ or seven digits."""
    try:
        if "@" in q:
            return addresses.email(q)
        return addresses.phone(q, _REGION) if _LIKE_A_PHONE.fullmatch(q.strip()) else None
    except InvalidAddress:
        return None


def _holders(address: Credential, wish: Wish, viewer: Viewer) -> SummaryPage:
    current = holders.standing(address).current[: wish.limit]
    users = scope.users_in_scope((holder.user_id for holder in current), viewer)
    summaries = [
        Summary(
            kind=RosterKind.USER,
            id=user.id,
            sourced_id=user.sourced_id,
            name=user.name,
            role=user.role,
            account_status=user.account_status,
        )
        for user in users
        if wish.role in {None, user.role}
        and wish.account_status in {None, user.account_status}
        and (wish.school is None or wish.school in user.schools)
    ]
    return SummaryPage(tuple(one for one in _shown(summaries) if _fits(one, wish)), None)


def _by_name(wish: Wish, viewer: Viewer) -> SummaryPage:
    fetch = _fetch(wish, viewer)
    items: list[SummaryShown] = []
    cursor = wish.cursor
    for _ in range(_PAGES):
        page = fetch(limit=wish.limit - len(items), cursor=cursor)
        items += (one for one in _shown(page.items) if _fits(one, wish))
        cursor = page.next_cursor
        if cursor is None or len(items) == wish.limit:
            break
    return SummaryPage(tuple(items), cursor)


def _fetch(wish: Wish, viewer: Viewer) -> Callable[..., Page]:
    """Where to look: never further than the viewer may see."""
    by_school = permissions.sees_district(viewer) or TokenRole.SCHOOL_STAFF in viewer.roles
    look: Callable[..., Page]
    if by_school and wish.class_ is None:
        scope = None if permissions.sees_district(viewer) else viewer.schools
        if wish.school is not None:
            scope = frozenset(permissions.visible_schools(viewer, [wish.school]))
        look = partial(search.by_name, schools=scope)
    else:
        asked = viewer.classes if wish.class_ is None else {wish.class_}
        seen = permissions.visible_classes(viewer, records.classes(asked))
        look = partial(search.in_classes, classes=[c.id for c in seen if wish.school in {None, c.school}])
    return partial(look, wish.q.split(), kind=wish.kind, role=wish.role, account_status=wish.account_status)


def _shown(summaries: Sequence[Summary]) -> list[SummaryShown]:
    contacts = reach.contacts(one.id for one in summaries if one.kind is RosterKind.USER)
    statuses = registers.statuses(c for one in contacts.values() for c in one.credentials.values())
    return [
        SummaryShown(
            one,
            gate.reachable(contacts[one.id], statuses) if one.id in contacts else (),
            bad=one.id in contacts
            and any(status_rules.blocks(statuses[c]) for c in contacts[one.id].credentials.values()),
        )
        for one in summaries
    ]


def _fits(one: SummaryShown, wish: Wish) -> bool:
    return wish.status is None or one.bad is (wish.status is CredentialStatus.BAD)
