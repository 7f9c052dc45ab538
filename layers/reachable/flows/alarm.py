"""Tell at once of what cannot wait for a metric: emergencies that go nowhere, messages parked too long, a
provider that does not know our key.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from aws_lambda_powertools.metrics import MetricUnit

from reachable import words
from reachable.aws import FAILURES
from reachable.flows import hold
from reachable.log import Count, Event, logger, metrics
from reachable.model.message import Outgoing
from reachable.queues import alarms
from reachable.store import told_alarms
from reachable.store.told_alarms import Once


def emergencies(lost: Iterable[tuple[Outgoing, str]], now: datetime) -> None:
    """Tell of emergencies that were dropped, blocked, refused, held or are uncertain, by what came of them.

    Once a minute for each outcome, since thousands may be blocked in one. Told first and noted then: twice is
    better than never. Where it cannot be told, a metric's alarm says so minutes later.
    """
    by_outcome: dict[str, list[Outgoing]] = {}
    for outgoing, outcome in lost:
        by_outcome.setdefault(outcome, []).append(outgoing)
    for outcome, those in by_outcome.items():
        metrics.add_metric(Count.EMERGENCIES_LOST, MetricUnit.Count, len(those))
        batch_ids = {outgoing.batch_id for outgoing in those if outgoing.batch_id is not None}
        said = words.emergencies_lost([outgoing.id for outgoing in those], outcome, sorted(batch_ids))
        _tell(outcome, Once.A_MINUTE, said, now)


def list_denied(provider: str, account: str, why: str, now: datetime) -> None:
    """Tell that a provider does not let us at its own list: once an hour, not once an address."""
    metrics.add_metric(Count.LISTS_DENIED, MetricUnit.Count, 1)
    logger.error(Event.LIST_DENIED, provider=provider, account=account, why=why)
    _tell(f"upstream#{provider}#{account}", Once.AN_HOUR, words.list_denied(provider, account, why), now)


def _tell(name: str, once: Once, said: tuple[str, str], now: datetime) -> None:
    if _is_told(name, now, once):
        return
    try:
        alarms.publish(*said)
    except FAILURES as failed:
        metrics.add_metric(Count.ALARMS_NOT_TOLD, MetricUnit.Count, 1)
        logger.error(Event.ALARM_NOT_TOLD, error=type(failed).__name__)
    else:
        _note(name, now, once)


def _is_told(name: str, now: datetime, once: Once) -> bool:
    """Where nobody can say, it is not."""
    try:
        return told_alarms.is_told(name, now, once)
    except FAILURES as failed:
        logger.error(Event.ALARM_NOT_NOTED, error=type(failed).__name__)
        return False


def _note(name: str, now: datetime, once: Once) -> None:
    try:
        told_alarms.note(name, now, once)
    except FAILURES as failed:
        logger.error(Event.ALARM_NOT_NOTED, error=type(failed).__name__)


def parked(near_their_end: Mapping[str, int], days: int) -> None:
    """Tell of groups whose parked messages are dropped within some days unless somebody decides.

    Raises:
        botocore's errors: nobody was told.
    """
    named: Counter[str] = Counter()
    for group, many in near_their_end.items():
        named[hold.named(group)] += many
    if named:
        alarms.publish(*words.parked_near_their_end(named, days))
