"""What people do about incidents: ask for one, look at it, have it counted, start, stop and undo it.

The work itself is the state machine's (`reset_incident`). Whoever acts moves the incident first, on condition
of the state that they saw, and begins the execution then: of two at once one is refused.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final

from reachable import upstream
from reachable.buckets import incidents as bucket
from reachable.flows.show import actors
from reachable.model.details import Detail
from reachable.model.errors import Changed, Conflict, Forbidden, Meaningless, NotFound, TooSoon
from reachable.model.incident import (
    PHASE_OF,
    WORKING,
    Incident,
    IncidentAct,
    IncidentShown,
    IncidentState,
    IncidentWish,
    Line,
    Phase,
    Progress,
    Upload,
    Where,
)
from reachable.model.page import Page
from reachable.model.people import RosterKind, id_of
from reachable.model.releases import AccountReleases, Releases
from reachable.model.upstream import Account
from reachable.model.viewer import Viewer
from reachable.rules import incident as rules
from reachable.rules import incident_report, permissions
from reachable.rules import release_incident as release_rules
from reachable.store import audit
from reachable.store.roster import records
from reachable.store.runs import ids, incidents, resets

WITHIN: Final = timedelta(minutes=15)
"""So long a list may be put, or a report fetched."""
_NAMED_AT_ONCE: Final = 1_000
"""Ids in a record of the audit."""
_BEGINS_WITHIN: Final = timedelta(minutes=1)
"""Who moves an incident begins its execution at once; after so long it has died in between."""
_TO: Final = {
    IncidentAct.COUNT: IncidentState.COUNTING,
    IncidentAct.START: IncidentState.RUNNING,
    IncidentAct.STOP: IncidentState.STOPPING,
    IncidentAct.UNDO: IncidentState.UNDOING,
}
_ACTS: Final = {
    IncidentAct.COUNT: audit.Act.COUNTED_INCIDENT,
    IncidentAct.START: audit.Act.STARTED_INCIDENT,
    IncidentAct.STOP: audit.Act.STOPPED_INCIDENT,
    IncidentAct.UNDO: audit.Act.UNDID_INCIDENT,
}


def save(wish: IncidentWish, viewer: Viewer, now: datetime) -> tuple[Incident, Upload | None]:
    """A new incident, which is counted at once; one whose list is to come, when it has been put there.

    Without ``dry_run`` the run follows the count by itself.

    Raises:
        Forbidden: the viewer does not see the whole district.
        Meaningless: whom it concerns is said in no way, in several, or makes no sense.
    """
    _admit(viewer)
    if [wish.people is not None, wish.file, wish.where is not None].count(True) != 1:
        raise Meaningless(Detail.ONE_SELECTION)
    incident_id = ids.new(now)
    state = IncidentState.WAITING if wish.file else IncidentState.COUNTING
    incident = Incident(
        id=incident_id,
        state=state,
        by=viewer.id,
        note=wish.note,
        where=_known(wish.where) if wish.where is not None else None,
        dry_run=wish.dry_run,
        runs=0 if wish.file else 1,
        execution=None if wish.file else resets.name(incident_id, 1),
        times={state: now},
    )
    told = _named(incident, _names(incident))
    _audit(audit.Act.SAVED_INCIDENT, incident_id, viewer, now)
    if wish.people is not None:
        bucket.put_people(incident_id, wish.people)
    incidents.put(incident)
    if not wish.file:
        resets.begin(incident)
    upload = Upload(bucket.upload_url(incident_id, WITHIN), now + WITHIN) if wish.file else None
    return told, upload


def _known(where: Where) -> Where:
    """A window that makes sense, with the school by our id."""
    if where.to is not None and where.to <= where.from_:
        raise Meaningless(Detail.WINDOW_BACKWARDS, "/where/to")
    if where.school is None:
        return where
    either = [where.school, id_of(RosterKind.SCHOOL, where.school)]
    found = records.schools(either)
    if not found:
        raise Meaningless(Detail.NO_SUCH_SCHOOL, "/where/school")
    return replace(where, school=found[0].id)


def listed(viewer: Viewer, now: datetime, *, limit: int, cursor: str | None) -> Page[Incident]:
    """The incidents, newest first: those that were asked for, and those that the guard has raised."""
    _admit(viewer)
    page = Page.of(incidents.latest(limit + 1, cursor), limit, lambda incident: incident.id)
    shown_ids = [incident.id for incident in page.items]
    audit.write(audit.AuditRecord(at=now, act=audit.Act.LISTED_INCIDENTS, by=viewer.id, shown=shown_ids))
    names = _names(*page.items)
    return Page(tuple(_named(incident, names) for incident in page.items), page.next_cursor)


def shown(incident_id: str, viewer: Viewer, now: datetime) -> IncidentShown:
    """An incident: what it would do, or has done, how far it is, whom it leaves alone.

    Raises:
        NotFound: there is no such incident.
    """
    _admit(viewer)
    incident = _alive(_found(incident_id), now)
    phases = {phase: progress for phase in Phase if (progress := _progress(incident, phase)) is not None}
    named = {
        user_id
        for progress in phases.values()
        for line in (*progress.examples, *progress.left_alone)
        for user_id, _, _ in line.holders
    }
    _audit(audit.Act.VIEWED_INCIDENT, incident_id, viewer, now, shown=sorted(named))
    return IncidentShown(
        incident=_named(incident, _names(incident)),
        actions=rules.may(incident, now),
        phases=phases,
        releases=_releases(incident, phases, now),
    )


def act(incident_id: str, what: IncidentAct, viewer: Viewer, now: datetime) -> Incident:
    """Have an incident counted, started, stopped or undone; the work goes on by itself.

    Raises:
        NotFound: there is no such incident.
        Conflict: that cannot be done in its state, or somebody else was quicker.
        TooSoon: it has failed just now, and a worker may still be at it.
    """
    _admit(viewer)
    incident = _alive(_found(incident_id), now)
    if what not in rules.may(incident, now):
        if what in rules.may(incident, now + rules.LEFT_OVER):
            raise TooSoon(Detail.JUST_FAILED, int(rules.LEFT_OVER.total_seconds()))
        raise Conflict(Detail.NOT_IN_THIS_STATE, state=incident.state)
    names = _names(replace(incident, started_by=viewer.id))  # before all that cannot be taken back
    to = IncidentState.STOPPED if what is IncidentAct.STOP and _is_idle(incident) else _TO[what]
    record = _record(_ACTS[what], incident_id, viewer, now)
    facts: dict[str, Any] = {"audit": audit.puts(record)}
    if what is not IncidentAct.STOP:
        runs = incident.runs + 1
        facts |= {"runs": runs, "execution": resets.name(incident_id, runs), "error": None}
    if what in (IncidentAct.START, IncidentAct.UNDO):
        facts |= {"started_by": viewer.id}
    if what is IncidentAct.COUNT:
        facts |= {"dry_run": True, "never": IncidentState.COUNTED}
    try:
        moved = incidents.move(incident_id, [incident.state], to, now, of=incident.execution, **facts)
    except Changed as changed:
        raise Conflict(Detail.NOT_IN_THIS_STATE, state=_found(incident_id).state) from changed
    if what is not IncidentAct.STOP:
        resets.begin(moved)
    return _named(moved, names)


def _is_idle(incident: Incident) -> bool:
    """Whether nothing is reset any more: it is counted, or waits for the providers' lists."""
    if incident.state is IncidentState.COUNTING:
        return True
    summary = bucket.summary(incident.id, Phase.RUN)
    return summary is not None and summary["execution"] == incident.execution


def report(incident_id: str, viewer: Viewer, now: datetime) -> Upload:
    """Where the newest report may be fetched, by name; whom it names is in the audit, 1,000 in a record.

    Raises:
        NotFound: there is no such incident, or nothing to report yet.
    """
    _admit(viewer)
    _found(incident_id)
    phase = next((p for p in reversed(Phase) if bucket.summary(incident_id, p) is not None), None)
    if phase is None:
        raise NotFound(Detail.NO_REPORT_YET)
    for some in batched(bucket.named(incident_id, phase) or [""], _NAMED_AT_ONCE, strict=False):
        named = [user_id for user_id in some if user_id]
        _audit(audit.Act.EXPORTED_INCIDENT, incident_id, viewer, now, shown=named)
    return Upload(bucket.report_url(incident_id, phase, WITHIN), now + WITHIN)


def _progress(incident: Incident, phase: Phase) -> Progress | None:
    """What is known of a phase: summed up once it is over, else chunk by chunk; None before it began."""
    if PHASE_OF.get(incident.state) is phase:
        return _under_way(incident)
    summary = bucket.summary(incident.id, phase)
    if summary is None:
        return None
    chunks = len(bucket.chunks(incident.id))
    return Progress(
        done=chunks,
        chunks=chunks,
        counts=summary["counts"],
        examples=[Line.of_plain(line) for line in summary["examples"]],
        left_alone=[Line.of_plain(line) for line in summary["left_alone"]],
    )


def _under_way(incident: Incident) -> Progress:
    done = incidents.chunks(incident)
    return Progress(
        done=len(done),
        chunks=len(bucket.chunks(incident.id)),
        counts=incident_report.total([{"outcome": outcomes} for outcomes in done]),
    )


def _releases(
    incident: Incident, phases: Mapping[Phase, Progress], now: datetime
) -> tuple[AccountReleases, ...]:
    """How far the providers' lists are; before a run, what it would ask them, and when that would end."""
    kept = bucket.releases(incident.id)
    if kept is not None:
        return Releases.of_json(kept).accounts
    counted = phases.get(Phase.COUNT)
    wanted = counted.counts["account"] if counted is not None else {}
    return tuple(_to_come(account, many, now) for account, many in sorted(wanted.items()) if account)


def _to_come(account: str, many: int, now: datetime) -> AccountReleases:
    provider, _, name = account.partition("/")
    known = AccountReleases(provider=provider, account=name, left=("",) * many)
    limit, bulk = upstream.limit(provider), upstream.bulk(Account(provider, name))
    return replace(known, ends_at=release_rules.ends_at(known, limit, bulk, None, now))


def _found(incident_id: str) -> Incident:
    incident = incidents.known(incident_id)
    if incident is None:
        raise NotFound(Detail.NO_SUCH_INCIDENT)
    return incident


def _alive(incident: Incident, now: datetime) -> Incident:
    """The incident; where its execution has died, as when somebody ended it by hand, it has failed."""
    if incident.state not in WORKING or incident.execution is None:
        return incident
    if now - incident.times[incident.state] < _BEGINS_WITHIN or resets.is_running(incident.execution):
        return incident
    try:
        return incidents.move(
            incident.id,
            [incident.state],
            IncidentState.FAILED,
            now,
            of=incident.execution,
            error="States.ExecutionEnded",
        )
    except Changed:
        return _found(incident.id)


def _names(*shown: Incident) -> Mapping[str, str]:
    """The names of who asked for these and who started them, by id. 1 BatchGetItem."""
    return actors.named(by for incident in shown for by in (incident.by, incident.started_by))


def _named(incident: Incident, names: Mapping[str, str]) -> Incident:
    """The same with these names, as it is shown."""
    started_by = names.get(incident.started_by) if incident.started_by is not None else None
    return replace(incident, by_name=names.get(incident.by), started_by_name=started_by)


def _admit(viewer: Viewer) -> None:
    if not permissions.sees_district(viewer):
        raise Forbidden(Detail.ONLY_OF_DISTRICT)


def _audit(
    what: audit.Act, incident_id: str, viewer: Viewer, now: datetime, shown: list[str] | None = None
) -> None:
    audit.write(_record(what, incident_id, viewer, now, shown))


def _record(
    what: audit.Act, incident_id: str, viewer: Viewer, now: datetime, shown: list[str] | None = None
) -> audit.AuditRecord:
    details = {"incident": incident_id}
    return audit.AuditRecord(at=now, act=what, by=viewer.id, details=details, shown=shown or ())
