"""Who sees and does what, on the deployed stack: every role x route x scope, from one table.

Three families of the sample district: one of a class that the sample teacher teaches, one of the same school
but of no class of theirs, one of another school. Reset Status of somebody good changes nothing; a mark by
hand is undone.
"""

from typing import Any, Final

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
    ("GET", "/users/{user}/credentials/email/events", None, frozenset(RESETTERS)),
    ("POST", "/users/{user}/reset", {}, frozenset(RESETTERS)),
    ("POST", "/users/{user}/blocks", MARK, frozenset(RESETTERS)),
)
"""Method, path, body, and the roles that have the route at all."""
ROLES_ONLY: Final[tuple[tuple[str, str, Any, frozenset[str]], ...]] = (
    ("POST", "/users/search", {"q": "a"}, frozenset(SCOPE)),
    ("POST", "/students/search", {"q": "a"}, frozenset(SCOPE)),
    ("GET", "/schools", None, frozenset(SCOPE)),
    ("GET", "/imports", None, frozenset({"rostering_administrator"})),
    ("POST", "/imports", None, frozenset({"rostering_administrator"})),
    ("GET", "/imports/none", None, frozenset({"rostering_administrator"})),
    ("POST", "/imports/none/force", None, frozenset({"rostering_administrator"})),
    ("POST", "/sends/check", {"recipients": [{"credential": "email:a@example.org"}]}, frozenset({"sends"})),
)


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
@pytest.mark.parametrize(("method", "path", "body", "roles"), ROLES_ONLY, ids=lambda one: str(one)[:40])
def test_a_route_about_nobody_asks_for_the_role(
    stack: Stack, method: str, path: str, body: Any, roles: frozenset[str], login: str
) -> None:
    answer = stack.api(method, path, body, stack.token(login))
    unknown = 404 if path.startswith("/imports/") else 201 if (method, path) == ("POST", "/imports") else 200
    assert answer.status == (unknown if login in roles else 403), answer.body


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
