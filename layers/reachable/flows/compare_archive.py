"""Compare the raw archive, read with today's tables, with what was closed by it. For ops; it frees nobody.

What today's tables would not close is saved as an incident, to be counted and run as any other.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from reachable import providers
from reachable.buckets import incidents as bucket
from reachable.model.credential import Credential
from reachable.model.delivery_event import EventHex
from reachable.model.history import HistoryItem
from reachable.model.incident import Incident, IncidentState, Where
from reachable.queues import delivery_events
from reachable.rules import event as event_rules
from reachable.rules import replay
from reachable.rules.event import BELIEVED_FOR, ReceivedEvent
from reachable.rules.replay import Verdict
from reachable.store import audit
from reachable.store.credentials import history
from reachable.store.roster import bad_lists
from reachable.store.runs import ids, incidents

BY: Final = "system:replay"
"""Who saved the incident."""
_GONE: Final = "gone"
_UNREADABLE: Final = "unreadable"


@dataclass(frozen=True, slots=True)
class Compared:
    """What today's tables make of what was closed by what came on some days.

    ``counts`` are lines by verdict, and those whose raw body is gone, or cannot be read whole today;
    ``free`` are the events that close nothing today, by credential, ``otherwise`` those that close something
    else.
    """

    counts: Counter[str]
    free: dict[Credential, list[EventHex]]
    otherwise: dict[Credential, list[EventHex]]


def compare(days: Sequence[date], provider: str | None = None) -> Compared:
    """Read what came on these days (UTC), of one provider or all, and compare it.

    10 Queries a day since a month before, a Query for each credential that is bad, and each raw body once.
    """
    by_raw: dict[str, list[tuple[Credential, HistoryItem]]] = defaultdict(list)
    prefixes = tuple(delivery_events.archive_folder(day) for day in days)
    # An event is believed that says it occurred a month before it came.
    for credential in bad_lists.since(min(days) - BELIEVED_FOR):
        for item in history.of(credential):
            if (
                replay.is_of_a_table(item)
                and (item.raw or "").startswith(prefixes)
                and provider in (None, item.provider)
            ):
                by_raw[item.raw or ""].append((credential, item))
    counts: Counter[str] = Counter()
    found: dict[Verdict, dict[Credential, list[EventHex]]] = {verdict: {} for verdict in Verdict}
    for raw, told in sorted(by_raw.items(), key=lambda pair: pair[0]):
        today = _read(raw)
        for credential, item in told:
            if today is None:
                counts[_GONE] += 1
                continue
            verdict = replay.verdict(credential, item, today.events)
            if verdict is Verdict.FREE and item.provider in today.unreadable:
                counts[_UNREADABLE] += 1  # it may stand where nothing can be read any more
                continue
            counts[verdict] += 1
            found[verdict].setdefault(credential, []).append(item.hex)
    return Compared(counts, found[Verdict.FREE], found[Verdict.OTHERWISE])


def save(compared: Compared, days: Sequence[date], provider: str | None, note: str, now: datetime) -> str:
    """Save whom they would not close as an incident, to be counted; its id."""
    incident_id = ids.new(now)
    bucket.put_events(incident_id, ([str(of), hexes] for of, hexes in compared.free.items()))
    audit.write(
        audit.AuditRecord(
            at=now, act=audit.Act.SAVED_INCIDENT, by=BY, details={"incident": incident_id, "note": note}
        )
    )
    incidents.put(
        Incident(
            id=incident_id,
            state=IncidentState.RAISED,
            by=BY,
            note=note,
            where=Where(
                from_=_midnight(min(days)) - BELIEVED_FOR,
                to=_midnight(max(days) + timedelta(days=1)),
                provider=provider,
            ),
            events=sum(len(hexes) for hexes in compared.free.values()),
            times={IncidentState.RAISED: now},
        )
    )
    return incident_id


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@dataclass(frozen=True, slots=True)
class _Today:
    """An archived batch as it is read today: its events, and whose bodies cannot be read whole."""

    events: list[ReceivedEvent]
    unreadable: frozenset[str]


def _read(raw: str) -> _Today | None:
    """None where it is gone."""
    entries = delivery_events.archived(raw)
    if entries is None:
        return None
    read = [
        (entry, providers.read(entry.provider, entry.body, entry.headers, entry.query_parameters))
        for entry in entries
    ]
    return _Today(
        [
            event_rules.received(told, entry.account, entry.received_at, raw)
            for entry, reading in read
            for told in reading.events
        ],
        frozenset(entry.provider for entry, reading in read if reading.error is not None),
    )
