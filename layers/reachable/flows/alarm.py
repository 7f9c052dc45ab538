"""Tell at once of what cannot wait for a metric: emergencies that go nowhere, messages parked too long."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from aws_lambda_powertools.metrics import MetricUnit

from reachable import words
from reachable.aws import FAILURES
from reachable.log import Count, Event, logger, metrics
from reachable.model.message import Outgoing
from reachable.queues import alarms
from reachable.store import told_alarms


def emergencies(lost: Iterable[tuple[Outgoing, str]], now: datetime) -> None:
    """Tell of emergencies that were dropped, blocked, refused or are uncertain, by batch and outcome.

    Once a minute for each of the two, since thousands may be blocked in one. Told first and noted then: twice
    is better than never. Where it cannot be told, a metric's alarm says so minutes later.
    """
    ids: dict[tuple[str | None, str], list[str]] = {}
    for outgoing, outcome in lost:
        ids.setdefault((outgoing.batch_id, outcome), []).append(outgoing.id)
    for (batch_id, outcome), message_ids in ids.items():
        metrics.add_metric(Count.EMERGENCIES_LOST, MetricUnit.Count, len(message_ids))
        try:
            if told_alarms.is_told(_name(batch_id, outcome), now):
                continue
            alarms.publish(*words.emergencies_lost(message_ids, outcome, batch_id))
            told_alarms.note(_name(batch_id, outcome), now)
        except FAILURES as failed:
            metrics.add_metric(Count.ALARMS_NOT_TOLD, MetricUnit.Count, 1)
            logger.error(Event.ALARM_NOT_TOLD, error=type(failed).__name__)


def _name(batch_id: str | None, outcome: str) -> str:
    return f"emergencies#{batch_id or ''}#{outcome}"


def parked(near_their_end: Mapping[str, int], days: int) -> None:
    """Tell of groups whose parked messages are dropped within some days unless somebody decides.

    Raises:
        botocore's errors: nobody was told.
    """
    if near_their_end:
        alarms.publish(*words.parked_near_their_end(near_their_end, days))
