"""SparkPost's own list, over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

import pytest

from reachable import upstream
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins import sparkpost
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

BOUNCED = {
    "recipient": "ada+school@example.org",
    "type": "transactional",
    "source": "Bounce Rule",
    "description": "550: 550 - Domain has been disabled. #7",
    "created": "2026-09-21T14:13:20+00:00",
    "updated": "2026-10-01T12:00:00+00:00",
    "transactional": True,
}
ENTRY = Listing(
    address="ada+school@example.org",
    reason=ListReason.BOUNCE,
    since=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
    words="550: 550 - Domain has been disabled. #7",
    place="transactional",
)
OF_A_MAILING_LIST = BOUNCED | {"source": "Manually Added", "list_id": "newsletter.example.org"}


def test_an_entry_is_told_with_its_type_reason_date_and_words(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["sparkpost"].rows = [BOUNCED]
    assert upstream.look(account("sparkpost"), "ada+school@example.org") == [ENTRY]
    assert lists["sparkpost"].calls == ["GET /sparkpost/api/v1/suppression-list/ada%2Bschool%40example.org"]
    assert lists["sparkpost"].called[0].headers["Authorization"] == "key-of-the-tests"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("Bounce Rule", ListReason.BOUNCE),
        ("Spam Complaint", ListReason.COMPLAINT),
        ("List Unsubscribe", ListReason.UNSUBSCRIBED),
        ("Unsubscribe Link", ListReason.UNSUBSCRIBED),
        ("Manually Added", ListReason.MANUAL),
        ("Compliance", ListReason.PROVIDER),
        ("A new one", ListReason.PROVIDER),
        (None, ListReason.PROVIDER),
    ],
)
def test_each_source_says_why(
    lists: dict[str, StandIn], account: Accounts, source: str | None, reason: ListReason
) -> None:
    lists["sparkpost"].rows = [
        {"recipient": "ada@example.org", "type": "non_transactional", "source": source}
    ]
    assert upstream.look(account("sparkpost"), "ada@example.org") == [
        Listing(address="ada@example.org", reason=reason, place="non_transactional")
    ]


def test_who_is_not_listed_is_an_empty_answer(account: Accounts) -> None:
    assert upstream.look(account("sparkpost"), "ada@example.org") == []


def test_an_entry_of_one_mailing_list_is_an_unsubscribe_with_a_place_of_its_own(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["sparkpost"].rows = [OF_A_MAILING_LIST, BOUNCED]
    listed = upstream.look(account("sparkpost"), "ada+school@example.org")
    assert [(listing.reason, listing.place) for listing in listed] == [
        (ListReason.UNSUBSCRIBED, "transactional newsletter.example.org"),
        (ListReason.BOUNCE, "transactional"),
    ]


def test_an_entry_goes_alone_and_not_the_other_type_nor_those_of_mailing_lists(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    others = [BOUNCED | {"type": "non_transactional"}, OF_A_MAILING_LIST]
    lists["sparkpost"].rows = [BOUNCED, *others]
    assert upstream.remove(account("sparkpost"), [ENTRY]) == [None]
    assert lists["sparkpost"].rows == others
    assert lists["sparkpost"].calls == [
        "DELETE /sparkpost/api/v1/suppression-list/ada%2Bschool%40example.org?list_id="
    ]
    assert lists["sparkpost"].called[0].body == '{"type": "transactional"}'


def test_an_entry_of_a_mailing_list_goes_alone(lists: dict[str, StandIn], account: Accounts) -> None:
    others = [BOUNCED, OF_A_MAILING_LIST | {"list_id": "lunch.example.org"}]
    lists["sparkpost"].rows = [OF_A_MAILING_LIST, *others]
    listed = upstream.look(account("sparkpost"), "ada+school@example.org")
    assert upstream.remove(account("sparkpost"), listed[:1]) == [None]
    assert lists["sparkpost"].rows == others


@pytest.mark.parametrize("place", [None, "", "newsletter.example.org", " newsletter.example.org", "other"])
def test_nothing_is_removed_without_a_type(
    lists: dict[str, StandIn], account: Accounts, place: str | None
) -> None:
    """It would take off both."""
    listing = Listing(address="ada@example.org", reason=ListReason.BOUNCE, place=place)
    with pytest.raises(ListUnclear):
        upstream.remove(account("sparkpost"), [listing])
    assert lists["sparkpost"].calls == []


def test_an_entry_without_a_type_has_no_place(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["sparkpost"].ordered = [Ordered(200, {"results": [{"recipient": "ada@example.org"}]})]
    assert upstream.look(account("sparkpost"), "ada@example.org") == [
        Listing(address="ada@example.org", reason=ListReason.PROVIDER)
    ]


def test_what_their_compliance_put_there_stays_and_the_rest_goes(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    theirs = BOUNCED | {"recipient": "ben@example.org", "source": "Compliance"}
    lists["sparkpost"].rows = [theirs, BOUNCED]
    listing = Listing(address="ben@example.org", reason=ListReason.BOUNCE, place="transactional")
    assert upstream.remove(account("sparkpost"), [listing, ENTRY]) == [Hindrance.SUPPORT, None]
    assert lists["sparkpost"].rows == [theirs]


@pytest.mark.parametrize(
    "body", [None, b"<html>", {"errors": [{"message": "Forbidden."}]}, {"errors": "Compliance"}, ["..."]]
)
def test_any_other_403_is_about_our_key(lists: dict[str, StandIn], account: Accounts, body: object) -> None:
    lists["sparkpost"].ordered = [Ordered(403, body)]
    with pytest.raises(PutOff) as put_off:
        upstream.remove(account("sparkpost"), [ENTRY])
    assert vars(put_off.value) == vars(PutOff("403", denied=True))


def test_the_account_itself_is_named_so_that_no_old_list_is_read(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["sparkpost"].rows = [BOUNCED]
    assert upstream.remove(account("sparkpost"), [ENTRY]) == [None]
    assert cast("sparkpost.List", lists["sparkpost"]).old == [BOUNCED]
    assert upstream.look(account("sparkpost"), "ada+school@example.org") == []
    assert pages(account("sparkpost")) == [[]]
    assert {call.headers["X-Msys-Subaccount"] for call in lists["sparkpost"].called} == {"0"}


@pytest.mark.parametrize("subaccount", [12, "12"])
def test_a_subaccounts_list_is_another(
    lists: dict[str, StandIn], account: Accounts, subaccount: object
) -> None:
    of_it = BOUNCED | {"subaccount_id": 12}
    lists["sparkpost"].rows = [BOUNCED, of_it]
    named = account("sparkpost", subaccount=subaccount)
    assert upstream.look(named, "ada+school@example.org") == [ENTRY]
    assert upstream.remove(named, [ENTRY]) == [None]
    assert lists["sparkpost"].rows == [BOUNCED]
    assert {call.headers["X-Msys-Subaccount"] for call in lists["sparkpost"].called} == {"12"}


@pytest.mark.parametrize("subaccount", ["ridge", "1\r\nx: 2", -1, ["1"]])
def test_a_subaccount_that_is_no_number_is_not_asked_for(
    lists: dict[str, StandIn], account: Accounts, subaccount: object
) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("sparkpost", subaccount=subaccount), "ada@example.org")
    assert vars(put_off.value) == vars(PutOff("no_subaccount", denied=True))
    assert lists["sparkpost"].calls == []


def test_the_whole_list_comes_page_by_page(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["sparkpost"].rows = [
        *(BOUNCED | {"recipient": f"a{i}@example.org"} for i in range(2000)),
        OF_A_MAILING_LIST,
    ]
    found = pages(account("sparkpost"))
    assert [len(page) for page in found] == [1000, 1000, 1]
    assert found[2][0].reason is ListReason.UNSUBSCRIBED
    assert lists["sparkpost"].calls == [
        "GET /sparkpost/api/v1/suppression-list?cursor=initial&per_page=1000",
        "GET /sparkpost/api/v1/suppression-list?cursor=from%2B1000&per_page=1000",
        "GET /sparkpost/api/v1/suppression-list?cursor=from%2B2000&per_page=1000",
    ]


@pytest.mark.parametrize(
    ("links", "following"),
    [
        (None, None),
        ([], None),
        ([{"rel": "first", "href": "/api/v1/suppression-list?cursor=x"}], None),
        ([{"rel": "next", "href": "/api/v1/suppression-list?cursor=initial"}], None),
        ([{"rel": "next", "href": "https://another.example.org/?cursor=x%2By"}], "x+y"),
    ],
)
def test_of_a_link_only_the_cursor_is_taken_and_it_must_lead_on(
    lists: dict[str, StandIn], account: Accounts, links: object, following: str | None
) -> None:
    """So our key goes to no other host, and no list is without an end."""
    lists["sparkpost"].ordered = [Ordered(200, {"results": [BOUNCED], "links": links})]
    assert upstream.entries(account("sparkpost")).next_cursor == following


def test_an_empty_page_is_the_last(lists: dict[str, StandIn], account: Accounts) -> None:
    links = [{"rel": "next", "href": "/api/v1/suppression-list?cursor=x"}]
    lists["sparkpost"].ordered = [Ordered(200, {"results": [], "links": links})]
    assert upstream.entries(account("sparkpost")).next_cursor is None


@pytest.mark.parametrize("href", [None, "", "/api/v1/suppression-list?page=2", "https://["])
def test_a_next_page_without_a_cursor_is_unclear(
    lists: dict[str, StandIn], account: Accounts, href: object
) -> None:
    links = [{"rel": "next", "href": href}]
    lists["sparkpost"].ordered = [Ordered(200, {"results": [BOUNCED], "links": links})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.entries(account("sparkpost"))
    assert unclear.value.code == "no_page"
