"""Lift what has closed a credential for longer than `BlockExpiryDays`, as a reset by staff lifts it.

History, status and audit are one transaction, on condition that the status is as it was read. So two runs at
once, or the same one twice, lift once; and what comes in between is for the next run to judge.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import batched, chain
from typing import Final

from reachable import aws, settings
from reachable.flows import bulk_act
from reachable.log import Event, logger
from reachable.model.credential import Credential
from reachable.model.delivery_event import OURS, event_hex
from reachable.model.errors import Changed
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.status import Lifting, hex_of, register_name
from reachable.rules import expiry
from reachable.rules import status as status_rules
from reachable.store import audit
from reachable.store.credentials import history, holders, registers
from reachable.store.roster import bad_lists

AGE: Final = timedelta(days=settings.typed("BLOCK_EXPIRY_DAYS", int))
"""Older than that is what expires."""
MOST: Final = 2_000
"""Credentials in one run: each is asked for at its provider, too, and mail goes out to it again."""
BY: Final = "system:block_expiry"
"""Who did it, in the history and in the audit."""
NOTE: Final = "Older than BlockExpiryDays."
_AT_ONCE: Final = 100
"""Statuses a request."""


@dataclass(frozen=True, slots=True)
class Expired:
    """What became of credentials in a run: of so many blocks were lifted, of so many that failed."""

    lifted: int = 0
    failed: int = 0


def run(now: datetime, hour: datetime, may_go_on: Callable[[], bool], most: int = MOST) -> Expired:
    """Lift the blocks that are old enough, the oldest days' first, until ``most`` or it may not go on.

    ``hour``: for which hour, however late it comes; it says which of the old days are gone through.

    1 Query, 10 for each day and a read unit for each credential there; of one that may expire a Query more
    and a read unit a block, and 2 write units for each of some four items where it does.

    Raises:
        Unavailable: the lists, or the statuses of some, could not be read.
    """
    before = now - AGE
    lifted = failed = 0
    for some in batched(_listed(before, hour), _AT_ONCE, strict=False):
        if lifted >= most or not may_go_on():
            break
        statuses = registers.statuses(some)
        old = sorted(credential for credential, status in statuses.items() if expiry.may_expire(status))
        for result in aws.settled(partial(_expire, before, now), old[: most - lifted]):
            if isinstance(result, Exception):
                failed += 1
                _note(result)
            else:
                lifted += result
    return Expired(lifted, failed)


def _listed(before: datetime, hour: datetime) -> Iterator[Credential]:
    """Whom the lists name of the days that are due, some of them good by now, and some twice."""
    days = expiry.days_due(bad_lists.days(), before, hour)
    return chain.from_iterable(map(bad_lists.of_day, days))


def _expire(before: datetime, now: datetime, credential: Credential) -> bool:
    """Whether anything was lifted."""
    standing = holders.standing(credential)
    hexes = [hex_of(block.at) for block in status_rules.blocks(standing.status)]
    items = history.items(credential, hexes, consistent=True)
    lifting = expiry.lifting(standing.status, items, before)
    if lifting is None:
        return False
    item = _item(credential, lifting, now)
    try:
        bulk_act.write(standing, item, audit.Act.RESET)
    except Changed:
        return False
    return True


def _item(credential: Credential, lifting: Lifting, now: datetime) -> HistoryItem:
    """Two runs write the same line: a mark is lifted once."""
    return HistoryItem(
        hex=event_hex(OURS, f"{BY} {credential} {lifting.at}"),
        kind=HistoryKind.RESET,
        provider=OURS,
        occurred_at=now,
        received_at=now,
        mark=lifting.at,
        moves=register_name(lifting),
        lift=lifting.by,
        by=BY,
        note=NOTE,
    )


def _note(failed: Exception) -> None:
    code = aws.code_of(failed)
    logger.error(Event.BLOCK_NOT_EXPIRED, error=type(failed).__name__, code=code)
