"""Apply a delivery event: write it to the credential's history, then move the credential's status.

History first: should the second write fail, the queue brings the event again, the history item is there
already with the mark that was decided, and the status moves then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reachable.flows import hold, move_message
from reachable.model.credential import Credential
from reachable.model.delivery_event import DIAGNOSTIC_LIMIT, DeliveryEvent, Kind, Permanence
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.status import Block, Change, Lifting
from reachable.rules import message as message_rules
from reachable.rules import status as status_rules
from reachable.store import credentials, dynamodb

_BOUNCES: Final = frozenset({Kind.BOUNCED, Kind.FAILED})


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch of events did, in numbers."""

    events: int = 0
    blocked: int = 0


def events(events_: Iterable[DeliveryEvent], received_at: datetime, raw: str | None = None) -> Applied:
    """Apply each event; applying one twice, or late, gives the same as once and in time.

    ``raw`` names the object that keeps what the provider said.

    Several are applied side by side, in no order: the status does not depend on it. 2 write units a
    bounce, 1 where it moves no register; and 1 or 2 for the message that it is about.
    """
    moved = dynamodb.side_by_side(lambda event: _apply(event, received_at, raw), events_)
    return Applied(len(moved), sum(moved))


def _apply(event: DeliveryEvent, received_at: datetime, raw: str | None) -> bool:
    """Whether it moved a block register. The message first: it may tell whom a bounce blames."""
    message = move_message.by_event(event, received_at)
    if message is not None and event.kind in _BOUNCES and event.permanence is Permanence.PERMANENT:
        hold.count_bounce(message, received_at)
    if event.kind in status_rules.MESSAGE_ONLY:
        return False
    event = message_rules.blamed(event, message)
    credential = Credential.of_event(event.channel, event.address)
    change = status_rules.change(event, received_at)
    decided = credentials.record(credential, _history_item(event, received_at, change, raw))
    if change is None:
        return False
    moved = credentials.move(credential, status_rules.at(change, decided))
    return moved and isinstance(change, Block)


def _history_item(
    event: DeliveryEvent, received_at: datetime, change: Change | None, raw: str | None
) -> HistoryItem:
    return HistoryItem(
        hex=event.hex,
        kind=HistoryKind(event.kind),
        provider=event.provider,
        occurred_at=event.occurred_at or received_at,
        received_at=received_at,
        mark=status_rules.event_mark(event, received_at),
        channel=event.channel,
        permanence=event.permanence,
        cause=event.cause,
        sent_at=event.sent_at,
        event_id=event.event_id,
        provider_message_id=event.provider_message_id,
        provider_code=event.provider_code,
        smtp_status=event.smtp_status,
        diagnostic=event.diagnostic and event.diagnostic[:DIAGNOSTIC_LIMIT],
        metadata=event.metadata,
        moves=None if change is None else credentials.register_name(change),
        raw=raw,
        lift=change.by if isinstance(change, Lifting) else None,
    )
