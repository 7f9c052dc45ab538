"""One door: every route, by every role, in and out of scope, with every token, and by direct invoke.

One table says who comes in where. What stands there is the design's (5, "Who sees what"; 6), not the code's.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

import pytest

from functions.imports.app import handler as imports
from functions.incidents.app import handler as incidents
from functions.messages.app import handler as messages
from functions.profiles.app import handler as profiles
from functions.reset.app import handler as reset
from functions.sends.app import handler as sends
from reachable.model.viewer import TokenRole
from reachable.store import dynamodb
from tests.functions import district
from tests.functions.api import Answer, call, invoke
from tests.functions.district import ADA, ART, BO, FAR, MANAGER, NORTH, PENDING, TEACHER

TEACHERS, OFFICE, DISTRICT, ROSTERING, COMMUNICATIONS, USERS, EXTENDED = TokenRole
RESETTERS: Final = frozenset({ROSTERING, COMMUNICATIONS, USERS})
STAFF: Final = RESETTERS | {TEACHERS, OFFICE, DISTRICT}
MACHINE: Final = "reachable/sends"
NOBODY: Final[frozenset[str]] = frozenset()
OPERATOR: Final = "maria@ops"


@dataclass(frozen=True)
class Route:
    """A route, a call of it that is right, who may, and what the audit keeps of it.

    ``wrong`` is a body, ``wrong_query`` a query, that is not of its shape; ``elsewhere`` the same call about
    somebody out of a teacher's scope.
    """

    handler: Callable[[dict[str, Any], Any], dict[str, Any]]
    name: str
    who: frozenset[str]
    status: int
    act: str | None
    path: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    query: Mapping[str, str] | None = None
    wrong: Any = None
    wrong_query: Mapping[str, str] | None = None
    elsewhere: Mapping[str, str] | None = None

    @property
    def method(self) -> str:
        return self.name.partition(" ")[0]

    def at(self, path: Mapping[str, str]) -> str:
        return self.name.partition(" ")[2].format(**path)

    def __str__(self) -> str:
        return self.name


ADAS: Final = {"user_id": ADA.id}
FARS: Final = {"user_id": FAR.id}
LIMIT: Final = {"limit": "0"}
ROUTES: Final = (
    Route(profiles, "POST /users/search", STAFF, 200, "searched", body={"q": "ada"}, wrong={"q": 1}),
    Route(profiles, "POST /students/search", STAFF, 200, "searched", body={"q": "bo"}, wrong=[1]),
    Route(profiles, "GET /providers", RESETTERS | {DISTRICT}, 200, "viewed_providers"),
    Route(profiles, "POST /classes/search", STAFF, 200, "listed_classes", body={"q": "art"}, wrong={"q": 1}),
    Route(profiles, "GET /classes/{class_id}", STAFF, 200, "listed_classes", {"class_id": ART.id}),
    Route(profiles, "GET /schools", STAFF, 200, "listed_schools"),
    Route(
        profiles,
        "GET /schools/{school_id}/classes",
        STAFF,
        200,
        "listed_classes",
        {"school_id": NORTH.id},
    ),
    Route(
        profiles,
        "GET /schools/{school_id}/bad-credentials",
        STAFF,
        200,
        "listed_bad_credentials",
        {"school_id": NORTH.id},
        wrong_query=LIMIT,
    ),
    Route(
        profiles,
        "GET /bad-credentials",
        STAFF,
        200,
        "listed_bad_credentials",
        wrong_query=LIMIT,
    ),
    Route(
        profiles,
        "GET /statistics",
        STAFF,
        200,
        "viewed_statistics",
        query={"by": "school"},
        wrong_query={"by": "weather"},
    ),
    Route(profiles, "GET /users/{user_id}", STAFF, 200, "viewed", ADAS, elsewhere=FARS),
    Route(
        profiles,
        "GET /students/{student_id}",
        STAFF,
        200,
        "viewed",
        {"student_id": BO.id},
        elsewhere={"student_id": ADA.id},
    ),
    Route(
        profiles,
        "GET /users/{user_id}/messages",
        RESETTERS,
        200,
        "viewed_messages",
        ADAS,
        wrong_query=LIMIT,
        elsewhere=FARS,
    ),
    Route(
        profiles,
        "GET /users/{user_id}/credentials/{kind}/events",
        RESETTERS,
        200,
        "viewed_events",
        ADAS | {"kind": "email"},
        wrong_query=LIMIT,
        elsewhere=FARS | {"kind": "email"},
    ),
    Route(
        reset,
        "POST /users/{user_id}/reset",
        RESETTERS,
        200,
        "reset",  # it is good: nothing is lifted, but that somebody asked for it is kept
        ADAS,
        body={"credentials": ["email"], "note": "x"},
        wrong={"note": 1},
    ),
    Route(
        reset,
        "POST /users/{user_id}/blocks",
        RESETTERS,
        200,
        "marked",
        ADAS,
        body={"credential": "email", "note": "x"},
        wrong={},
    ),
    Route(messages, "POST /users/{user_id}/reminders", RESETTERS, 202, "reminded", {"user_id": PENDING.id}),
    Route(imports, "GET /imports", frozenset({ROSTERING}), 200, "listed_imports", wrong_query=LIMIT),
    Route(imports, "POST /imports", frozenset({ROSTERING}), 201, "uploaded", wrong_query={"dry_run": "true"}),
    Route(imports, "GET /imports/{import_id}", frozenset({ROSTERING}), 404, None, {"import_id": "1"}),
    Route(
        imports,
        "POST /imports/{import_id}/force",
        frozenset({ROSTERING}),
        404,
        None,
        {"import_id": "1"},
        wrong_query={"dry_run": "true"},
    ),
    Route(
        incidents,
        "POST /resets",
        RESETTERS,
        202,
        "saved_incident",
        body={"users": ["ada"], "dry_run": True},
        wrong={"users": []},
        wrong_query={"dry_run": "true"},
    ),
    Route(incidents, "GET /resets", RESETTERS, 200, "listed_incidents", wrong_query=LIMIT),
    Route(incidents, "GET /resets/{incident_id}", RESETTERS, 404, None, {"incident_id": "1"}),
    Route(incidents, "GET /resets/{incident_id}/report", RESETTERS, 404, None, {"incident_id": "1"}),
    *(
        Route(
            incidents,
            f"POST /resets/{{incident_id}}/{act}",
            RESETTERS,
            404,
            None,
            {"incident_id": "1"},
            wrong_query={"dry_run": "true"},
        )
        for act in ("count", "start", "stop", "undo")
    ),
    Route(
        sends,
        "POST /sends/check",
        frozenset({MACHINE}),
        200,
        None,
        body={"recipients": [{"user_id": ADA.id, "channel": "email"}]},
        wrong={"recipients": []},
    ),
    Route(
        messages,
        "POST /messages",
        frozenset({MACHINE}),
        202,
        None,
        body={"messages": [{"user_id": ADA.id, "channel": "sms", "text": "x", "dedup_id": "1"}]},
        wrong={"messages": []},
    ),
    Route(
        messages,
        "POST /messages/search",
        frozenset({MACHINE, COMMUNICATIONS}),
        200,
        "searched_messages",
        body={"status": "uncertain"},
        wrong={"status": "lost"},
    ),
    Route(
        messages,
        "POST /messages/cancel",
        frozenset({MACHINE, COMMUNICATIONS}),
        200,
        "cancelled",
        body={"ids": ["1"]},
        wrong={"ids": []},
    ),
    Route(messages, "GET /batches", frozenset({MACHINE, COMMUNICATIONS}), 200, "listed_batches"),
    Route(
        messages,
        "GET /messages/{message_id}",
        frozenset({MACHINE, COMMUNICATIONS}),
        404,
        None,
        {"message_id": "1"},
    ),
    Route(
        messages,
        "GET /batches/{batch_id}",
        frozenset({MACHINE, COMMUNICATIONS}),
        404,
        None,
        {"batch_id": "1"},
    ),
    Route(
        messages,
        "POST /batches/{batch_id}/hold",
        frozenset({MACHINE, COMMUNICATIONS}),
        404,
        None,
        {"batch_id": "sender:"},
        body={},
        wrong={"note": 1},
    ),
    Route(
        messages,
        "POST /batches/{batch_id}/resume",
        frozenset({MACHINE, COMMUNICATIONS}),
        404,
        None,
        {"batch_id": "1"},
    ),
    Route(
        messages,
        "POST /batches/{batch_id}/drop",
        frozenset({MACHINE, COMMUNICATIONS}),
        404,
        None,
        {"batch_id": "1"},
    ),
)
OF_THE_SIGNED_IN: Final = {"GET /me", "POST /me"}
FOR_ANYBODY: Final = {"GET /openapi.json", "GET /unsubscribe/{token}", "POST /unsubscribe/{token}"}
GROUPS: Final = (*sorted(TokenRole), MACHINE, "chess_club")


@pytest.fixture(autouse=True)
def _district(aws: None, state_machine: None) -> None:
    district.settle()


def claims(group: str, **more: Any) -> dict[str, Any]:
    """A token of a group: a teacher's own, else one of who sees as far as the role lets them."""
    if group == MACHINE:
        return {"sub": "newsletter", "token_use": "access", "scope": MACHINE} | more
    who = TEACHER if group in {TEACHERS, OFFICE} else MANAGER
    return district.claims(who, group, **more)


def ask(
    route: Route, token: Mapping[str, Any], path: Mapping[str, str] | None = None, **other: Any
) -> Answer:
    told = {"body": route.body, "query": route.query} | other
    return call(route.handler, route.method, route.at(path or route.path), dict(token), **told)


def audited() -> list[tuple[str, str]]:
    """Who did what, once each: a record stands by person, too."""
    items = map(dynamodb.of_wire, dynamodb.client().scan(TableName="audit")["Items"])
    return [(item["by"], item["act"]) for item in items if item["subject"].startswith("staff#")]


def test_the_table_has_every_route() -> None:
    document = json.loads(resources.files("reachable.web").joinpath("openapi.json").read_text())
    known = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert known == {route.name for route in ROUTES} | OF_THE_SIGNED_IN | FOR_ANYBODY


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_who_may_comes_in_and_nobody_else(route: Route) -> None:
    for group in GROUPS:
        before = audited()
        answer = ask(route, claims(group))
        assert answer.status == (route.status if group in route.who else 403), (group, answer.body)
        by = {MACHINE: "client:newsletter", TEACHERS: TEACHER.id, OFFICE: TEACHER.id}.get(group, MANAGER.id)
        kept = [(by, route.act)] if group in route.who and route.act else []
        assert sorted(audited()) == sorted(before + kept), group
        if route.status != 202 and route.act != "marked":
            continue
        reset_district()  # once a day, and once a dedup id


def reset_district() -> None:
    for table, keys in (("messages", ("entity", "item")), ("credentials", ("credential", "item"))):
        for item in dynamodb.client().scan(TableName=table)["Items"]:
            if not item["item"]["S"].startswith("holder#"):
                dynamodb.client().delete_item(TableName=table, Key={name: item[name] for name in keys})


SHAPED: Final = [route for route in ROUTES if route.wrong is not None or route.wrong_query is not None]


@pytest.mark.parametrize("route", SHAPED, ids=str)
def test_a_stranger_learns_nothing_from_a_wrong_shape(route: Route) -> None:
    wrong: list[dict[str, Any]] = [{"query": route.wrong_query}] if route.wrong_query else []
    wrong += [{"body": body} for body in (route.wrong, "{", "[" * 100_000)] if route.wrong is not None else []
    for other in wrong:
        for group in GROUPS:
            answer = ask(route, claims(group), **other)
            assert answer.status == (400 if group in route.who else 403), (group, other)
    assert audited() == []


ABOUT_SOMEBODY: Final = [route for route in ROUTES if route.elsewhere is not None]


@pytest.mark.parametrize("route", ABOUT_SOMEBODY, ids=str)
def test_who_is_out_of_scope_is_not_there(route: Route) -> None:
    assert route.elsewhere is not None
    own = district.claims(TEACHER, "teacher", "extended_history")
    assert ask(route, own).status == 200
    before = audited()
    assert ask(route, own, route.elsewhere).status == 404
    if route.wrong_query:
        assert ask(route, own, query=route.wrong_query).status == 400
        assert ask(route, own, route.elsewhere, query=route.wrong_query).status == 404
    assert audited() == before


@pytest.mark.parametrize("name", ["reset", "blocks"])
def test_nobody_learns_of_a_wrong_body_about_nobody(name: str) -> None:
    [route] = [route for route in ROUTES if route.name == f"POST /users/{{user_id}}/{name}"]
    assert ask(route, claims(USERS), {"user_id": "nobody"}, body=route.wrong).status == 404


@pytest.mark.parametrize("route", ROUTES, ids=str)
@pytest.mark.parametrize(
    "changed",
    [
        {"token_use": "id"},
        {"token_use": None},
        {"sub": ""},
        {"email": "stranger@example.org"},
        {"email_verified": False},
        {"cognito:groups": "[user_manager]", "scope": "reachable/send"},
    ],
    ids=str,
)
def test_a_token_that_is_none_of_staff_opens_nothing(route: Route, changed: dict[str, Any]) -> None:
    for group in route.who - {MACHINE}:
        assert ask(route, claims(group, **changed)).status == 403, group
    if MACHINE in route.who and not {"email", "email_verified"} & changed.keys():
        assert ask(route, claims(MACHINE, **changed)).status == 403
    assert audited() == []


@pytest.mark.parametrize("name", sorted(OF_THE_SIGNED_IN))
def test_an_id_token_is_nobody_signed_in(name: str) -> None:
    method, _, path = name.partition(" ")
    token = district.claims(ADA, token_use="id")
    body = {"user_id": ADA.id} if method == "POST" else None
    assert call(profiles, method, path, token, body).status == 403


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_direct_invoke_is_let_in_by_the_same_door_and_marked_as_such(route: Route) -> None:
    query = {"query": dict(route.query)} if route.query else {}
    answer = invoke(route.handler, route.name, by=OPERATOR, path=dict(route.path), body=route.body, **query)
    assert answer.status == route.status, answer.body
    assert audited() == ([(f"aws:{OPERATOR}", route.act)] if route.act else [])


@pytest.mark.parametrize("route", [route for route in ROUTES if route.act], ids=str)
def test_without_a_record_there_is_no_answer(route: Route, silent_audit: None) -> None:
    group = max(route.who - {MACHINE})
    answer = ask(route, claims(group))
    assert answer.status == 503
    assert set(answer.body) == {"type", "title", "status", "detail"}


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_no_answer_is_kept_by_a_browser_or_a_proxy(route: Route) -> None:
    for group in (max(route.who), "chess_club"):
        assert ask(route, claims(group)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["GET /me", "GET /openapi.json", "GET /nowhere"])
def test_nor_is_any_other(name: str) -> None:
    method, _, path = name.partition(" ")
    assert call(profiles, method, path, district.claims(ADA)).headers["cache-control"] == "no-store"


def test_a_search_is_kept_with_those_whom_it_showed() -> None:
    body = {"q": "", "class": ART.id}
    found = call(profiles, "POST", "/users/search", claims(TEACHERS), body).body["items"]
    [item] = [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="audit")["Items"]]
    assert item["shown"] == [person["id"] for person in found] != []
    assert item["details"] == {"by": "name"}
