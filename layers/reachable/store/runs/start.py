"""The state machine import_roster: who starts it beside the upload of a zip."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

import orjson

from reachable import aws, settings
from reachable.model.details import Detail
from reachable.model.errors import Conflict
from reachable.model.roster_import import ImportRecord

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

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
    client = _step_functions()
    try:
        client.start_execution(
            stateMachineArn=STATE_MACHINE,
            name=name,
            input=orjson.dumps(upload).decode(),
        )
    except client.exceptions.ExecutionAlreadyExists as started:
        raise Conflict(Detail.JUST_RUN_AGAIN) from started


def _step_functions() -> "SFNClient":
    made: SFNClient = aws.client("stepfunctions", attempts=2, read_seconds=10)
    return made
