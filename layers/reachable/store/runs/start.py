"""The state machine import_roster: who starts it beside the upload of a zip."""

from datetime import datetime
from itertools import chain, count
from typing import Final

from reachable import settings
from reachable.model.details import Detail
from reachable.model.errors import Conflict
from reachable.model.roster_import import ImportRecord
from reachable.store.runs import imports, step_functions

STATE_MACHINE: Final = settings.text("IMPORT_STATE_MACHINE_ARN")


def import_again(record: ImportRecord, *, by: str, at: datetime) -> None:
    """Start the state machine for an import once more, forced; its input is that of an upload.

    Raises:
        Conflict: somebody else did so a moment ago.
    """
    upload = {
        "import": record.id,
        "time": at.isoformat(),
        "detail": {"object": {"key": record.key, "version-id": record.version}},
        "force": True,
        "by": by,
    }
    # Named by what it follows, so that of two people at once one is refused.
    after = f"{record.id}-after-{record.state}-{record.times[record.state]:%Y%m%dT%H%M%S%f}"
    for name in chain([after], (f"{after}-{again}" for again in count(2))):
        if step_functions.start(STATE_MACHINE, name, upload):
            return
        # One that is over and came to no state has never begun: nobody is before us.
        if not step_functions.has_ended(STATE_MACHINE, name) or _has_moved(record):
            raise Conflict(Detail.JUST_RUN_AGAIN)


def is_running(execution: str) -> bool:
    """Whether a run is at work."""
    return step_functions.is_running(STATE_MACHINE, execution)


def _has_moved(record: ImportRecord) -> bool:
    now = imports.known(record.id)
    return now is None or now.times != record.times
