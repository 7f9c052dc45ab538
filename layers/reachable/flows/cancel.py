"""Cancel messages that have not gone out. Who did is kept."""

from collections.abc import Sequence
from datetime import datetime

from reachable import aws
from reachable.flows import hold
from reachable.model.errors import NotFound
from reachable.model.message import Cancelled, CancelOutcome, Dropped
from reachable.model.viewer import Viewer
from reachable.store import audit
from reachable.store.messages import sending


def messages(ids: Sequence[str], by: Viewer, now: datetime) -> list[Cancelled]:
    """Cancel these messages, in order; cancelling one twice is cancelling it once. 1 write unit each.

    Raises:
        Unavailable: a table did not answer; to be repeated.
    """
    audit.write(audit.AuditRecord(at=now, act=audit.Act.CANCELLED, by=by.id, shown=ids))

    def cancel(id_: str) -> tuple[Cancelled, tuple[str, ...]]:
        """What became of it, and in what batch it counts, where it was cancelled now."""
        try:
            dropped = sending.drop(id_, Dropped.CANCELLED, now)
        except NotFound:
            return Cancelled(id_, CancelOutcome.UNKNOWN), ()
        message = dropped.message
        if message is None:
            return Cancelled(id_, CancelOutcome.UNKNOWN), ()
        is_cancelled = dropped.ours or message.reason == Dropped.CANCELLED
        outcome = CancelOutcome.CANCELLED if is_cancelled else CancelOutcome.TOO_LATE
        counts = (message.batch_id,) if dropped.ours and message.batch_id is not None else ()
        return Cancelled(id_, outcome, message.status), counts

    cancelled = aws.side_by_side(cancel, ids)
    hold.count(((batches, Dropped.CANCELLED) for _, batches in cancelled), now)
    return [result for result, _ in cancelled]
