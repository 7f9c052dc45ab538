"""Who sees and does what, on the deployed stack: every role x route x scope, from one table.

Three families of the sample district: one of a class that the sample teacher teaches, one of the same school
but of no class of theirs, one of another school. Reset Status of somebody good changes nothing; a mark by
hand is undone.
"""

import json
from typing import Any, Final
from uuid import uuid4

import pytest

from reachable.model.people import RosterKind, id_of
from tools.stack import Stack

FAMILIES: Final = {
    "class": ("stu-037", "gua-048"),
    "school": ("stu-038", "gua-050"),
    "other": ("stu-050", "gua-070"),
}

SCOPE: Final = {
    "teacher": {"class"},
    "school_staff": {"class", "school"},
    "district": {"class", "school", "other"},
    "rostering_administrator": {"class", "school", "other"},
    "communications_administrator": {"class", "school", "other"},
    "user_manager": {"class", "school", "other"},
}
"""Whom each role may know of."""
RESETTERS: Final = {"rostering_administrator", "communications_administrator", "user_manager"}
STRANGERS: Final = ("guardian", "shared_guardian", "sends")
"""Who has a token, but no role of staff."""

MARK: Final = {"credential": "email", "note": "The matrix."}
ROUTES: Final[tuple[tuple[str, str, Any, frozenset[str]], ...]] = (
    ("GET", "/students/{student}", None, frozenset(SCOPE)),
    ("GET", "/users/{user}", None, frozenset(SCOPE)),
    ("GET", "/users/{user}/messages", None, frozenset(RESETTERS)),
    ("GET", "/users/{user}/credentials/email/events", None, frozenset(RESETTERS)),
    ("POST", "/users/{user}/reset", {}, frozenset(RESETTERS)),
    ("POST", "/users/{user}/blocks", MARK, frozenset(RESETTERS)),
)
"""Method, path, body, and the roles that have the route at all."""
ROSTERING: Final = frozenset({"rostering_administrator"})
SENDERS: Final = frozenset({"sends"})
FOLLOWERS: Final = frozenset({"sends", "communications_administrator"})
ASKED: Final = {"recipients": [{"credential": "email:a@example.org"}]}
REFUSED: Final = {"messages": [{"user_id": "nobody", "channel": "sms", "text": "", "dedup_id": "matrix"}]}
ROLES_ONLY: Final[tuple[tuple[str, str, Any, int, frozenset[str]], ...]] = (
    ("POST", "/users/search", {"q": "a"}, 200, frozenset(SCOPE)),
    ("POST", "/students/search", {"q": "a"}, 200, frozenset(SCOPE)),
    ("GET", "/providers", None, 200, frozenset({*RESETTERS, "district"})),
    ("POST", "/classes/search", {"q": "a"}, 200, frozenset(SCOPE)),
    ("GET", "/schools", None, 200, frozenset(SCOPE)),
    ("GET", "/schools/none/classes", None, 404, frozenset(SCOPE)),
    ("POST", "/users/none/reminders", None, 404, frozenset(RESETTERS)),
    ("GET", "/imports", None, 200, ROSTERING),
    ("POST", "/imports", None, 201, ROSTERING),
    ("GET", "/imports/none", None, 404, ROSTERING),
    ("POST", "/imports/none/force", None, 404, ROSTERING),
    ("POST", "/sends/check", ASKED, 200, SENDERS),
    ("POST", "/messages", REFUSED, 202, SENDERS),
    ("POST", "/messages/search", {"status": "uncertain"}, 200, FOLLOWERS),
    ("POST", "/messages/cancel", {"ids": ["none"]}, 200, FOLLOWERS),
    ("GET", "/messages/none", None, 404, FOLLOWERS),
    ("GET", "/batches", None, 200, FOLLOWERS),
    ("POST", f"/batches/{'x' * 101}/hold", None, 404, FOLLOWERS),
    ("GET", "/batches/none", None, 404, FOLLOWERS),
    ("POST", "/batches/none/resume", None, 404, FOLLOWERS),
    ("POST", "/batches/none/drop", None, 404, FOLLOWERS),
)
FUNCTIONS: Final = {
    "imports": ("/imports",),
    "sends": ("/sends/",),
    "messages": ("/messages", "/batches", "/users/none/reminders"),
    "reset": ("/users/{user}/reset", "/users/{user}/blocks"),
}
"""What each function has; the rest has profiles."""


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("login", [*SCOPE, *STRANGERS])
@pytest.mark.parametrize(("method", "path", "body", "roles"), ROUTES, ids=lambda one: str(one)[:40])
def test_a_route_about_somebody_asks_for_role_and_scope(
    stack: Stack, method: str, path: str, body: Any, roles: frozenset[str], login: str, family: str
) -> None:
    student, user = FAMILIES[family]
    path = path.format(student=id_of(RosterKind.STUDENT, student), user=id_of(RosterKind.USER, user))
    answer = stack.api(method, path, body, stack.token(login))
    expected = 403 if login not in roles else 200 if family in SCOPE[login] else 404
    assert answer.status == expected, answer.body
    if body is MARK and expected == 200:
        undone = stack.api("POST", path.replace("blocks", "reset"), {}, stack.token(login)).body
        assert "reset" in {one["outcome"] for one in undone["results"]}


@pytest.mark.parametrize("login", [*SCOPE, *STRANGERS])
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "roles"), ROLES_ONLY, ids=lambda one: str(one)[:40]
)
def test_a_route_about_nobody_asks_for_the_role(
    stack: Stack, method: str, path: str, body: Any, status: int, roles: frozenset[str], login: str
) -> None:
    answer = stack.api(method, path, body, stack.token(login))
    assert answer.status == (status if login in roles else 403), answer.body


EVERY: Final = [
    *((method, path, body, 200) for method, path, body, _ in ROUTES),
    *((method, path, body, status) for method, path, body, status, _ in ROLES_ONLY),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), EVERY, ids=lambda one: str(one)[:40])
def test_only_an_access_token_opens_a_door(
    stack: Stack, method: str, path: str, body: Any, status: int
) -> None:
    path = path.format(student=id_of(RosterKind.STUDENT, "stu-037"), user=id_of(RosterKind.USER, "gua-048"))
    assert stack.api(method, path, body).status == 401
    for login in ("rostering_administrator", "communications_administrator"):
        assert stack.api(method, path, body, stack.id_token(login)).status == 403


@pytest.mark.parametrize(("method", "path", "body", "status"), EVERY, ids=lambda one: str(one)[:40])
def test_a_direct_invoke_opens_every_door_and_its_name_is_kept(
    stack: Stack, method: str, path: str, body: Any, status: int
) -> None:
    name = next((one for one, paths in FUNCTIONS.items() if path.startswith(paths)), "profiles")
    ids = {"student": id_of(RosterKind.STUDENT, "stu-037"), "user": id_of(RosterKind.USER, "gua-048")}
    operator = f"maria-{uuid4().hex}"

    def invoke(route: str, asked: Any) -> int:
        payload = json.dumps({"as": operator, "route": route, "path": ids, "body": asked})
        done = stack.aws.functions.invoke(FunctionName=stack.functions[name], Payload=payload)
        told: int = json.loads(done["Payload"].read())["statusCode"]
        return told

    assert invoke(f"{method} {path}", body) == status
    if body is MARK:
        assert invoke("POST /users/{user}/reset", {}) == 200
    is_kept = status < 300 and not path.startswith("/sends/") and path != "/messages"
    found = stack.aws.dynamodb.query(
        TableName=stack.tables["audit"],
        KeyConditionExpression="subject = :s",
        ExpressionAttributeValues={":s": {"S": f"staff#aws:{operator}"}},
    )
    assert bool(found["Items"]) is is_kept


@pytest.mark.parametrize("login", SCOPE)
@pytest.mark.parametrize("family", FAMILIES)
def test_search_and_lists_tell_of_nobody_outside_the_scope(stack: Stack, login: str, family: str) -> None:
    token = stack.token(login)
    manager = stack.token("user_manager")
    for kind, sourced_id in zip(("students", "users"), FAMILIES[family], strict=True):
        known = RosterKind.STUDENT if kind == "students" else RosterKind.USER
        id_ = id_of(known, sourced_id)
        name = stack.api("GET", f"/{kind}/{id_}", token=manager).body["name"]
        found = stack.api("POST", f"/{kind}/search", {"q": name}, token).body
        seen = {one["id"] for one in found["items"]}
        assert (id_ in seen) is (family in SCOPE[login])
        if family not in SCOPE[login]:
            assert found == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("login", SCOPE)
def test_a_full_address_finds_nobody_outside_the_scope(stack: Stack, login: str) -> None:
    token = stack.token(login)
    for family, (_, guardian) in FAMILIES.items():
        profile = stack.api(
            "GET", f"/users/{id_of(RosterKind.USER, guardian)}", token=stack.token("user_manager")
        ).body
        for credential in profile["credentials"]:
            found = stack.api("POST", "/users/search", {"q": credential["typed"]}, token).body["items"]
            assert (profile["id"] in {one["id"] for one in found}) is (family in SCOPE[login])


@pytest.mark.parametrize("login", SCOPE)
def test_only_the_extended_permission_shows_blocks(stack: Stack, login: str) -> None:
    user = id_of(RosterKind.USER, FAMILIES["class"][1])
    manager = stack.token("user_manager")
    assert stack.api("POST", f"/users/{user}/blocks", MARK, manager).status == 200
    try:
        profile = stack.api("GET", f"/users/{user}", token=stack.token(login)).body
        [email] = [one for one in profile["credentials"] if one["kind"] == "email"]
        assert (email["status"], bool(email["reason"])) == ("bad", True)
        assert bool(email["blocks"]) is (login in RESETTERS)
        assert ("credentials/blocks" in profile["hidden"]) is (login not in RESETTERS)
        assert ("reset" in profile["actions"]) is (login in RESETTERS)
    finally:
        stack.api("POST", f"/users/{user}/reset", {}, manager)
