"""Show what happened to a user's email or phone."""

import base64
import binascii
from dataclasses import replace
from datetime import datetime
from typing import Final

from reachable.flows import scope
from reachable.flows.show import actors
from reachable.model.credential import Credential, CredentialKind
from reachable.model.details import Detail
from reachable.model.errors import Meaningless, NotFound
from reachable.model.history import HistoryItem, Standing
from reachable.model.page import Page
from reachable.model.people import User
from reachable.model.profile import EventShown
from reachable.model.viewer import Viewer
from reachable.rules import disclosure, permissions
from reachable.rules import history as history_rules
from reachable.store import audit
from reachable.store.credentials import history, holders

_HOLDERS_LOOKED_AT: Final = 100


def events(
    user_id: str, kind: CredentialKind, viewer: Viewer, now: datetime, *, limit: int, cursor: str | None
) -> Page[EventShown]:
    """What happened to a user's email or phone, and to former ones while they held them, newest first.

    2 Queries a credential, and 1 BatchGetItem for the names of who did what a page tells, where anybody did.

    Raises:
        NotFound: no such user in scope, or they never had such a credential.
        Meaningless: the cursor is none of ours.
    """
    found = scope.user_in_scope(user_id, viewer)
    held = [
        credential
        for credential in (found.credentials.get(kind), *_formerly(found, kind))
        if credential is not None
    ]
    if not held:
        raise NotFound(Detail.NO_SUCH_CREDENTIAL, kind=kind)
    items = [
        EventShown(credential, item) for credential in held for item in _history(credential, user_id, viewer)
    ]
    items.sort(key=_position, reverse=True)
    if cursor is not None:
        before = _read_cursor(cursor)
        items = [item for item in items if _position(item) < before]
    audit.write(audit.AuditRecord(at=now, act=audit.Act.VIEWED_EVENTS, by=viewer.id, user_id=user_id))
    page = Page.of(items, limit, _cursor)
    names = actors.names(event.item for event in page.items)
    return replace(
        page, items=tuple(replace(event, by_name=actors.name(event.item, names)) for event in page.items)
    )


def _formerly(found: User, kind: CredentialKind) -> list[Credential]:
    return [former.credential for former in found.former if former.credential.kind is kind]


def _history(credential: Credential, user_id: str, viewer: Viewer) -> list[HistoryItem]:
    standing = holders.standing(credential)
    items = history_rules.of_user(history.of(credential), user_id, standing)
    if _knows_all(standing, viewer):
        return items
    return [disclosure.without_words(item) for item in items]


def _knows_all(standing: Standing, viewer: Viewer) -> bool:
    """Whether the viewer may know of all who hold or held it. A BatchGetItem or two where that is open."""
    if permissions.sees_district(viewer):
        return True
    ids = {holder.user_id for holder in standing.holders}
    return len(ids) <= _HOLDERS_LOOKED_AT and len(scope.users_in_scope(ids, viewer)) == len(ids)


def _position(shown: EventShown) -> tuple[str, str]:
    return (shown.item.occurred_at.isoformat(timespec="microseconds"), shown.item.hex)


def _cursor(item: EventShown) -> str:
    return base64.urlsafe_b64encode(" ".join(_position(item)).encode()).decode()


def _read_cursor(cursor: str) -> tuple[str, str]:
    try:
        at, hex_ = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
    except (ValueError, binascii.Error) as problem:
        raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor") from problem
    return (at, hex_)
