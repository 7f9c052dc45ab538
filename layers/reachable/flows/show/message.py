"""Show a message, and those of which nobody knows whether they went out. That somebody looked is kept."""

from collections.abc import Sequence
from datetime import datetime

from reachable.flows import check
from reachable.model.message import UNREACHED, Message, Shown
from reachable.model.page import Page
from reachable.model.send import Recipient
from reachable.model.viewer import Viewer
from reachable.store import audit
from reachable.store.messages import record, uncertain_messages


def shown(messages: Sequence[Message]) -> list[Shown]:
    """These, with what else is open. What `check.recipients` costs, of those who were not reached."""
    wanted = [message for message in messages if message.status in UNREACHED and message.user_id is not None]
    verdicts = check.recipients([Recipient(user_id=message.user_id) for message in wanted])
    others = {
        message.id: tuple(each for each in verdict.alternatives if each.channel is not message.channel)
        for message, verdict in zip(wanted, verdicts, strict=True)
    }
    return [Shown(message, others.get(message.id, ())) for message in messages]


def message(message_id: str, viewer: Viewer, now: datetime) -> Shown:
    """A message and what became of it. 1 read unit, and the audit; as `shown`.

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
    return shown([found])[0]


def uncertain(
    viewer: Viewer, now: datetime, *, since: datetime | None, limit: int, cursor: str | None
) -> Page[Shown]:
    """Messages of which nobody knows whether they went out, the oldest first. 1 Query, 1 BatchGetItem."""
    found, next_cursor = uncertain_messages.page(since, limit, cursor)
    ids = [message.id for message in found]
    audit.write(audit.AuditRecord(at=now, act=audit.Act.SEARCHED_MESSAGES, by=viewer.id, shown=ids))
    return Page(tuple(shown(found)), next_cursor)
