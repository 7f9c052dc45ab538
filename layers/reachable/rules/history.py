"""When a block occurred, and which part of a history is a user's: that of the time in which they held it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from reachable.model.delivery_event import EventHex
from reachable.model.history import HistoryItem, Standing
from reachable.model.status import Block, Status, hex_of, time_of


def occurred_at(block: Block, items: Mapping[EventHex, HistoryItem]) -> datetime:
    """When what blocks occurred, as its history item tells; without that one, the time of its mark.

    A mark may lie weeks before, when the message was sent.
    """
    item = items.get(hex_of(block.at))
    return first_at(item) if item is not None else time_of(block.at)


def first_at(item: HistoryItem) -> datetime:
    """When what an item tells occurred; of what an undo has closed again, when it closed at first."""
    return item.first_at or item.occurred_at


def held_from(user_id: str, standing: Standing) -> datetime | None:
    """From when the history is this user's; None: from its beginning.

    The roster tells since when we know of a holding, not since when it is. So what came before the first
    holder that we know of is that holder's, since it can be nobody else's whom we know.
    """
    own = next((holder for holder in standing.holders if holder.user_id == user_id), None)
    if own is None:
        return None
    first = min(holder.since for holder in standing.holders)
    return None if own.since == first else own.since


def of_user(items: Iterable[HistoryItem], user_id: str, standing: Standing) -> list[HistoryItem]:
    """The items that occurred while this user held the credential, in the order given.

    What an undo has closed again is of who held it when it closed at first.
    """
    held = holding(user_id, standing)
    return [item for item in items if held(first_at(item))]


def status_of_user(user_id: str, standing: Standing) -> Status:
    """The status without the blocks from before or after this user held the credential."""
    held = holding(user_id, standing)
    status = standing.status
    return replace(
        status,
        blocked=tuple(block for block in status.blocked if held(time_of(block.at))),
        transient={
            reach: tuple(bounce for bounce in bounces if held(time_of(bounce.at)))
            for reach, bounces in status.transient.items()
        },
    )


def holding(user_id: str, standing: Standing) -> Callable[[datetime], bool]:
    """Whether this user held the credential at a time."""
    own = next((holder for holder in standing.holders if holder.user_id == user_id), None)
    if own is None:
        return lambda _: False
    since, until = held_from(user_id, standing), own.until
    return lambda at: (since is None or at >= since) and (until is None or at < until)
