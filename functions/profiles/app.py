"""See: who is signed in, users and what happened to their credentials, and how the API is described."""

from datetime import UTC, datetime
from importlib import resources
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import settings, words
from reachable.flows import accept_invitation, recognise, search, show
from reachable.log import logger
from reachable.model.credential import CredentialKind
from reachable.model.viewer import Viewer
from reachable.web import identity
from reachable.web.app import resolver
from reachable.web.message_models import MessageOut, MessagesOut
from reachable.web.models import (
    AcceptIn,
    DirectIn,
    EventsOut,
    ListOut,
    MeOut,
    StudentOut,
    StudentSearchIn,
    SummariesOut,
    UserOut,
    UserSearchIn,
)
from reachable.web.paging import PAGE, PAGE_LIMIT
from reachable.words import Language

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
    return MeOut.of(shown, words.of_accept_language(accept_language))


@app.post("/users/search", summary="Find users", tags=["profiles"])
def search_users(wish: UserSearchIn) -> SummariesOut:
    """Users in the viewer's scope, by names or a full address, and filters. Answers no addresses."""
    return SummariesOut.of(search.people(wish.wish(), _viewer(), _now()))


@app.post("/students/search", summary="Find students", tags=["profiles"])
def search_students(wish: StudentSearchIn) -> SummariesOut:
    """Students in the viewer's scope, by names, school and class."""
    return SummariesOut.of(search.people(wish.wish(), _viewer(), _now()))


@app.get("/schools", summary="The viewer's schools", tags=["profiles"])
def list_schools() -> ListOut:
    """The schools that the viewer may know of, by name."""
    return ListOut.of_schools(search.schools(_viewer()))


@app.get("/schools/<school_id>/classes", summary="A school's classes", tags=["profiles"])
def list_classes(school_id: Annotated[str, Path()]) -> ListOut:
    """The classes of a school that the viewer may know of, by title."""
    return ListOut.of_classes(search.classes(school_id, _viewer()))


@app.post("/me", summary="Accept an invitation", tags=["profiles"])
def accept(wish: AcceptIn, accept_language: AcceptLanguage = "") -> MeOut:
    """Make a pending account active. The token must prove a credential of it."""
    token = identity.token(app.current_event.raw_event)
    accept_invitation.accept(wish.id, token, _now())
    return MeOut.of(show.me(token), words.of_accept_language(accept_language))


@app.get("/users/<user_id>", summary="A user's profile", tags=["profiles"])
def show_user(user_id: Annotated[str, Path()], accept_language: AcceptLanguage = "") -> Response[UserOut]:
    """A user with credentials, status and why, as far as the viewer may see. The audit keeps the view."""
    shown = show.user(user_id, _viewer(), _now())
    body = UserOut.of(shown, words.of_accept_language(accept_language), SMS_NUMBER)
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
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE,
    cursor: Annotated[str | None, Query()] = None,
    accept_language: AcceptLanguage = "",
) -> EventsOut:
    """Bounces, complaints, resets and marks, newest first, of the time in which this user held it."""
    page = show.events(user_id, kind, _viewer(), _now(), limit=limit, cursor=cursor)
    return EventsOut.of(page, kind, words.of_accept_language(accept_language))


@app.get("/users/<user_id>/messages", summary="A user's messages", tags=["profiles"])
def show_messages(
    user_id: Annotated[str, Path()],
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> MessagesOut:
    """What was sent to a user, by us and by others, and what became of it, newest first."""
    page = show.messages_of(user_id, _viewer(), _now(), limit=limit, cursor=cursor)
    return MessagesOut(items=[MessageOut.of(one) for one in page.items], next_cursor=page.next_cursor)


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
    """Answer one call of the API, or a direct invoke that says who asks in ``as``, which IAM guards."""
    return app.resolve(event, context) if "requestContext" in event else _direct(event)


def _direct(event: dict[str, Any]) -> dict[str, Any]:
    wish = DirectIn.model_validate(event)
    viewer = recognise.operator(wish.as_)
    shown: UserOut | EventsOut
    if wish.events is None:
        shown = UserOut.of(show.user(wish.id, viewer, _now()), Language.EN, SMS_NUMBER)
    else:
        page = show.events(wish.id, wish.events, viewer, _now(), limit=wish.limit, cursor=wish.cursor)
        shown = EventsOut.of(page, wish.events, Language.EN)
    return shown.model_dump(mode="json")
