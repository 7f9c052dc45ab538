"""A search by a whole address: scope, filters and pages as by name, and nothing of what is hidden."""

from dataclasses import replace
from typing import Any, Final

import pytest

from functions.profiles.app import handler
from reachable.flows import apply
from reachable.flows import search as flow
from reachable.model.people import AccountStatus, Link, Role, RosterKind, School, Student, id_of
from reachable.store import dynamodb
from tests.builders import clock, delivery_event
from tests.functions import district, wire
from tests.functions.api import Answer, call
from tests.functions.district import ADA, ALL, ART, BO, DENNIS, FAR, NORTH, SOUTH, TEACHER, manager, teacher
from tests.functions.streams import reacting

PHONE: Final = "+12025550123"
"""Ada's and Dennis's."""
WEST: Final = School(id=id_of(RosterKind.SCHOOL, "west"), sourced_id="west", name="West School")
CY: Final = Student(
    id=id_of(RosterKind.STUDENT, "cy"),
    sourced_id="cy",
    given_name="Cy",
    family_name="Reyes",
    grade="9",
    schools=(SOUTH.id,),
    guardians=(Link(ADA.id, "Ada Reyes", "mother", "ada"),),
)
"""Ada's other child, at a school of which Tess Teacher knows nothing."""
ADA_OF_TWO: Final = replace(
    ADA, schools=(NORTH.id, SOUTH.id), students=(*ADA.students, Link(CY.id, CY.name, "child", "cy"))
)


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.import_(*(ADA_OF_TWO if record is ADA else record for record in ALL), CY, WEST)


def search(claims: dict[str, Any], **wish: Any) -> Answer:
    return call(handler, "POST", "/users/search", claims, {"q": "ada@example.org"} | wish)


def found(claims: dict[str, Any], **wish: Any) -> list[str]:
    return [person["sourced_id"] for person in search(claims, **wish).body["items"]]


@pytest.mark.parametrize("q", ["ada@example.org", "Ada"])
def test_no_search_tells_of_a_school_that_the_viewer_may_not_know(q: str) -> None:
    """What she would learn from an answer, she would learn by trying schools."""
    assert found(teacher(), q=q, school=NORTH.id) == ["ada"]
    assert found(teacher(), q=q, school=SOUTH.id) == []
    assert found(teacher(), q=q, school=WEST.id) == []
    assert found(manager(), q=q, school=SOUTH.id) == ["ada"]


def test_a_class_narrows_a_search_by_address() -> None:
    assert found(teacher(), **{"class": ART.id}) == ["ada"]
    assert found(manager(), **{"class": ART.id}) == ["ada"]
    assert found(manager(), q="far@example.org", **{"class": ART.id}) == []
    assert found(manager(), q="tess@example.org", **{"class": ART.id}) == ["tess"]
    assert found(teacher(), **{"class": "nonsense"}) == []


@pytest.mark.parametrize(
    ("wish", "names"),
    [
        ({"role": "guardian"}, ["ada"]),
        ({"role": "teacher"}, []),
        ({"status": "good"}, ["ada"]),
        ({"status": "bad"}, []),
        ({"account_status": "active"}, ["ada"]),
        ({"account_status": "pending"}, []),
    ],
)
def test_every_filter_narrows_it(wish: dict[str, str], names: list[str]) -> None:
    assert found(manager(), **wish) == names


def test_holders_of_one_address_come_page_by_page() -> None:
    first = search(manager(), q=PHONE, limit=1).body
    second = search(manager(), q=PHONE, limit=1, cursor=first["next_cursor"]).body
    assert {page["items"][0]["sourced_id"] for page in (first, second)} == {"ada", "dennis"}
    assert second["next_cursor"] is None
    assert search(manager(), q=PHONE, limit=2).body["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "'; --", "\u202e", "1" * 500])
def test_a_cursor_of_nobody_s_is_refused(cursor: str) -> None:
    assert search(manager(), cursor=cursor).status == 422


def test_the_page_is_cut_after_the_scope() -> None:
    """250 people of another school hold the phone too: they neither fill the page nor end the list."""
    crowd = [district.user(f"crowd{n}", f"Crowd {n}", phone=PHONE, schools=(SOUTH.id,)) for n in range(250)]
    district.import_(*(ADA_OF_TWO if record is ADA else record for record in ALL), CY, WEST, *crowd)
    page = search(teacher(), q=PHONE, limit=2).body
    assert {person["sourced_id"] for person in page["items"]} == {"ada", "dennis"}
    assert page["next_cursor"] is None
    listed: list[str] = []
    cursor: str | None = None
    while cursor is not None or not listed:
        page = search(manager(), q=PHONE, limit=100, **({"cursor": cursor} if cursor else {})).body
        listed += [person["id"] for person in page["items"]]
        cursor = page["next_cursor"]
    assert len(listed) == len(set(listed)) == 252
    assert {ADA.id, DENNIS.id} <= set(listed)


def test_a_search_that_looks_at_very_many_answers_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "_PAGES", 1)
    monkeypatch.setattr(flow, "_HOLDERS_AT_ONCE", 1)
    seen, cursor, calls = [], None, 0
    while calls == 0 or cursor is not None:
        page = search(manager(), q=PHONE, **({"cursor": cursor} if cursor else {})).body
        seen += [person["sourced_id"] for person in page["items"]]
        cursor, calls = page["next_cursor"], calls + 1
    assert (sorted(seen), calls) == (["ada", "dennis"], 2)


def test_a_pending_staff_member_is_found_by_those_who_may() -> None:
    new = district.user("new", "New Colleague", Role.TEACHER, email="new@example.org", schools=(SOUTH.id,))
    new = replace(new, account_status=AccountStatus.PENDING)
    district.import_(*ALL, new)
    assert found(manager(), q="new@example.org", account_status="pending") == ["new"]
    assert found(teacher(), q="new@example.org") == []
    assert {FAR.id, TEACHER.id, BO.id}.isdisjoint(found(teacher(), q="far@example.org"))


# What is told of each


def bounced(address: str) -> None:
    apply.events([delivery_event(address=address)], clock("09:00"))


def told(claims: dict[str, Any], path: str = "/users/search", **wish: Any) -> dict[str, Any]:
    [person] = call(handler, "POST", path, claims, wish).body["items"]
    return dict(person)


HOW: Final = [{"q": "ada@example.org"}, {"q": "ada"}, {"class": ART.id, "role": "guardian", "q": "ada"}]


@pytest.mark.parametrize("wish", HOW, ids=["address", "name", "class"])
@pytest.mark.parametrize(
    ("claims", "schools"),
    [(manager(), ["north", "south"]), (teacher(), ["north"])],
    ids=["district", "teacher"],
)
def test_somebody_is_told_with_those_of_their_schools_that_the_viewer_may_know_of(
    claims: dict[str, Any], schools: list[str], wish: dict[str, str]
) -> None:
    person = told(claims, **wish)
    assert [school["sourced_id"] for school in person["schools"]] == schools
    assert person["other_schools"] == 0


def test_of_many_schools_three_are_named_and_the_others_counted() -> None:
    schools = [School(id=f"s{n}", sourced_id=f"s{n}", name=f"School {n}") for n in range(5)]
    office = district.user("olga", "Olga Office", Role.SCHOOL_STAFF, schools=tuple(s.id for s in schools))
    district.import_(*ALL, *schools, office)
    person = told(manager(), q="olga")
    assert [school["name"] for school in person["schools"]] == ["School 0", "School 1", "School 2"]
    assert person["other_schools"] == 2


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize("wish", [*HOW, {"status": "bad"}], ids=["address", "name", "class", "bad"])
def test_whose_credential_is_bad_is_told_beside_what_still_reaches_them(wish: dict[str, str]) -> None:
    if "status" not in wish:
        assert told(manager(), **wish)["status"] == "good"
    with reacting():
        bounced("ada@example.org")
    person = told(manager(), **wish)
    assert (person["status"], person["reachable"]) == ("bad", ["sms", "voice"])
    assert [school["sourced_id"] for school in person["schools"]] == ["north", "south"]


@pytest.mark.parametrize("wish", [{"q": "bo"}, {"class": ART.id}], ids=["name", "class"])
def test_a_student_has_schools_and_no_status(wish: dict[str, str]) -> None:
    person = told(manager(), "/students/search", **wish)
    assert (person["status"], person["reachable"]) == (None, [])
    assert [school["sourced_id"] for school in person["schools"]] == ["north"]


def test_the_schools_of_a_page_cost_two_requests_however_many_are_on_it() -> None:
    with wire.overheard(dynamodb.client(), "BatchGetItem") as asked:
        search(manager(), q="", role="guardian")
    profiles = [request for request in asked if "profile" in str(request)]
    assert len(profiles) <= 3  # of those found, of their schools, and of who asks
