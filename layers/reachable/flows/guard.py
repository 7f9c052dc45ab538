"""Watch for shares of bounces that leap, and tell of them at once; after all that blocks, failing nothing.

Nothing is held, and nothing is reset: somebody looks. What is told is a saved incident and an alarm.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final

from aws_lambda_powertools.metrics import MetricUnit

from reachable import aws, words
from reachable.log import Count, Event, logger, metrics
from reachable.model.group import Tally
from reachable.model.guard import Cells, Leap, Open, Past, Place, begins
from reachable.model.incident import Incident, IncidentState
from reachable.model.statistics import By, Counted, Word
from reachable.queues import alarms
from reachable.rules import guard as guard_rules
from reachable.rules import statistics as statistics_rules
from reachable.rules.guard import Watched
from reachable.store import guard, statistics
from reachable.store.runs import ids, incidents

_BY: Final = "system:guard"
_WEEKLY: Final = "guard"
"""By what the statistics count what bounced for good, week by week. No answer shows it."""
_BOUNCED: Final = "bounced"
_MOST_PASTS: Final = 1_000

_told: Final[list[Open]] = []
"""The leaps of which this process knows that they are told."""
_pasts: Final[dict[tuple[Place, str], Past]] = {}
"""The weeks before a week, which change no more."""


def watch(events: Iterable[Counted], now: datetime) -> None:
    """Count what was told for the first time by half minutes, and tell where a share leaps.

    1 or 2 write units for each receiving domain and provider account, and for each code and again for these
    where something bounced for good, 50 at most. Only then, and where no leap explains it that this process
    knows of: 12 to 20 read units for each of these, and 12 more where what is told late comes among it. Only
    where that may be a leap: a Query, and 104 read units for the past of each, once a week in a process. A
    leap costs 3 write units more.

    It fails nothing: what was done stays done, and a repeat would add it twice. Nor does what fails of one
    account cost another its judgement.
    """
    listed = list(events)
    counted = guard_rules.counts(listed)
    _count(listed, counted, now)
    looked_at = [event for event in listed if not _is_explained(event)]
    unexplained = guard_rules.counts(looked_at)
    for account, places in guard_rules.accounts(looked_at).items():
        try:
            _judge(account, [place for place in places if place in counted], unexplained, now)
        except Exception as failed:  # noqa: BLE001 - its own bug must bring no applied events again
            logger.error(Event.LEAPS_NOT_JUDGED, error=type(failed).__name__)


def forget() -> None:
    """What this process knows: that of one test is nobody's in the next one."""
    _told.clear()
    _pasts.clear()


def _count(events: Iterable[Counted], counted: Mapping[Place, Cells], now: datetime) -> None:
    by_week = guard_rules.bounced_by_week(events)
    counts = [
        partial(guard.count, place, hour, of_hour, now)
        for place, cells in counted.items()
        for hour, of_hour in guard.by_hour(cells).items()
    ] + [
        partial(statistics.count, _WEEKLY, week, str(place), {_BOUNCED: bounced}, now)
        for (place, week), bounced in by_week.items()
        if place in counted
    ]
    lost = aws.until_failure(lambda count: count(), counts)
    if lost is not None:
        logger.error(Event.LEAPS_NOT_COUNTED, error=type(lost).__name__)


def _is_explained(event: Counted) -> bool:
    places = (Place(account=event.provider), Place(domain=event.domain))
    return any(leap.quiets in places and leap.explains(event.sent_at, event.sent_at) for leap in _told)


def _judge(account: str, places: Sequence[Place], unexplained: Mapping[Place, Cells], now: datetime) -> None:
    """Tell of the leap that something which just bounced shows, where there is one."""
    whole = Place(account=account)
    at = guard_rules.ends(unexplained.get(whole, {}))
    hours = {hour for last in at for hour in guard.hours(guard_rules.first(last), last)}
    known = guard.read([*places, whole], hours)
    may = guard_rules.may_leap(known, at)
    if not may:
        return
    listed = guard.leaps()
    _told[:] = [leap for leap in listed if leap.is_told]
    told = [leap for leap in listed if leap.counts(now)]
    of_then = {
        leap.quiets
        for leap in told
        if leap.account == account and leap.explains(begins(guard_rules.first(min(at))), begins(max(at)))
    }
    known |= guard.read({place for place in of_then if place.domain} - known.keys(), hours)
    asked = [whole, *(place for place in places if place.code is not None or place in may)]
    leap = guard_rules.leap(
        Watched(
            account=account,
            places=places,
            at=at,
            counted=known,
            pasts=_known_pasts(asked, begins(max(at)).date()),
            told=told,
        )
    )
    if leap is not None:
        _tell(leap, listed, now)


def _known_pasts(places: Sequence[Place], day: date) -> dict[Place, Past]:
    """What places came to in the 26 weeks before that of a day."""
    week = statistics_rules.week(day)
    if len(_pasts) > _MOST_PASTS:
        _pasts.clear()
    missing = [place for place in places if (place, week) not in _pasts]
    if missing:
        weeks = statistics_rules.weeks_before(day)
        numbers = statistics.of_names(
            [_sent_of(place) for place in missing] + [(_WEEKLY, str(place)) for place in missing], weeks
        )
        for place in missing:
            sent, bounced = numbers[_sent_of(place)], numbers[_WEEKLY, str(place)]
            _pasts[place, week] = guard_rules.past(
                Tally(sent.get(one, {}).get(Word.SENT, 0), bounced.get(one, {}).get(_BOUNCED, 0))
                for one in weeks
            )
    return {place: _pasts[place, week] for place in places}


def _sent_of(place: Place) -> tuple[str, str]:
    """Where the statistics count what was sent: of a code, all that its account sent."""
    return (By.DOMAIN, place.domain) if place.domain is not None else (By.PROVIDER, str(place.account))


def _tell(leap: Leap, listed: Sequence[Open], now: datetime) -> None:
    """Save the incident and tell of it, unless another does.

    Told first and noted then: twice is better than never. Where it cannot be told, a metric's alarm says so,
    and whatever bounces after a minute tries again, with the same incident.
    """
    opened = guard_rules.opened(leap, listed, ids.new(now), now)
    mark = guard.claim(opened, now)
    if mark is None:
        return
    try:
        incidents.put(_incident(leap, opened.incident_id, now))
        alarms.publish(*words.bounces_leap(leap, opened.incident_id, guard_rules.QUIET_FOR))
    except aws.FAILURES as failed:
        metrics.add_metric(Count.ALARMS_NOT_TOLD, MetricUnit.Count, 1)
        logger.error(Event.ALARM_NOT_TOLD, error=type(failed).__name__)
        return
    metrics.add_metric(Count.LEAPS_SEEN, MetricUnit.Count, 1)
    logger.warning(Event.LEAP_SEEN, incident_id=opened.incident_id)
    _told.append(opened)
    try:
        guard.note_told(opened, mark)
    except aws.FAILURES as failed:
        logger.error(Event.ALARM_NOT_NOTED, error=type(failed).__name__)


def _incident(leap: Leap, incident_id: str, now: datetime) -> Incident:
    return Incident(
        id=incident_id,
        state=IncidentState.RAISED,
        by=_BY,
        where=guard_rules.where(leap),
        times={IncidentState.RAISED: now},
    )
