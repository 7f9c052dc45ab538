"""Show a batch, a sender or a receiving domain: whether it is held, why, and its counts."""

from collections.abc import Mapping
from datetime import datetime

from reachable.flows import hold
from reachable.model.group import Group
from reachable.model.viewer import Viewer
from reachable.store import audit


def batch(group: str, viewer: Viewer, now: datetime) -> tuple[Group, Mapping[str, int]]:
    """A batch, sender or domain: whether it is held, and its counts. 1 Query, and the audit.

    Raises:
        NotFound: nothing is known of such a one.
    """
    shown = hold.shown(group)
    audit.write(audit.AuditRecord(at=now, act=audit.Act.VIEWED_BATCH, by=viewer.id, details={"batch": group}))
    return shown
