"""The state machine import_roster: who starts it beside the upload of a zip."""

from datetime import datetime
from typing import Final

from reachable import settings
from reachable.model.details import Detail
from reachable.model.errors import Conflict
from reachable.model.roster_import import ImportRecord
from reachable.store.runs import step_functions

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
    name = f"{record.id}-after-{record.state}-{record.times[record.state]:%Y%m%dT%H%M%S%f}"
    if not step_functions.start(STATE_MACHINE, name, upload):
        raise Conflict(Detail.JUST_RUN_AGAIN)
