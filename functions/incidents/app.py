"""Undo an incident: ask for a reset of many, see what it would do, start, watch, stop and undo it."""

from datetime import UTC, datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import words
from reachable.flows import incidents, recognise
from reachable.log import logger
from reachable.model.incident import IncidentAct
from reachable.model.page import PAGE, PAGE_LIMIT
from reachable.rules.permissions import Action
from reachable.web import door, query
from reachable.web.app import answer, resolver
from reachable.web.door import Door
from reachable.web.models.incidents import IncidentIn, IncidentOut, IncidentShownOut, IncidentsOut, ReportOut

INCIDENTS = Door(recognise.who_may(Action.INCIDENTS))

app = resolver()

IncidentId = Annotated[str, Path(min_length=1, max_length=100)]


@app.post("/resets", summary="Reset many", tags=["incidents"], middlewares=[INCIDENTS, query.known])
def save_incident(wish: IncidentIn) -> Response[IncidentOut]:
    """Count whom a list of people, or a window of time, concerns; without `dry_run` reset them then.

    Nothing is sent and nothing deleted. A `file` is put to the address that the answer has.
    """
    now = _now()
    incident, upload = incidents.save(wish.to_model(), door.viewer(app), now)
    return _accepted(IncidentOut.of(incident, now, upload))


@app.get("/resets", summary="Incidents", tags=["incidents"], middlewares=[INCIDENTS])
def list_incidents(
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE,
    cursor: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
) -> IncidentsOut:
    """All incidents, newest first: those that somebody asked for, and those that the guard has raised."""
    now = _now()
    return IncidentsOut.of(incidents.listed(door.viewer(app), now, limit=limit, cursor=cursor), now)


@app.get("/resets/<incident_id>", summary="An incident", tags=["incidents"], middlewares=[INCIDENTS])
def show_incident(
    incident_id: IncidentId, accept_language: Annotated[str, Header(alias="accept-language")] = ""
) -> IncidentShownOut:
    """What it would do, or has done: how many, ten examples, whom it leaves alone and why, how far it is."""
    found = incidents.shown(incident_id, door.viewer(app), _now())
    return IncidentShownOut.of_shown(found, words.of_accept_language(accept_language))


@app.get("/resets/<incident_id>/report", summary="Its report", tags=["incidents"], middlewares=[INCIDENTS])
def report_incident(incident_id: IncidentId) -> ReportOut:
    """Where all whom it concerns may be fetched by name, for 15 minutes."""
    return ReportOut.of(incidents.report(incident_id, door.viewer(app), _now()))


@app.post(
    "/resets/<incident_id>/count",
    summary="Count an incident",
    tags=["incidents"],
    middlewares=[INCIDENTS, query.known],
)
def count_incident(incident_id: IncidentId) -> Response[IncidentOut]:
    """Count whom it concerns as of now: what the guard has raised, or what was counted before."""
    return _act(incident_id, IncidentAct.COUNT)


@app.post(
    "/resets/<incident_id>/start",
    summary="Start an incident's run",
    tags=["incidents"],
    middlewares=[INCIDENTS, query.known],
)
def start_incident(incident_id: IncidentId) -> Response[IncidentOut]:
    """Reset what was counted, or what a run that was stopped has left. What bounced later stays as it is."""
    return _act(incident_id, IncidentAct.START)


@app.post(
    "/resets/<incident_id>/stop",
    summary="Stop an incident's run",
    tags=["incidents"],
    middlewares=[INCIDENTS, query.known],
)
def stop_incident(incident_id: IncidentId) -> Response[IncidentOut]:
    """Stop a run within seconds. What was reset stays so, until it is undone."""
    return _act(incident_id, IncidentAct.STOP)


@app.post(
    "/resets/<incident_id>/undo",
    summary="Undo an incident's run",
    tags=["incidents"],
    middlewares=[INCIDENTS, query.known],
)
def undo_incident(incident_id: IncidentId) -> Response[IncidentOut]:
    """Close again what the run has opened, except what somebody has reset since."""
    return _act(incident_id, IncidentAct.UNDO)


def _act(incident_id: str, what: IncidentAct) -> Response[IncidentOut]:
    now = _now()
    return _accepted(IncidentOut.of(incidents.act(incident_id, what, door.viewer(app), now), now))


def _accepted(told: IncidentOut) -> Response[IncidentOut]:
    return Response(202, "application/json", told, headers={"location": f"/resets/{told.id}"})


def _now() -> datetime:
    return datetime.now(UTC)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API, or a direct invoke of one of its routes."""
    return answer(app, event, context)
