"""The steps of an incident's run, called one by one by the state machine infra/reset_incident.asl.json."""

from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable.buckets import incidents as bucket
from reachable.flows import reset_incident
from reachable.log import logger, metrics
from reachable.model.errors import Changed, Meaningless, NotFound, TooLarge
from reachable.model.incident import PHASE_OF, Incident, IncidentState, Phase
from reachable.web import problem

_LEAVES_MILLISECONDS: Final = 120_000
"""Time for what was begun, before the function is ended."""
_WAIT_SECONDS: Final = (5, 900)
"""Between two turns: each is nine events, of the 25,000 that an execution may have. So it may last weeks,
where a provider asks to wait for days; a stop waits for none of them."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Do one step; its answer is small and names nobody, since the state machine keeps it.

    ``next`` says which step follows. An execution that is no longer its incident's newest ends.
    """
    now = datetime.now(UTC)
    execution: str = event["execution"]
    if event["step"] == "begin":
        return _begin(event["input"], execution, now)
    logger.append_keys(execution=execution, step=event["step"])
    if event["step"] == "failed":
        reset_incident.failed(event["incident"], execution, event["error"], now)
        return {}
    incident = reset_incident.mine(event["incident"], execution)
    if incident is None:
        return {"next": "end"}
    return _step(event, incident, now, context)


def _step(event: dict[str, Any], incident: Incident, now: datetime, context: LambdaContext) -> dict[str, Any]:
    """Each of them belongs to a phase: one that is repeated after the next has begun leads there."""
    phase = PHASE_OF[incident.state]
    if phase != event["phase"]:
        return {} if event["step"] == "chunk" else _next("chunks", incident)
    match event["step"]:
        case "gather":
            return _gather(incident, now)
        case "chunk":
            if incident.state is not IncidentState.STOPPING:
                reset_incident.chunk(incident, event["number"], now)
            return {}
        case "after":
            return _after(incident, phase, now)
        case "release":
            return _release(incident, now, context)
        case step:
            raise ValueError(f"no such step: {step}")


def _begin(told: dict[str, Any], execution: str, now: datetime) -> dict[str, Any]:
    """Begun by the API with the incident's id, or by an upload with the object's key."""
    if "incident" in told:
        incident = reset_incident.mine(told["incident"], execution)
    else:
        incident = reset_incident.uploaded(told["detail"]["object"]["key"], execution, now)
    if incident is None:
        return {"next": "end"}
    if incident.state is IncidentState.COUNTING:
        return _next("gather", incident)
    return _next("chunks", incident)


def _gather(incident: Incident, now: datetime) -> dict[str, Any]:
    """What cannot be read at all is an answer, not a failure: no repeat would mend it."""
    try:
        chunks = reset_incident.gather(incident)
    except (NotFound, Meaningless, TooLarge) as refusal:
        why = problem.in_words(refusal.detail, values=refusal.values)
        reset_incident.refuse(incident, why, now)
        return {"next": "end"}
    return _next("chunks" if chunks else "after", incident)


def _after(incident: Incident, phase: Phase, now: datetime) -> dict[str, Any]:
    try:
        moved = reset_incident.after(incident, now)
    except Changed:
        return {"next": "end"}
    if moved.state is not IncidentState.RUNNING:
        return {"next": "end"}
    return _next("chunks" if phase is Phase.COUNT else "release", moved)


def _release(incident: Incident, now: datetime, context: LambdaContext) -> dict[str, Any]:
    again = reset_incident.release(
        incident, now, lambda: context.get_remaining_time_in_millis() > _LEAVES_MILLISECONDS
    )
    if again is None:
        return {"next": "end"}
    shortest, longest = _WAIT_SECONDS
    seconds = min(max(int((again - now).total_seconds()), shortest), longest)
    return _next("wait", incident) | {"seconds": seconds}


def _next(step: str, incident: Incident) -> dict[str, Any]:
    return {
        "next": step,
        "incident": incident.id,
        "phase": PHASE_OF[incident.state],
        "chunks_key": bucket.chunks_key(incident.id),
    }
