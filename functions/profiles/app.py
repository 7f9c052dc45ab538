"""See: who is signed in, users and what happened to their credentials, and how the API is described."""

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import resources
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import settings, words
from reachable.flows import accept_invitation, recognise, search
from reachable.flows.scope import user_in_scope
from reachable.flows.show import bad_credentials, events, messages, providers, statistics, student, user
from reachable.flows.show import me as signed_in
from reachable.log import logger
from reachable.model.bad_credential import BadSearch
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel
from reachable.model.page import PAGE, PAGE_LIMIT
from reachable.model.statistics import By
from reachable.rules.permissions import Action
from reachable.web import csv, door, identity, query
from reachable.web.app import answer, resolver
from reachable.web.door import Door
from reachable.web.models.bad_credentials import COLUMNS, BadCredentialsOut, Since, rows, since_of
from reachable.web.models.messages import MessagesOut
from reachable.web.models.profiles import AcceptIn, EventsOut, MeOut, StudentOut, UserOut
from reachable.web.models.providers import ProvidersOut
from reachable.web.models.search import (
    ClassesOut,
    ClassOut,
    ClassSearchIn,
    ListOut,
    StudentSearchIn,
    SummariesOut,
    UserSearchIn,
)
from reachable.web.models.statistics import StatisticsOut, columns
from reachable.web.models.statistics import rows as statistics_rows

SMS_NUMBER = settings.optional("SMS_NUMBER", "") or None
"""The number that our texts come from: who replied STOP must text START to it."""

VIEW = Door(recognise.who_may(Action.VIEW))
SEARCH = Door(recognise.who_may(Action.SEARCH))
EXTENDED = Door(recognise.who_may(Action.EXTENDED), user_in_scope)
LISTS = Door(recognise.who_may(Action.LISTS))
STATISTICS = Door(recognise.who_may(Action.STATISTICS))
PROVIDERS = Door(recognise.who_may(Action.PROVIDERS))

app = resolver()

# Plain words come in English or Spanish. No `type` statement: Powertools does not look through one.
AcceptLanguage = Annotated[str, Header(alias="accept-language")]
Accept = Annotated[str, Header(alias="accept")]

# What both lists of bad credentials may be asked for.
OfClass = Annotated[str | None, Query(alias="class", max_length=255)]
OfCause = Annotated[Cause | None, Query()]
OnChannel = Annotated[Channel | None, Query()]
SinceThen = Annotated[Since | None, Query()]
Limit = Annotated[int | None, Query(ge=1, le=PAGE_LIMIT)]
After = Annotated[str | None, Query(max_length=100)]

OF_BAD_CREDENTIALS = csv.responses(BadCredentialsOut)
OF_STATISTICS = csv.responses(StatisticsOut)


@app.get("/me", summary="Who is signed in", tags=["profiles"])
def me(accept_language: AcceptLanguage = "") -> MeOut:
    """The accounts that the token proves, and what their holder may do.

    A sign-in with an email address or phone number from before which something bounced is written down for
    staff. Where the deployment is set up so (`LiftOnProof`), it lifts those bounces.
    """
    token = identity.token(app.current_event.raw_event)
    return MeOut.of(signed_in.me(token, _now()), words.of_accept_language(accept_language), SMS_NUMBER)


@app.post("/users/search", summary="Find users", tags=["profiles"], middlewares=[SEARCH])
def search_users(wish: UserSearchIn) -> SummariesOut:
    """Users in the viewer's scope, by names or a full address, and filters. Answers no addresses."""
    return SummariesOut.of(search.people(wish.wish(), door.viewer(app), _now()))


@app.post("/students/search", summary="Find students", tags=["profiles"], middlewares=[SEARCH])
def search_students(wish: StudentSearchIn) -> SummariesOut:
    """Students in the viewer's scope, by names, school and class."""
    return SummariesOut.of(search.people(wish.wish(), door.viewer(app), _now()))


@app.post("/classes/search", summary="Find classes", tags=["profiles"], middlewares=[SEARCH])
def search_classes(wish: ClassSearchIn) -> ClassesOut:
    """Classes that the viewer may know of, by words of their titles in any order, and by school."""
    return ClassesOut.of(search.classes_by_title(wish.to_model(), door.viewer(app), _now()))


@app.get("/classes/<class_id>", summary="A class", tags=["profiles"], middlewares=[VIEW])
def show_class(class_id: Annotated[str, Path()]) -> ClassOut:
    """A class that the viewer may know of, with its school. Its people are found by the searches."""
    return ClassOut.of_found(search.class_(class_id, door.viewer(app), _now()))


@app.get("/schools", summary="The viewer's schools", tags=["profiles"], middlewares=[VIEW])
def list_schools() -> ListOut:
    """The schools that the viewer may know of, by name."""
    return ListOut.of_schools(search.schools(door.viewer(app), _now()))


@app.get("/schools/<school_id>/classes", summary="A school's classes", tags=["profiles"], middlewares=[VIEW])
def list_classes(school_id: Annotated[str, Path()]) -> ListOut:
    """The classes of a school that the viewer may know of, by title."""
    return ListOut.of_classes(search.classes(school_id, door.viewer(app), _now()))


@app.get(
    "/schools/<school_id>/bad-credentials",
    summary="Whom a school cannot reach",
    tags=["profiles"],
    middlewares=[LISTS, query.known],
    responses=OF_BAD_CREDENTIALS,
)
def list_bad_credentials_of_a_school(
    school_id: Annotated[str, Path()],
    class_: OfClass = None,
    cause: OfCause = None,
    channel: OnChannel = None,
    since: SinceThen = None,
    limit: Limit = None,
    cursor: After = None,
    accept: Accept = "",
    accept_language: AcceptLanguage = "",
) -> Response[Any]:
    """Guardians and staff of a school whom an email address or phone number no longer reaches, and why.

    As CSV, by name, with `Accept: text/csv`: up to 5,000 lines, and a `Link` to the next.
    """
    wish = BadSearch(
        school=school_id, class_=class_, cause=cause, channel=channel, since=since_of(since), cursor=cursor
    )
    return _bad_credentials(wish, limit, accept, accept_language)


@app.get(
    "/bad-credentials",
    summary="Whom the district cannot reach",
    tags=["profiles"],
    middlewares=[LISTS, query.known],
    responses=OF_BAD_CREDENTIALS,
)
def list_bad_credentials(
    class_: OfClass = None,
    cause: OfCause = None,
    channel: OnChannel = None,
    since: SinceThen = None,
    limit: Limit = None,
    cursor: After = None,
    accept: Accept = "",
    accept_language: AcceptLanguage = "",
) -> Response[Any]:
    """The same of all schools that the viewer may see."""
    wish = BadSearch(class_=class_, cause=cause, channel=channel, since=since_of(since), cursor=cursor)
    return _bad_credentials(wish, limit, accept, accept_language)


def _bad_credentials(wish: BadSearch, limit: int | None, accept: str, accept_language: str) -> Response[Any]:
    language = words.of_accept_language(accept_language)
    if not csv.is_asked(accept):
        page = bad_credentials.page(replace(wish, limit=limit or PAGE), door.viewer(app), _now())
        return Response(200, "application/json", BadCredentialsOut.of(page, language, SMS_NUMBER))
    wish = replace(wish, limit=limit or bad_credentials.EXPORT_LIMIT)
    page = bad_credentials.export(wish, door.viewer(app), _now())
    told = BadCredentialsOut.of(page, language, SMS_NUMBER)
    asked = app.current_event.query_string_parameters
    rest = asked | {"cursor": page.next_cursor} if page.next_cursor else {}
    return csv.answer(COLUMNS, rows(told.items), "bad-credentials", rest)


@app.get(
    "/statistics",
    summary="What became of messages",
    tags=["profiles"],
    middlewares=[STATISTICS, query.known],
    responses=OF_STATISTICS,
)
def show_statistics(
    by: Annotated[By, Query()],
    from_: Annotated[date | None, Query(alias="from")] = None,
    to: Annotated[date | None, Query()] = None,
    accept: Accept = "",
) -> Response[Any]:
    """Approximate counts of whole weeks, the last 8 unless days are told, by what providers say.

    As CSV with `Accept: text/csv`. Who does not see the district sees their own schools' alone.
    """
    told = StatisticsOut.of(statistics.by(by, from_, to, door.viewer(app), _now()))
    if csv.is_asked(accept):
        return csv.answer(columns(by), statistics_rows(told.items, by), f"statistics-by-{by}", {})
    return Response(200, "application/json", told)


@app.get("/providers", summary="The providers' accounts", tags=["profiles"], middlewares=[PROVIDERS])
def show_providers() -> ProvidersOut:
    """When each account was last heard, and how the releases from its own list go. Shows no secret."""
    return ProvidersOut.of(providers.accounts(door.viewer(app), _now()))


@app.post("/me", summary="Accept an invitation", tags=["profiles"])
def accept_an_invitation(wish: AcceptIn, accept_language: AcceptLanguage = "") -> MeOut:
    """Make a pending account active. The token must prove a credential of it."""
    token = identity.token(app.current_event.raw_event)
    accept_invitation.accept(wish.id, token, _now())
    return MeOut.of(signed_in.me(token, _now()), words.of_accept_language(accept_language), SMS_NUMBER)


@app.get("/users/<user_id>", summary="A user's profile", tags=["profiles"], middlewares=[VIEW])
def show_user(user_id: Annotated[str, Path()], accept_language: AcceptLanguage = "") -> Response[UserOut]:
    """A user with credentials, status and why, as far as the viewer may see. The audit keeps the view."""
    shown = user.user(user_id, door.viewer(app), _now())
    body = UserOut.of(shown, words.of_accept_language(accept_language), SMS_NUMBER)
    return Response(200, "application/json", body, headers={"etag": shown.etag})


@app.get("/students/<student_id>", summary="A student's profile", tags=["profiles"], middlewares=[VIEW])
def show_student(student_id: Annotated[str, Path()]) -> StudentOut:
    """A student with guardians, and whether each can be reached. The audit keeps the view."""
    return StudentOut.of(student.student(student_id, door.viewer(app), _now()))


@app.get(
    "/users/<user_id>/credentials/<kind>/events",
    summary="What happened to a credential",
    tags=["profiles"],
    middlewares=[EXTENDED],
)
def show_events(
    user_id: Annotated[str, Path()],
    kind: Annotated[CredentialKind, Path()],
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE,
    cursor: Annotated[str | None, Query()] = None,
    accept_language: AcceptLanguage = "",
) -> EventsOut:
    """Bounces, complaints, resets and marks, newest first, of the time in which this user held it."""
    page = events.events(user_id, kind, door.viewer(app), _now(), limit=limit, cursor=cursor)
    return EventsOut.of(page, kind, words.of_accept_language(accept_language), SMS_NUMBER)


@app.get("/users/<user_id>/messages", summary="A user's messages", tags=["profiles"], middlewares=[EXTENDED])
def show_messages(
    user_id: Annotated[str, Path()],
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    accept_language: AcceptLanguage = "",
) -> MessagesOut:
    """What was sent to a user, by us and by others, and what became of it, newest first."""
    page = messages.of_user(user_id, door.viewer(app), _now(), limit=limit, cursor=cursor)
    return MessagesOut.of(page, words.of_accept_language(accept_language))


@app.get("/openapi.json", summary="This document", tags=["profiles"])
def openapi() -> Response[str]:
    """The API's description (OpenAPI 3.1), generated from the routes."""
    document = resources.files("reachable.web").joinpath("openapi.json").read_text()
    return Response(200, "application/json", document)


def _now() -> datetime:
    return datetime.now(UTC)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API, or a direct invoke of one of its routes."""
    return answer(app, event, context)
