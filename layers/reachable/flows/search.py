"""Find people by name. Nothing is told of anybody outside the viewer's scope, not even by counts."""

from datetime import datetime
from uuid import uuid4

from reachable.model.errors import Forbidden
from reachable.model.people import RosterKind
from reachable.model.profile import SummaryPage, SummaryShown
from reachable.model.viewer import Viewer
from reachable.rules import gate, permissions
from reachable.rules.permissions import Action
from reachable.store import audit, credentials, roster


def users(q: str, viewer: Viewer, now: datetime, *, limit: int, cursor: str | None) -> SummaryPage:
    """Users in scope, each word of ``q`` the beginning of one of their names, accents and case aside.

    A Query a school (one for the whole district), and two BatchGetItem for each 100 users found. What was
    looked for is a name, so the audit keeps only that somebody searched, and how many were found.

    Raises:
        Forbidden: the viewer's role does not search.
    """
    if not permissions.may(viewer.roles, Action.SEARCH):
        raise Forbidden("Your role does not search.")
    scope = None if permissions.sees_district(viewer) else frozenset(viewer.user.schools)
    page = roster.search(q.split(), kind=RosterKind.USER, schools=scope, limit=limit, cursor=cursor)
    contacts = roster.contacts(summary.id for summary in page.items)
    statuses = credentials.statuses(c for one in contacts.values() for c in one.credentials.values())
    audit.write(
        audit.Entry(
            id=uuid4().hex,
            at=now,
            act=audit.Act.SEARCHED,
            by=viewer.user.id,
            details={"found": str(len(page.items))},
        )
    )
    return SummaryPage(
        tuple(
            SummaryShown(one, gate.reachable(contacts[one.id], statuses) if one.id in contacts else ())
            for one in page.items
        ),
        page.next_cursor,
    )
