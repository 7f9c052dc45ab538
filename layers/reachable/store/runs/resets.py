"""The state machine reset_incident: executions by their incident's own names for them."""

from typing import Final

from reachable import settings
from reachable.model.incident import Incident
from reachable.store.runs import step_functions

STATE_MACHINE: Final = settings.text("RESET_STATE_MACHINE_ARN")


def name(incident_id: str, number: int) -> str:
    """What the execution of this number is called."""
    return f"{incident_id}-{number}"


def begin(incident: Incident) -> None:
    """Begin the incident's newest execution; beginning it twice is beginning it once."""
    assert incident.execution is not None  # noqa: S101 - whoever moves it to work names one
    told = {"incident": incident.id, "execution": incident.execution}
    step_functions.start(STATE_MACHINE, incident.execution, told)


def is_running(execution: str) -> bool:
    """Whether an execution is at work."""
    return step_functions.is_running(STATE_MACHINE, execution)
