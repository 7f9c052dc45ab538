"""Resend's own list, over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reachable import upstream
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Limit, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

BOUNCED: dict[str, object] = {
    "id": "e169aa45-1ecf-4183-9955-b1499d5701d3",
    "email": "ada+school@example.org",
    "origin": "bounce",
    "source_id": "479e3145-dd38-476b-932c-529ceb705947",
    "created_at": "2026-09-21 14:13:20.678+00",
}
ENTRY = Listing(
    address="ada+school@example.org",
    reason=ListReason.BOUNCE,
    since=datetime(2026, 9, 21, 14, 13, 20, 678000, tzinfo=UTC),
    words="bounce",
)


def rows(count: int) -> list[dict[str, object]]:
    return [BOUNCED | {"id": f"id-{i}", "email": f"a{i}@example.org"} for i in range(count)]


def listings(count: int) -> list[Listing]:
    return [Listing(address=f"a{i}@example.org", reason=ListReason.BOUNCE) for i in range(count)]


@pytest.mark.parametrize("created", ["2026-09-21 14:13:20.678+00", "2026-09-21T14:13:20.678Z"])
def test_an_entry_is_told_with_its_origin_and_date_in_both_formats(
    lists: dict[str, StandIn], account: Accounts, created: str
) -> None:
    lists["resend"].rows = [BOUNCED | {"created_at": created}]
    assert upstream.look(account("resend"), "ada+school@example.org") == [ENTRY]
    assert lists["resend"].calls == ["GET /resend/suppressions/ada%2Bschool%40example.org"]
    assert lists["resend"].called[0].headers["Authorization"] == "Bearer key-of-the-tests"


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        ("bounce", ListReason.BOUNCE),
        ("complaint", ListReason.COMPLAINT),
        ("manual", ListReason.MANUAL),
        ("policy", ListReason.PROVIDER),
    ],
)
def test_each_origin_says_why(
    lists: dict[str, StandIn], account: Accounts, origin: str, reason: ListReason
) -> None:
    lists["resend"].rows = [{"id": "1", "email": "ada@example.org", "origin": origin}]
    assert upstream.look(account("resend"), "ada@example.org") == [
        Listing(address="ada@example.org", reason=reason, words=origin)
    ]


def test_who_is_not_listed_is_an_empty_answer(account: Accounts) -> None:
    assert upstream.look(account("resend"), "ada@example.org") == []


def test_resend_lower_cases_what_it_is_asked_for(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["resend"].rows = [BOUNCED]
    assert upstream.look(account("resend"), "Ada+School@Example.org") == [ENTRY]


def test_one_entry_goes_by_its_own_call(lists: dict[str, StandIn], account: Accounts) -> None:
    other = BOUNCED | {"id": "2", "email": "ben@example.org"}
    lists["resend"].rows = [BOUNCED, other]
    assert upstream.remove(account("resend"), [ENTRY]) == [None]
    assert lists["resend"].rows == [other]
    assert lists["resend"].calls == ["DELETE /resend/suppressions/ada%2Bschool%40example.org"]


def test_several_go_by_one_call_that_names_them(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["resend"].rows = rows(3)
    assert upstream.remove(account("resend"), listings(2)) == [None, None]
    assert [row["email"] for row in lists["resend"].rows] == ["a2@example.org"]
    assert lists["resend"].calls == ["POST /resend/suppressions/batch/remove"]
    assert lists["resend"].called[0].body == '{"emails": ["a0@example.org", "a1@example.org"]}'


def test_250_are_removed_by_three_requests(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["resend"].rows = rows(251)
    assert upstream.remove(account("resend"), listings(250)) == [None] * 250
    assert [row["email"] for row in lists["resend"].rows] == ["a250@example.org"]
    assert lists["resend"].calls == ["POST /resend/suppressions/batch/remove"] * 3


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("deleted", [False, None, "yes"])
def test_what_is_not_said_to_be_deleted_is_unclear(
    lists: dict[str, StandIn], account: Accounts, count: int, deleted: object
) -> None:
    entry = {"object": "suppression", "id": "1", "deleted": deleted}
    lists["resend"].ordered = [Ordered(200, entry if count == 1 else {"data": [entry]})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.remove(account("resend"), listings(count))
    assert unclear.value.code == "not_deleted"


@pytest.mark.parametrize(("key", "status"), [("", 401), ("another", 403)])
def test_a_missing_key_and_a_wrong_one_are_denied(account: Accounts, key: str, status: int) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("resend", key=key), "ada@example.org")
    assert vars(put_off.value) == vars(PutOff(str(status) if key else "no_key", denied=True))


def test_the_whole_list_comes_page_by_page(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["resend"].rows = rows(200)
    found = pages(account("resend"))
    assert [len(page) for page in found] == [100, 100]
    assert [listing.address for page in found for listing in page] == [
        f"a{i}@example.org" for i in range(200)
    ]
    assert lists["resend"].calls == [
        "GET /resend/suppressions?limit=100",
        "GET /resend/suppressions?limit=100&after=id-99",
    ]


@pytest.mark.parametrize("data", [[], [{"email": "ada@example.org"}]])
def test_more_after_nothing_is_unclear(
    lists: dict[str, StandIn], account: Accounts, data: list[object]
) -> None:
    lists["resend"].ordered = [Ordered(200, {"has_more": True, "data": data})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.entries(account("resend"))
    assert unclear.value.code == "no_page"


def test_five_requests_a_second_are_two_and_a_half_releases() -> None:
    assert upstream.limit("resend") == Limit(calls=5, seconds=1, each=2)
