"""Which blocks end by their age (`BlockExpiryDays`), and on which days' lists they are looked for.

An old bounce says little of today's mailbox. What a person or a provider's own list says does not age.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from reachable.model.delivery_event import EventHex
from reachable.model.history import HistoryItem
from reachable.model.status import Ground, Lift, Lifting, Status
from reachable.rules import history as history_rules
from reachable.rules import status as status_rules

EXPIRES: Final = frozenset({Ground.BOUNCE, Ground.MANUAL})
"""The grounds that end by age; both are lifted as staff lift them."""
EACH_HOUR: Final = timedelta(days=7)
"""The newest of the days that are old enough, which are gone through each hour; the others once a day."""
_HOURS: Final = 24


def days_due(days: Iterable[date], before: datetime, hour: datetime) -> list[date]:
    """The days whose lists an hour's run goes through, the oldest first, of those on which may stand what
    occurred ``before``.

    On an old day stands, year for year, what does not expire. So of those each hour of a day has a
    twenty-fourth, and nothing has to be kept of how far the last run came.
    """
    last, turn = before.astimezone(UTC).date(), hour.astimezone(UTC).hour
    return sorted(
        day for day in days if day <= last and (last - day < EACH_HOUR or day.toordinal() % _HOURS == turn)
    )


def may_expire(status: Status) -> bool:
    """Whether anything is in force that ends by age, once it is old enough."""
    grounds = {block.register.ground for block in status_rules.blocks(status)}
    return bool(grounds & EXPIRES) and Ground.SUPPRESSED not in grounds


def lifting(status: Status, items: Mapping[EventHex, HistoryItem], before: datetime) -> Lifting | None:
    """What lifts all that occurred ``before`` and ends by age; None where nothing is lifted yet.

    The mark is the newest of theirs, never now: what is about a later message closes, however late it comes.
    A lift opens all up to its mark. So where something younger has an earlier mark, such as a bounce that was
    told late, nothing is lifted until that is old enough, too. Nor where a provider's own list refuses: it is
    asked to release after every lift, and what it lets go nobody has decided.

    ``items`` tell when the blocks in force occurred.
    """
    if not may_expire(status):
        return None
    in_force = status_rules.blocks(status)
    expired = [
        block
        for block in in_force
        if block.register.ground in EXPIRES and history_rules.occurred_at(block, items) < before
    ]
    if not expired:
        return None
    newest = max(block.at for block in expired)
    younger = [block for block in in_force if block.register.ground in EXPIRES and block not in expired]
    if any(block.at <= newest for block in younger):
        return None
    return Lifting(Lift.STAFF, newest)
