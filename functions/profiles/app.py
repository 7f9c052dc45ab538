"""See: who is signed in, users and what happened to their credentials, and how the API is described."""

from datetime import UTC, datetime
from importlib import resources
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import settings
from reachable.flows import recognise, search, show
from reachable.log import logger
from reachable.model.credential import CredentialKind
from reachable.model.viewer import Viewer
from reachable.rules import wording
from reachable.web import identity
from reachable.web.app import resolver
from reachable.web.models import EventOut, EventsOut, MeOut, SearchIn, StudentOut, SummariesOut, UserOut

SMS_NUMBER = settings.optional("SMS_NUMBER", "") or None
"""The number that our texts come from: who replied STOP must text START to it."""

app = resolver()

# Plain words come in English or Spanish. No `type` statement: Powertools does not look through one.
AcceptLanguage = Annotated[str, Header(alias="accept-language")]


@app.get("/me", summary="Who is signed in", tags=["profiles"])
def me(accept_language: AcceptLanguage = "") -> MeOut:
    """The accounts that the token proves, and what their holder may do. Changes nothing."""
    token = identity.token(app.current_event.raw_event)
    shown = show.me(token)
    return MeOut.of(shown, wording.of_accept_language(accept_language))


@app.post("/users/search", summary="Find users by name", tags=["profiles"])
def search_users(wish: SearchIn) -> SummariesOut:
    """Users in the viewer's scope, each word of `q` the beginning of one of theirs. No addresses."""
    page = search.users(wish.q, _viewer(), _now(), limit=wish.limit, cursor=wish.cursor)
    return SummariesOut.of(page)


@app.get("/users/<user_id>", summary="A user's profile", tags=["profiles"])
def show_user(user_id: Annotated[str, Path()], accept_language: AcceptLanguage = "") -> Response[UserOut]:
    """A user with credentials, status and why, as far as the viewer may see. The audit keeps the view."""
    shown = show.user(user_id, _viewer(), _now())
    body = UserOut.of(shown, wording.of_accept_language(accept_language), SMS_NUMBER)
    return Response(200, "application/json", body, headers={"etag": shown.etag})


@app.get("/students/<student_id>", summary="A student's profile", tags=["profiles"])
def show_student(student_id: Annotated[str, Path()]) -> StudentOut:
    """A student with guardians, and whether each can be reached. The audit keeps the view."""
    return StudentOut.of(show.student(student_id, _viewer(), _now()))


@app.get(
    "/users/<user_id>/credentials/<kind>/events", summary="What happened to a credential", tags=["profiles"]
)
def show_events(
    user_id: Annotated[str, Path()],
    kind: Annotated[CredentialKind, Path()],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query()] = None,
    accept_language: AcceptLanguage = "",
) -> EventsOut:
    """Bounces, complaints, resets and marks, newest first, of the time in which this user held it."""
    page = show.events(user_id, kind, _viewer(), _now(), limit=limit, cursor=cursor)
    language = wording.of_accept_language(accept_language)
    return EventsOut(
        items=[EventOut.of(item, kind, language) for item in page.items], next_cursor=page.next_cursor
    )


@app.get("/openapi.json", summary="This document", tags=["profiles"])
def openapi() -> Response[str]:
    """The API's description (OpenAPI 3.1), generated from the routes."""
    document = resources.files("reachable.web").joinpath("openapi.json").read_text()
    return Response(200, "application/json", document)


def _viewer() -> Viewer:
    return recognise.staff(identity.token(app.current_event.raw_event))


def _now() -> datetime:
    return datetime.now(UTC)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API."""
    return app.resolve(event, context)
