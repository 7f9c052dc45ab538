"""Tell at once of what cannot wait for a metric: emergencies that go nowhere, messages parked too long."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from reachable import words
from reachable.aws import FAILURES
from reachable.log import Event, logger
from reachable.model.message import Outgoing
from reachable.queues import alarms
from reachable.store import told_alarms


def emergencies(lost: Iterable[tuple[Outgoing, str]], now: datetime) -> int:
    """Tell of emergencies that were dropped, blocked, refused or are uncertain, by batch and outcome.

    Once a minute for each of the two, since thousands may be blocked in one. Told first and noted then:
    twice is better than never. Gives how many they are, for the metric: where it cannot be told, the metric's
    own alarm does, minutes later.
    """
    counted = Counter((outgoing.batch_id, outcome) for outgoing, outcome in lost)
    for (batch_id, outcome), many in counted.items():
        try:
            if told_alarms.is_told(_name(batch_id, outcome), now):
                continue
            alarms.publish(*words.emergencies_lost(many, outcome, batch_id))
            told_alarms.note(_name(batch_id, outcome), now)
        except FAILURES as failed:
            logger.error(Event.ALARM_NOT_TOLD, error=type(failed).__name__)
    return counted.total()


def _name(batch_id: str | None, outcome: str) -> str:
    return f"emergencies#{batch_id or ''}#{outcome}"


def parked(near_their_end: Mapping[str, int], days: int) -> None:
    """Tell of groups whose parked messages are dropped within some days unless somebody decides.

    Raises:
        botocore's errors: nobody was told.
    """
    if near_their_end:
        alarms.publish(*words.parked_near_their_end(near_their_end, days))
