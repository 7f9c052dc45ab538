"""Decide about a batch, sender or domain that is held: let it go on, or drop it; who did is kept."""

from datetime import datetime

from reachable.flows import hold
from reachable.model.details import Detail
from reachable.model.errors import Conflict
from reachable.model.group import HoldState
from reachable.store import audit, batches


def decide(group: str, state: HoldState, by: str, now: datetime) -> None:
    """Let go on what is held, or drop it: the messages learn of it when they look again.

    Raises:
        NotFound: nothing is known of such a one.
        Conflict: it is not held, or somebody has just decided about it.
    """
    known, _ = hold.shown(group)
    if known.hold is None or known.hold.state is not HoldState.HELD:
        raise Conflict(Detail.NOT_HELD)
    act = audit.Act.DROPPED if state is HoldState.DROPPED else audit.Act.RESUMED
    entry = audit.AuditRecord(at=now, act=act, by=by, details={"batch": group})
    if not batches.decide(group, state, known.hold, by, now, audit.puts(entry)):
        raise Conflict(Detail.NOT_HELD)
