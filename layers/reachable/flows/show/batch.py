"""Show a batch, sender, receiving domain or all: whether it is held, why, its counts; and its messages."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from reachable.flows.show.message import shown
from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.group import Group, Hold, HoldState
from reachable.model.message import Message, MessageStatus, Shown, read_message_id
from reachable.model.page import Page
from reachable.model.viewer import Viewer
from reachable.rules import hold as hold_rules
from reachable.store import audit, groups
from reachable.store.messages import batches, record

_AT_ONCE: Final = 100
"""By one Query and one BatchGetItem."""
_LOOKED_THROUGH: Final = 1_000
"""Messages of a batch at most for one answer, where few have the status that is asked for."""


def batch(group: str, viewer: Viewer, now: datetime) -> Group:
    """A batch, sender, domain or all: whether it is held, and its counts. As `groups.shown`, and the audit.

    Raises:
        NotFound: nothing is known of such a one.
    """
    found = groups.shown(group)
    audit.write(audit.AuditRecord(at=now, act=audit.Act.VIEWED_BATCH, by=viewer.id, details={"batch": group}))
    return found


def held(viewer: Viewer, now: datetime, *, limit: int, cursor: str | None) -> Page[tuple[str, Hold]]:
    """What is held now, the longest held first. 1 Query, and the audit.

    Raises:
        Meaningless: the cursor is none of ours.
    """
    found = [(group, hold) for group, hold in groups.holds() if hold.state is HoldState.HELD]
    found.sort(key=lambda pair: (pair[1].at, pair[1].id))
    if cursor is not None:
        places = [place for place, (_, hold) in enumerate(found, 1) if hold.id == cursor]
        if not places:
            raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor")
        found = found[places[0] :]
    page = Page.of(found, limit, lambda pair: pair[1].id)
    ids = [group for group, _ in page.items]
    audit.write(audit.AuditRecord(at=now, act=audit.Act.LISTED_BATCHES, by=viewer.id, shown=ids))
    return page


def messages(
    batch_id: str,
    statuses: Collection[MessageStatus],
    viewer: Viewer,
    now: datetime,
    *,
    since: datetime | None,
    limit: int,
    cursor: str | None,
) -> Page[Shown]:
    """Messages of a batch that have one of these statuses (none: any), and came to it since then.

    Of who was not reached with what else is open. In the order of their ids; up to 1,000 are looked through,
    so that a page may be empty although there is more. A Query and a BatchGetItem for each 100.

    Raises:
        Meaningless: the cursor is none of ours.
    """
    if cursor is not None and read_message_id(cursor) is None:
        raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor")
    found: list[Message] = []
    # A sender or a domain has no list of messages, and counts of before lie where it would be.
    after, more, looked_through = cursor, hold_rules.is_batch_id(batch_id), 0
    while more and len(found) < limit and looked_through < _LOOKED_THROUGH:
        ids, more = batches.page(batch_id, _AT_ONCE, after)
        by_id = {message.id: message for message in record.several(ids)}
        for place, id_ in enumerate(ids, 1):
            after, looked_through = id_, looked_through + 1
            message = by_id.get(id_)
            if message is not None and _is_wanted(message, statuses, since):
                found.append(message)
            if len(found) == limit:
                more = more or place < len(ids)
                break
    page = Page(tuple(shown(found)), after if more else None)
    entry = audit.AuditRecord(
        at=now,
        act=audit.Act.SEARCHED_MESSAGES,
        by=viewer.id,
        details={"batch": batch_id},
        shown=[message.id for message in found],
    )
    audit.write(entry)
    return page


def _is_wanted(message: Message, statuses: Collection[MessageStatus], since: datetime | None) -> bool:
    if statuses and message.status not in statuses:
        return False
    return since is None or message.at[message.status] >= since
