"""Whether today's tables would close what a line of the history has closed: a mended dialect frees whom it
wronged.
"""

from collections.abc import Iterable
from enum import StrEnum

from reachable.model.credential import Credential
from reachable.model.history import HistoryItem
from reachable.model.status import AT_ONCE, Block, Lift, TransientBounce
from reachable.rules import event as event_rules
from reachable.rules import status as status_rules
from reachable.rules.event import ReceivedEvent


class Verdict(StrEnum):
    """What today's tables make of what a line was made of."""

    SAME = "same"
    OTHERWISE = "otherwise"
    """They close something else, such as texts alone of a number: nothing is freed, a person has to look."""
    FREE = "free"
    """They close nothing."""


def is_of_a_table(item: HistoryItem) -> bool:
    """Whether a line closes something that a dialect has read from what is kept, and that staff may lift."""
    change = status_rules.change_of(item)
    return (
        isinstance(change, Block | TransientBounce)
        and item.raw is not None
        and Lift.STAFF in status_rules.lifted_by(change.register)
    )


def verdict(credential: Credential, item: HistoryItem, today: Iterable[ReceivedEvent]) -> Verdict:
    """What today's tables make of a line, by all events that they read where it came from.

    The event is found by its name. Where they name it otherwise, whatever they say of the same credential or
    message counts, so that nobody is freed because a name has changed. Where they close another credential by
    it, a person has to look: a forwarded bounce names whom we did not write to.
    """
    listed = list(today)
    same = [event for event in listed if event.hex == item.hex]
    told = same or [event for event in listed if _is_about(event, credential, item)]
    change = status_rules.change_of(item)
    assert isinstance(change, Block | TransientBounce)  # noqa: S101 - `is_of_a_table` has looked
    closed = {
        (event.credential, register)
        for event in told
        if (register := event_rules.register(event.told, AT_ONCE))
    }
    if (credential, str(change.register)) in closed:
        return Verdict.SAME
    return Verdict.OTHERWISE if closed else Verdict.FREE


def _is_about(event: ReceivedEvent, credential: Credential, item: HistoryItem) -> bool:
    id_ = event.told.provider_message_id
    return event.credential == credential or (id_ is not None and id_ == item.provider_message_id)
