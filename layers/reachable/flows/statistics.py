"""Count what became of messages: after all that blocks, and failing nothing."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from reachable import aws
from reachable.log import Event, logger
from reachable.model.statistics import Counted, Word
from reachable.rules import statistics as statistics_rules
from reachable.rules.statistics import Place
from reachable.store import statistics
from reachable.store.credentials import holders


def count(events: Iterable[Counted], now: datetime) -> None:
    """Add up what was told for the first time, then write a number a name and week, side by side.

    A BatchGetItem for each 100 whose schools count it, half a read unit each, and 1 write unit a name: of a
    provider, a domain, a school, and of a cause where something failed.

    The 50 largest names of each kind and week are written, the rest under no name; the first failure ends it.

    What only counts fails nothing: what was done stays done, and a repeat would add it twice.
    """
    listed = list(events)
    if not listed:
        return
    held = {event.held for event in listed if event.held is not None}
    try:
        schools = holders.schools(held)
    except aws.FAILURES as failed:
        _lost(failed)
        schools = None

    def add(counted: tuple[Place, Counter[Word]]) -> None:
        (by, week, name), numbers = counted
        statistics.count(by, week, name, {word.value: n for word, n in numbers.items()}, now)

    found = statistics_rules.largest(statistics_rules.numbers(listed, schools))
    lost = aws.until_failure(add, found.items())
    if lost is not None:
        _lost(lost)


def _lost(failed: Exception) -> None:
    logger.error(Event.STATISTICS_NOT_COUNTED, error=type(failed).__name__)
