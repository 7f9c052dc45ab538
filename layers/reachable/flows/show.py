"""Show users, their credentials and what happened to them, as far as the viewer may see it."""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final
from uuid import uuid4

from reachable.flows import recognise, scope
from reachable.model.credential import Credential, CredentialKind
from reachable.model.details import Detail
from reachable.model.errors import Forbidden, Meaningless, NotFound
from reachable.model.guidance import Guidance
from reachable.model.history import HistoryItem, Standing
from reachable.model.message import LastMessage, Message, read_message_id
from reachable.model.people import FormerCredential, Holder, Named, User
from reachable.model.profile import (
    Account,
    BlockShown,
    CredentialShown,
    EventShown,
    GuardianShown,
    HistoryPage,
    Me,
    MessagePage,
    StudentShown,
    UserShown,
)
from reachable.model.status import Block, Status, hex_of, time_of
from reachable.model.viewer import Token, Viewer
from reachable.rules import gate, permissions
from reachable.rules import guidance as guidance_rules
from reachable.rules import history as history_rules
from reachable.rules import status as status_rules
from reachable.rules.guidance import Evidence
from reachable.rules.permissions import Action
from reachable.store import audit
from reachable.store.credentials import history, holders, registers
from reachable.store.messages import last_messages, pages
from reachable.store.roster import reach, records

HOLDERS_SHOWN: Final = 25


def user(user_id: str, viewer: Viewer, now: datetime) -> UserShown:
    """A user's profile; that it was looked at is kept in the audit.

    A BatchGetItem for the user, a Query a credential, former ones too, one for the messages, half a read
    unit a block, 2 write units; where the viewer does not see the whole district, a BatchGetItem more for
    students and those who share.

    Raises:
        NotFound: there is no such user, or none in the viewer's scope.
    """
    found, linked = scope.in_scope(user_id, viewer)
    standings = [holders.standing(credential) for credential in found.credentials.values()]
    students = tuple(link for link in found.students if scope.is_visible(link, linked, viewer))
    schools = permissions.visible_schools(viewer, found.schools)
    last = _last_messages(found, standings, viewer)
    shown = tuple(
        replace(one, last_message=last.get(one.credential))
        for one in (
            *(_credential(found, standing, viewer) for standing in standings),
            *(_former(found, one, viewer) for one in found.former),
        )
    )
    extended = permissions.may(viewer.roles, Action.EXTENDED)
    hidden = {
        "students": len(students) < len(found.students),
        "schools": len(schools) < len(found.schools),
        "credentials/holders": any(credential.other_holders for credential in shown),
        "credentials/blocks": not extended,
        "credentials/last_message": not extended,
    }
    _audit(audit.Act.VIEWED, viewer, now, user_id)
    return UserShown(
        user=found,
        schools=tuple(records.schools(schools)),
        students=students,
        credentials=shown,
        guidance=tuple(_guidance(found, shown)),
        actions=permissions.actions_on_a_user(viewer.roles, found.account_status),
        hidden=tuple(name for name, left_out in hidden.items() if left_out),
        etag=status_rules.etag(standings),
    )


def student(student_id: str, viewer: Viewer, now: datetime) -> StudentShown:
    """A student's profile: guardians and whether each can be reached. The view is kept in the audit.

    1 Query for the student, and a BatchGetItem each for guardians, statuses, schools and classes.

    Raises:
        NotFound: there is no such student, or none in the viewer's scope.
    """
    found = records.student(student_id)
    if found is None or not permissions.student_in_scope(viewer, found):
        raise NotFound(Detail.NO_SUCH_STUDENT)
    schools = permissions.visible_schools(viewer, found.schools)
    classes = permissions.visible_classes(viewer, records.classes(found.classes))
    hidden = {
        "schools": len(schools) < len(found.schools),
        "classes": len(classes) < len(found.classes),
    }
    contacts = reach.contacts(link.id for link in found.guardians)
    statuses = registers.statuses(c for one in contacts.values() for c in one.credentials.values())
    _audit(audit.Act.VIEWED, viewer, now, student_id)
    return StudentShown(
        student=found,
        guardians=tuple(
            GuardianShown(link, contact.account_status, gate.reachable(contact, statuses))
            for link in found.guardians
            if (contact := contacts.get(link.id)) is not None
        ),
        schools=tuple(records.schools(schools)),
        classes=classes,
        hidden=tuple(name for name, left_out in hidden.items() if left_out),
    )


def events(
    user_id: str, kind: CredentialKind, viewer: Viewer, now: datetime, *, limit: int, cursor: str | None
) -> HistoryPage:
    """What happened to a user's email or phone, and to former ones while they held them, newest first.

    2 Queries a credential.

    Raises:
        Forbidden: the viewer has not the extended permission.
        NotFound: no such user in scope, or they never had such a credential.
        Meaningless: the cursor is none of ours.
    """
    if not permissions.may(viewer.roles, Action.EXTENDED):
        raise Forbidden(Detail.MAY_NOT_SEE_HISTORY)
    found = scope.user_in_scope(user_id, viewer)
    held = [one for one in (found.credentials.get(kind), *_formerly(found, kind)) if one is not None]
    if not held:
        raise NotFound(Detail.NO_SUCH_CREDENTIAL, kind=kind)
    items = [EventShown(credential, item) for credential in held for item in _history(credential, user_id)]
    items.sort(key=_position, reverse=True)
    if cursor is not None:
        before = _read_cursor(cursor)
        items = [item for item in items if _position(item) < before]
    _audit(audit.Act.VIEWED_EVENTS, viewer, now, user_id)
    page = tuple(items[:limit])
    return HistoryPage(page, _cursor(page[-1]) if len(items) > limit else None)


def _formerly(found: User, kind: CredentialKind) -> list[Credential]:
    return [one.credential for one in found.former if one.credential.kind is kind]


def _history(credential: Credential, user_id: str) -> list[HistoryItem]:
    return history_rules.of_user(history.of(credential), user_id, holders.standing(credential))


def messages_of(
    user_id: str, viewer: Viewer, now: datetime, *, limit: int, cursor: str | None
) -> MessagePage:
    """A user's messages, newest first; that they were looked at is kept in the audit.

    Among them what other systems sent to an address that this user shares. 1 Query, and 1 an address.

    Raises:
        Forbidden: the viewer has not the extended permission.
        NotFound: no such user in scope.
        Meaningless: the cursor is none of ours.
    """
    if not permissions.may(viewer.roles, Action.EXTENDED):
        raise Forbidden(Detail.MAY_NOT_SEE_MESSAGES)
    found = scope.user_in_scope(user_id, viewer)
    if cursor is not None and (read_message_id(cursor) or ("",))[0] not in _owners(found):
        raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor")
    listed = pages.of_user(user_id, limit + 1, cursor) + _to_addresses(found, limit + 1, cursor)
    newest = pages.newest_first(listed)[: limit + 1]
    _audit(audit.Act.VIEWED_MESSAGES, viewer, now, user_id)
    return MessagePage(tuple(newest[:limit]), newest[limit - 1].id if len(newest) > limit else None)


def _held(found: User) -> list[Credential]:
    """The credentials that a user has, and those that they had."""
    return [*found.credentials.values(), *(former.credential for former in found.former)]


def _owners(found: User) -> set[str]:
    """To whom the messages belong that a user sees: themselves, and addresses that they share."""
    return {found.id, *(credential.digest for credential in _held(found))}


def _to_addresses(found: User, limit: int, cursor: str | None) -> list[Message]:
    """What other systems sent to addresses that this user shares or shared, while they held them."""
    sent: list[Message] = []
    for credential in _held(found):
        until = next((one.until for one in found.former if one.credential == credential), None)
        listed = pages.of_address(credential, limit, cursor, until)
        if listed:
            holding = history_rules.holding(found.id, holders.standing(credential))
            sent += [message for message in listed if holding(message.queued_at)]
    return sent


def _last_messages(
    found: User, standings: Sequence[Standing], viewer: Viewer
) -> dict[Credential, LastMessage]:
    """The newest message to each credential; of what went to the address, while this user held it."""
    if not permissions.may(viewer.roles, Action.EXTENDED):
        return {}
    held = {standing.credential: history_rules.holding(found.id, standing) for standing in standings}
    held |= {one.credential: partial(_held_formerly, one) for one in found.former}
    return {
        credential: last
        for credential, last in last_messages.of_user(found.id, held)
        if not last.to_address or held[credential](last.sent_at)
    }


def _held_formerly(former: FormerCredential, at: datetime) -> bool:
    return former.since <= at < former.until


def me(token: Token) -> Me:
    """Who is signed in. A token that proves no account gives none; changes nothing."""
    own = recognise.accounts(token)
    staff = [account for account in own if account.role.is_staff]
    return Me(
        accounts=tuple(
            Account(account, tuple(_own_credential(account, c) for c in account.credentials.values()))
            for account in own
        ),
        roles=tuple(sorted(token.roles)),
        actions=permissions.actions(token.roles) if staff else (),
        schools=tuple(records.schools({school for account in own for school in _schools(account)})),
        classes=tuple(records.classes({class_ for account in staff for class_ in account.classes})),
    )


def _schools(account: User) -> tuple[str, ...]:
    return account.works_at if account.role.is_staff else account.schools


def _audit(act: audit.Act, viewer: Viewer, now: datetime, user_id: str | None = None) -> None:
    audit.write(audit.Entry(id=uuid4().hex, at=now, act=act, by=viewer.id, user_id=user_id))


def _credential(found: User, standing: Standing, viewer: Viewer) -> CredentialShown:
    others = [holder for holder in standing.current if holder.user_id != found.id]
    visible = _visible_holders(others[:HOLDERS_SHOWN], viewer)
    kind = standing.credential.kind
    return CredentialShown(
        credential=standing.credential,
        typed=found.typed.get(kind, standing.credential.address),
        status=standing.status,
        open=status_rules.open_channels(kind, standing.status),
        shared=bool(others),
        holders=tuple(Named(holder.user_id, holder.name, holder.sourced_id) for holder in visible),
        other_holders=len(others) - len(visible),
        held_since=_held_since(found, standing),
        newest=_newest(standing.status),
        inherited=history_rules.held_from(found.id, standing) is not None,
        blocks=_blocks(found, standing, viewer),
    )


def _former(found: User, former: FormerCredential, viewer: Viewer) -> CredentialShown:
    kind = former.credential.kind
    standing = holders.standing(former.credential)
    standing = replace(standing, status=history_rules.status_of_user(found.id, standing))
    return CredentialShown(
        credential=former.credential,
        typed=former.typed,
        status=standing.status,
        open=status_rules.open_channels(kind, standing.status),
        shared=False,
        holders=(),
        other_holders=0,
        held_since=former.since,
        held_until=former.until,
        newest=_newest(standing.status),
        blocks=_blocks(found, standing, viewer),
    )


def _visible_holders(holders: Sequence[Holder], viewer: Viewer) -> list[Holder]:
    if permissions.sees_district(viewer) or not holders:
        return list(holders)
    seen = {one.id for one in scope.users_in_scope((holder.user_id for holder in holders), viewer)}
    return [one for one in holders if one.user_id in seen]


def _own_credential(account: User, credential: Credential) -> CredentialShown:
    standing = holders.standing(credential)
    others = [holder for holder in standing.current if holder.user_id != account.id]
    return CredentialShown(
        credential=credential,
        typed=account.typed.get(credential.kind, credential.address),
        status=standing.status,
        open=status_rules.open_channels(credential.kind, standing.status),
        shared=bool(others),
        holders=(),
        other_holders=len(others),
        held_since=_held_since(account, standing),
        newest=_newest(standing.status),
    )


def _guidance(found: User, shown: Iterable[CredentialShown]) -> list[Guidance]:
    return guidance_rules.of_user(
        found.account_status,
        (
            Evidence(
                one.credential.kind,
                one.status,
                one.shared,
                one.held_since,
                inherited=one.inherited,
                former=one.former,
                last_message=one.last_message,
            )
            for one in shown
        ),
    )


def _held_since(found: User, standing: Standing) -> datetime | None:
    return next((holder.since for holder in standing.holders if holder.user_id == found.id), None)


def _newest(status: Status) -> Block | None:
    return next(iter(status_rules.blocks(status)), None)


def _blocks(found: User, standing: Standing, viewer: Viewer) -> tuple[BlockShown, ...] | None:
    """All in force; of those that are lifted, and of what was said to them, what this user's time brought."""
    if not permissions.may(viewer.roles, Action.EXTENDED):
        return None
    status = standing.status
    if not status.blocked:
        return ()
    held = history_rules.holding(found.id, standing)
    newest_first = sorted(status.blocked, key=lambda block: block.at, reverse=True)
    items = history.items(standing.credential, (hex_of(b.at) for b in newest_first))
    shown: list[BlockShown] = []
    for block in newest_first:
        item, lifting = items.get(hex_of(block.at)), status_rules.lift_of(block, status)
        own = held(item.occurred_at if item is not None else time_of(block.at))
        if own or lifting is None:
            shown.append(BlockShown(block, item if own else None, lifting))
    return tuple(shown)


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
