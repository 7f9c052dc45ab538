"""Show a message, and those of which nobody knows whether they went out. That somebody looked is kept."""

from datetime import datetime

from reachable.model.message import Message
from reachable.model.page import Page
from reachable.model.viewer import Viewer
from reachable.store import audit
from reachable.store.messages import record, uncertain_messages


def message(message_id: str, viewer: Viewer, now: datetime) -> Message:
    """A message and what became of it. 1 read unit, and the audit.

    Raises:
        NotFound: there is none.
    """
    found = record.get(message_id)
    entry = audit.AuditRecord(
        at=now,
        act=audit.Act.VIEWED_MESSAGE,
        by=viewer.id,
        user_id=found.user_id,
        details={"message": message_id},
    )
    audit.write(entry)
    return found


def uncertain(
    viewer: Viewer, now: datetime, *, since: datetime | None, limit: int, cursor: str | None
) -> Page[Message]:
    """Messages of which nobody knows whether they went out, the oldest first. 1 Query and a BatchGetItem."""
    found, next_cursor = uncertain_messages.page(since, limit, cursor)
    shown = [message.id for message in found]
    audit.write(audit.AuditRecord(at=now, act=audit.Act.SEARCHED_MESSAGES, by=viewer.id, shown=shown))
    return Page(tuple(found), next_cursor)
