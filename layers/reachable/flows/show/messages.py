"""Show a user's messages. That somebody looked is kept."""

from datetime import datetime

from reachable.flows import scope
from reachable.flows.show.message import shown
from reachable.model.credential import Credential
from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.message import Message, Shown, read_message_id
from reachable.model.page import Page
from reachable.model.people import User
from reachable.model.viewer import Viewer
from reachable.rules import history as history_rules
from reachable.store import audit
from reachable.store.credentials import holders
from reachable.store.messages import pages


def of_user(user_id: str, viewer: Viewer, now: datetime, *, limit: int, cursor: str | None) -> Page[Shown]:
    """A user's messages, newest first; that they were looked at is kept in the audit.

    Among them what other systems sent to an address that this user shares. 1 Query, and 1 an address; and
    what else is open, where one did not reach them.

    Raises:
        NotFound: no such user in scope.
        Meaningless: the cursor is none of ours.
    """
    found = scope.user_in_scope(user_id, viewer)
    if cursor is not None and (read_message_id(cursor) or ("",))[0] not in _owners(found):
        raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor")
    listed = pages.of_user(user_id, limit + 1, cursor) + _to_addresses(found, limit + 1, cursor)
    newest = pages.newest_first(listed)
    audit.write(audit.AuditRecord(at=now, act=audit.Act.VIEWED_MESSAGES, by=viewer.id, user_id=user_id))
    page = Page.of(newest, limit, lambda message: message.id)
    return Page(tuple(shown(page.items)), page.next_cursor)


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
        until = next((former.until for former in found.former if former.credential == credential), None)
        listed = pages.of_address(credential, limit, cursor, until)
        if listed:
            holding = history_rules.holding(found.id, holders.standing(credential))
            sent += [message for message in listed if holding(message.queued_at)]
    return sent
