"""Hold a batch, sender, domain or all by hand; let go what is held, or drop it; cancel. Who did is kept."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from reachable.aws import FAILURES
from reachable.flows import sweep
from reachable.log import Event, logger
from reachable.model.details import Detail
from reachable.model.errors import Conflict, Forbidden, Meaningless, NotFound
from reachable.model.group import ALL, Drop, Group, Hold, HoldState, Sweep
from reachable.model.viewer import Viewer
from reachable.rules import hold as hold_rules
from reachable.store import audit, groups

_ACTS = {
    HoldState.HELD: audit.Act.HELD,
    HoldState.RESUMED: audit.Act.RESUMED,
    HoldState.DROPPED: audit.Act.DROPPED,
    HoldState.CANCELLED: audit.Act.CANCELLED,
}


def hold(group: str, note: str | None, by: Viewer, now: datetime, *, urgent_too: bool = False) -> Group:
    """Hold a group by hand, from now on and until somebody decides; or say of all anew what passes.

    ``urgent_too``: sign-in codes and emergencies as well, which only a hold of ``all`` can stop.

    Raises:
        NotFound: there can be no such group.
        Forbidden: a sending system stops all.
        Meaningless: emergencies are to be stopped by less than all.
        Conflict: it is held already, or a batch that was dropped or cancelled.
    """
    if not hold_rules.is_group(group):
        raise NotFound(Detail.NO_SUCH_GROUP)
    _ask_leave(group, by)
    if urgent_too and group != ALL:
        raise Meaningless(Detail.ONLY_ALL_STOPS_EMERGENCIES, "/emergencies_pass")
    said = groups.said(group)
    if said is not None and said.state is HoldState.HELD:
        if said.urgent_too == urgent_too:
            raise Conflict(Detail.HELD_ALREADY)
        held = replace(said, urgent_too=urgent_too, note=note or said.note, by=by.id)
        return _hold_anew(group, held, said, now)
    if said is not None and not hold_rules.goes_on(group) and said.state is not HoldState.RESUMED:
        raise Conflict(Detail.AT_ITS_END)
    held = Hold(
        id=uuid4().hex,
        state=HoldState.HELD,
        at=now,
        note=note,
        by=by.id,
        urgent_too=urgent_too,
        dropped=said.dropped if said is not None else None,
    )
    if not _say(group, held, said, now):
        raise Conflict(Detail.HELD_ALREADY)
    return groups.shown(group)


def _hold_anew(group: str, held: Hold, before: Hold, now: datetime) -> Group:
    """The same hold, which lets emergencies pass from now on, or not: nothing goes out in between."""
    if not _say(group, held, before, now):
        raise Conflict(Detail.NOT_HELD)
    return groups.shown(group)


def decide(group: str, state: HoldState, by: Viewer, now: datetime) -> Group:
    """Let go on what is held, or drop it; what is parked follows within a minute, as far as not at once.

    Raises:
        NotFound: nothing was said of such a one.
        Forbidden: a sending system decides about all.
        Conflict: it is not held, or somebody has just decided about it.
    """
    _ask_leave(group, by)
    said = groups.said(group)
    if said is None or said.state is not HoldState.HELD:
        groups.shown(group)
        raise Conflict(Detail.NOT_HELD)
    dropped = Drop(now, said.urgent_too) if state is HoldState.DROPPED else said.dropped
    decided = replace(said, state=state, at=now, by=by.id, dropped=dropped, sweep=Sweep())
    if not _say(group, decided, said, now):
        raise Conflict(Detail.NOT_HELD)
    _sweep(group, decided, now)
    return groups.shown(group)


def cancel(batch_id: str, by: Viewer, now: datetime) -> Group:
    """Cancel what of a batch has not gone out, urgent or not. Doing it twice is doing it once.

    Raises:
        NotFound: there can be no such batch.
        Conflict: somebody has said something else of it just now.
    """
    if not hold_rules.is_batch_id(batch_id):
        raise NotFound(Detail.NO_SUCH_BATCH)
    said = groups.said(batch_id)
    if said is not None and said.state is HoldState.CANCELLED:
        return groups.shown(batch_id)
    held = said if said is not None and said.state is HoldState.HELD else None
    cancelled = Hold(id=held.id if held else uuid4().hex, state=HoldState.CANCELLED, at=now, by=by.id)
    if not _say(batch_id, cancelled, said, now):
        raise Conflict(Detail.STATUS_CHANGED)
    _sweep(batch_id, cancelled, now)
    return groups.shown(batch_id)


def _ask_leave(group: str, by: Viewer) -> None:
    """All is for people alone: whoever has stolen a sending system's secret must not lift what stops it."""
    if group == ALL and by.is_client:
        raise Forbidden(Detail.ONLY_PEOPLE_STOP_ALL)


def _say(group: str, hold_: Hold, before: Hold | None, now: datetime) -> bool:
    entry = audit.AuditRecord(
        at=now,
        act=_ACTS[hold_.state],
        by=hold_.by or "",
        details={"batch": group} | _details(hold_),
    )
    return groups.say(group, hold_, before, audit.puts(entry))


def _details(hold_: Hold) -> dict[str, str]:
    """Why somebody holds it, and that it stops emergencies, too."""
    if hold_.state is not HoldState.HELD:
        return {}
    note = {"note": hold_.note} if hold_.note else {}
    return note | ({"emergencies": "stopped"} if hold_.urgent_too else {})


def _sweep(group: str, decided: Hold, now: datetime) -> None:
    """As much as can be done while somebody waits; the schedule does the rest, and repeats what failed."""
    try:
        sweep.sweep(group, decided, now, sweep.for_seconds(_AT_ONCE_SECONDS), _LEASE)
    except FAILURES as failed:
        logger.error(Event.SWEEP_FAILED, error=type(failed).__name__)


_AT_ONCE_SECONDS: Final = 5
_LEASE: Final = timedelta(seconds=30)
"""Longer than the function may run: should it die, the schedule goes on in the next minute."""
