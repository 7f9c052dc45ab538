"""Imports for a Rostering Administrator, who has no AWS account: upload a roster, follow it, force it."""

from datetime import UTC, datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import words
from reachable.flows import recognise, request_import
from reachable.log import logger
from reachable.model.page import PAGE, PAGE_LIMIT
from reachable.rules.permissions import Action
from reachable.web import door, query
from reachable.web.app import answer, resolver
from reachable.web.door import Door
from reachable.web.models.imports import (
    ForceIn,
    ImportOut,
    ImportShownOut,
    ImportsOut,
    UploadIn,
    UploadOut,
)

IMPORT = Door(recognise.who_may(Action.IMPORT))

app = resolver()

ImportId = Annotated[str, Path(min_length=1, max_length=100)]


@app.post("/imports", summary="Upload a roster", tags=["imports"], middlewares=[IMPORT, query.known])
def upload_roster(body: Annotated[UploadIn | None, Body()] = None) -> Response[UploadOut]:
    """An address for one OneRoster zip. Its import starts when it is there, after those that came before."""
    dry_run = body is not None and body.dry_run
    made = UploadOut.of(request_import.upload(door.viewer(app), _now(), dry_run=dry_run))
    return Response(201, "application/json", made, headers={"location": f"/imports/{made.id}"})


@app.get("/imports", summary="Imports", tags=["imports"], middlewares=[IMPORT])
def list_imports(
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE,
    cursor: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
) -> ImportsOut:
    """All imports, newest first, by whomever."""
    return ImportsOut.of(request_import.listed(door.viewer(app), _now(), limit=limit, cursor=cursor))


@app.get("/imports/<import_id>", summary="An import", tags=["imports"], middlewares=[IMPORT])
def show_import(
    import_id: ImportId, accept_language: Annotated[str, Header(alias="accept-language")] = ""
) -> ImportShownOut:
    """How far it is, what it did, what is wrong with the export and what to do about it."""
    shown = request_import.shown(import_id, door.viewer(app), _now())
    return ImportShownOut.of_shown(shown, words.of_accept_language(accept_language))


@app.post(
    "/imports/<import_id>/force",
    summary="Force an import",
    tags=["imports"],
    middlewares=[IMPORT, query.known],
)
def force_import(import_id: ImportId, body: Annotated[ForceIn | None, Body()] = None) -> Response[ImportOut]:
    """Run an import that has ended again, whatever it removes. The last good one puts everything back."""
    after = body.after if body is not None else None
    forced = ImportOut.of(request_import.force(import_id, door.viewer(app), _now(), after))
    return Response(202, "application/json", forced)


def _now() -> datetime:
    return datetime.now(UTC)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API, or a direct invoke of one of its routes."""
    return answer(app, event, context)
