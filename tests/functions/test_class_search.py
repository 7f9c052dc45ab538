"""A search for classes: by words of their titles, in scope, page by page; and by what the import writes."""

from dataclasses import replace
from typing import Any, Final

import pytest

from functions.profiles.app import handler
from reachable.model.people import RosterKind, SchoolClass, id_of
from reachable.store import dynamodb
from reachable.store.roster import items, search
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import ALL, ART, MANAGER, NORTH, SOUTH, TEACHER, manager, teacher

OFFICE: Final = district.claims(replace(TEACHER), "school_staff")


def class_(sourced_id: str, title: str, school: str = SOUTH.id) -> SchoolClass:
    return SchoolClass(
        id=id_of(RosterKind.CLASS, sourced_id), sourced_id=sourced_id, title=title, school=school
    )


CLASSES: Final = (
    class_("alg", "Algebra 1 - Period 3"),
    class_("ale", "Álgebra y Aritmética"),
    class_("bio", "Biology, Period 3"),
    class_("art2", "Art and Algebra", NORTH.id),
)


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.import_(*ALL, *CLASSES)


def ask(claims: dict[str, Any], **wish: Any) -> Answer:
    return call(handler, "POST", "/classes/search", claims, wish)


def found(claims: dict[str, Any], **wish: Any) -> list[str]:
    return [told["sourced_id"] for told in ask(claims, **wish).body["items"]]


@pytest.mark.parametrize(
    ("q", "classes"),
    [
        ("alg", {"alg", "ale", "art2"}),
        ("ALGEBRA", {"alg", "ale", "art2"}),
        ("per alg", {"alg"}),
        ("alg per", {"alg"}),
        ("3", {"alg", "bio"}),
        ("a a", {"ale", "alg", "art", "art2"}),
        ("gebra", set()),
        ("-", set()),
    ],
)
def test_classes_are_found_by_the_beginnings_of_words_in_any_order(q: str, classes: set[str]) -> None:
    assert set(found(manager(), q=q)) == classes
    assert len(found(manager(), q=q)) == len(classes)


def test_a_class_is_told_with_its_school() -> None:
    assert ask(manager(), q="bio").body == {
        "items": [
            {
                "id": id_of(RosterKind.CLASS, "bio"),
                "sourced_id": "bio",
                "name": "Biology, Period 3",
                "school": {"id": SOUTH.id, "sourced_id": "south", "name": "South School"},
            }
        ],
        "next_cursor": None,
    }


@pytest.mark.parametrize(
    ("claims", "wish", "classes"),
    [
        (teacher(), {"q": "a"}, ["art"]),
        (teacher(), {"q": "", "school": NORTH.id}, ["art"]),
        (teacher(), {"q": "art", "school": SOUTH.id}, []),
        (teacher(), {"q": "-"}, []),
        (OFFICE, {"q": "a"}, ["art", "art2"]),
        (OFFICE, {"q": "alg", "school": SOUTH.id}, []),
        (manager(), {"school": SOUTH.id}, ["alg", "ale", "bio"]),
        (manager(), {"q": "alg", "school": NORTH.id}, ["art2"]),
        (manager(), {"q": "alg", "school": "nonsense"}, []),
    ],
)
def test_of_whom_it_tells_is_the_scope_s_and_the_school_s(
    claims: dict[str, Any], wish: dict[str, str], classes: list[str]
) -> None:
    assert found(claims, **wish) == classes


def test_a_class_elsewhere_tells_whoever_teaches_it_nothing_of_its_school() -> None:
    tess = replace(TEACHER, classes=(ART.id, CLASSES[2].id))
    district.import_(*(tess if record is TEACHER else record for record in ALL), *CLASSES)
    [told] = ask(teacher(), q="bio").body["items"]
    assert (told["name"], told["school"]) == ("Biology, Period 3", None)
    assert found(teacher(), q="bio", school=SOUTH.id) == []
    assert call(handler, "GET", f"/classes/{told['id']}", teacher()).body == told


@pytest.mark.parametrize("wish", [{"q": "a"}, {"school": SOUTH.id}], ids=["district", "school"])
def test_it_comes_page_by_page_after_the_scope(wish: dict[str, str]) -> None:
    listed: list[str] = []
    cursor: dict[str, str] = {}
    while cursor or not listed:
        page = ask(manager(), **wish, limit=1, **cursor).body
        listed += [told["sourced_id"] for told in page["items"]]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
    assert sorted(listed) == sorted(found(manager(), **wish))


def test_a_search_that_looks_at_very_many_answers_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_LOOKED_AT", 1)
    page = ask(manager(), q="alg per").body
    assert page["next_cursor"] is not None
    assert found(manager(), q="alg per", cursor=page["next_cursor"]) in ([], ["alg"])


@pytest.mark.parametrize(("wish", "pointer"), [({}, "/q"), ({"q": "a", "cursor": "x"}, "/cursor")])
def test_all_classes_of_the_district_and_a_cursor_of_nobody_s_are_refused(
    wish: dict[str, str], pointer: str
) -> None:
    answer = ask(manager(), **wish)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, pointer)


def test_the_audit_keeps_which_classes_were_told() -> None:
    ask(manager(), q="bio")
    [item] = [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="audit")["Items"]]
    assert (item["subject"], item["act"]) == (f"staff#{MANAGER.id}", "listed_classes")
    assert item["shown"] == [id_of(RosterKind.CLASS, "bio")]


@pytest.mark.parametrize("claims", [manager(), OFFICE, teacher()], ids=["district", "office", "teacher"])
def test_a_class_by_its_id_is_told_as_a_search_tells_it(claims: dict[str, Any]) -> None:
    answer = call(handler, "GET", f"/classes/{ART.id}", claims)
    [found] = [told for told in ask(claims, q="art").body["items"] if told["id"] == ART.id]
    assert (answer.status, answer.body) == (200, found)
    assert found["school"]["name"] == "North School"
    item, _ = [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="audit")["Items"]]
    assert (item["act"], ART.id in item["shown"]) == ("listed_classes", True)


@pytest.mark.parametrize(
    ("claims", "class_"),
    [
        (manager(), "nonsense"),
        (OFFICE, CLASSES[2].id),
        (teacher(), CLASSES[2].id),
        (teacher(), CLASSES[3].id),
    ],
    ids=["none", "of another school", "of a teacher's other school", "of another teacher"],
)
def test_a_class_that_the_viewer_may_not_know_of_is_not_there(claims: dict[str, Any], class_: str) -> None:
    answer = call(handler, "GET", f"/classes/{class_}", claims)
    assert (answer.status, answer.body["detail"]) == (
        404,
        "There is no such class, or none that you may see.",
    )
    assert dynamodb.client().scan(TableName="audit")["Items"] == []


def test_a_title_that_changes_is_found_by_the_new_one_alone_and_what_is_gone_by_none() -> None:
    district.import_(*ALL, class_("alg", "Geometry"))
    assert found(manager(), q="geo") == ["alg"]
    assert found(manager(), q="alg") == found(manager(), q="bio") == []


def test_the_next_import_makes_classes_of_an_older_release_findable(monkeypatch: pytest.MonkeyPatch) -> None:
    """What that wrote has its digest, and none of these items: the same roster once more puts them."""
    monkeypatch.setattr(items, "_DIGEST_VERSIONS", {})
    district.import_(*ALL, *CLASSES)
    for item in dynamodb.scan("roster"):
        if item["entity"]["S"].startswith("search#classes#"):
            key = {name: item[name] for name in ("entity", "item")}
            dynamodb.client().delete_item(TableName="roster", Key=key)
    monkeypatch.undo()
    assert found(manager(), q="bio") == []
    district.import_(*ALL, *CLASSES)
    assert found(manager(), q="bio") == ["bio"]
