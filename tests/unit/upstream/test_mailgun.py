"""Mailgun's own lists, over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

import pytest

from reachable import upstream
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins import mailgun
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

BOUNCED = {
    "domain": "mg.example.org",
    "list": "bounces",
    "address": "ada+school@example.org",
    "code": "550",
    "error": "5.1.1 The email account that you tried to reach does not exist",
    "created_at": "Mon, 21 Sep 2026 14:13:20 UTC",
}
ENTRY = Listing(
    address="ada+school@example.org",
    reason=ListReason.BOUNCE,
    since=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
    words="550 5.1.1 The email account that you tried to reach does not exist",
    place="mg.example.org/bounces",
)


def test_an_entry_is_told_with_its_domain_reason_date_and_words(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["mailgun"].rows = [BOUNCED]
    assert upstream.look(account("mailgun"), "ada+school@example.org") == [ENTRY]
    assert lists["mailgun"].calls == [
        "GET /mailgun/v3/mg.example.org/bounces/ada%2Bschool%40example.org",
        "GET /mailgun/v3/mg.example.org/complaints/ada%2Bschool%40example.org",
        "GET /mailgun/v3/mg.example.org/unsubscribes/ada%2Bschool%40example.org",
        "GET /mailgun/v3/news.example.org/bounces/ada%2Bschool%40example.org",
        "GET /mailgun/v3/news.example.org/complaints/ada%2Bschool%40example.org",
        "GET /mailgun/v3/news.example.org/unsubscribes/ada%2Bschool%40example.org",
    ]
    assert lists["mailgun"].called[0].headers["Authorization"] == "Basic YXBpOmtleS1vZi10aGUtdGVzdHM="


@pytest.mark.parametrize(
    ("list_", "reason"),
    [
        ("bounces", ListReason.BOUNCE),
        ("complaints", ListReason.COMPLAINT),
        ("unsubscribes", ListReason.UNSUBSCRIBED),
    ],
)
def test_each_list_says_why(
    lists: dict[str, StandIn], account: Accounts, list_: str, reason: ListReason
) -> None:
    lists["mailgun"].rows = [{"domain": "news.example.org", "list": list_, "address": "ada@example.org"}]
    assert upstream.look(account("mailgun"), "ada@example.org") == [
        Listing(address="ada@example.org", reason=reason, place=f"news.example.org/{list_}")
    ]


def test_the_tags_of_an_unsubscribe_are_its_words(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["mailgun"].rows = [
        {
            "domain": "mg.example.org",
            "list": "unsubscribes",
            "address": "ada@example.org",
            "tags": ["lunch", "sports"],
        }
    ]
    assert [listing.words for listing in upstream.look(account("mailgun"), "ada@example.org")] == [
        "lunch sports"
    ]


@pytest.mark.parametrize("mocks", [False, True])
def test_who_is_not_listed_is_said_with_404_or_200_and_both_are_free(
    lists: dict[str, StandIn], account: Accounts, *, mocks: bool
) -> None:
    cast("mailgun.List", lists["mailgun"]).mocks = mocks
    assert upstream.look(account("mailgun"), "ada@example.org") == []
    assert upstream.remove(account("mailgun"), [ENTRY]) == [None]


def test_an_entry_goes_from_its_own_list_of_its_own_domain(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    others = [
        BOUNCED | {"domain": "news.example.org"},
        BOUNCED | {"list": "complaints"},
        BOUNCED | {"address": "ben@example.org"},
    ]
    lists["mailgun"].rows = [BOUNCED, *others]
    assert upstream.remove(account("mailgun"), [ENTRY]) == [None]
    assert lists["mailgun"].rows == others
    assert lists["mailgun"].calls == ["DELETE /mailgun/v3/mg.example.org/bounces/ada%2Bschool%40example.org"]


@pytest.mark.parametrize("address", [".", "..", "/", "../..", " . "])
def test_no_address_leads_to_a_path_above_its_own(
    lists: dict[str, StandIn], account: Accounts, address: str
) -> None:
    """Of a path with dots the list, or the domain, would be what is deleted."""
    listing = Listing(address=address, reason=ListReason.BOUNCE, place="mg.example.org/bounces")
    with pytest.raises(ListUnclear):
        upstream.remove(account("mailgun"), [listing])
    assert lists["mailgun"].calls == []


@pytest.mark.parametrize(
    "place", [None, "", "other.example.org/bounces", "mg.example.org", "mg.example.org/x"]
)
def test_nothing_is_removed_from_a_place_that_is_not_the_accounts(
    lists: dict[str, StandIn], account: Accounts, place: str | None
) -> None:
    listing = Listing(address="ada@example.org", reason=ListReason.BOUNCE, place=place)
    with pytest.raises(ListUnclear):
        upstream.remove(account("mailgun"), [listing])
    assert lists["mailgun"].calls == []


def test_a_domain_that_is_not_there_lists_nobody_and_frees_nobody(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    """It is answered with 404, as an address that is free."""
    elsewhere = account("mailgun", domains=["eu.example.org"])
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(elsewhere, "ada@example.org")
    assert unclear.value.code == "no_such_domain"
    listing = Listing(address="ada@example.org", reason=ListReason.BOUNCE, place="eu.example.org/bounces")
    with pytest.raises(ListUnclear):
        upstream.remove(elsewhere, [listing])


@pytest.mark.parametrize("domains", [None, [], ""])
def test_without_a_domain_nobody_is_asked(
    lists: dict[str, StandIn], account: Accounts, domains: list[str] | None
) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("mailgun", domains=domains), "ada@example.org")
    assert vars(put_off.value) == vars(PutOff("no_domains", denied=True))
    assert lists["mailgun"].calls == []


def test_one_domain_may_be_set_as_a_text(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["mailgun"].rows = [BOUNCED]
    one = account("mailgun", domains="mg.example.org")
    assert upstream.look(one, "ada+school@example.org") == [ENTRY]
    assert len(lists["mailgun"].calls) == 3


def test_the_whole_list_comes_page_by_page_domain_by_domain(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["mailgun"].rows = [
        *(BOUNCED | {"address": f"a+{i:04}@example.org"} for i in range(1500)),
        {"domain": "news.example.org", "list": "unsubscribes", "address": "ben@example.org"},
    ]
    found = pages(account("mailgun"))
    assert [len(page) for page in found] == [1000, 500, 0, 0, 0, 0, 0, 1, 0]
    addresses = [listing.address for page in found for listing in page]
    assert addresses == [*(f"a+{i:04}@example.org" for i in range(1500)), "ben@example.org"]
    assert found[7] == [
        Listing(
            address="ben@example.org", reason=ListReason.UNSUBSCRIBED, place="news.example.org/unsubscribes"
        )
    ]
    assert lists["mailgun"].calls[:4] == [
        "GET /mailgun/v3/mg.example.org/bounces?limit=1000",
        "GET /mailgun/v3/mg.example.org/bounces?page=next&address=a%2B0999%40example.org&limit=1000",
        "GET /mailgun/v3/mg.example.org/bounces?page=next&address=a%2B1499%40example.org&limit=1000",
        "GET /mailgun/v3/mg.example.org/complaints?limit=1000",
    ]


def test_our_key_goes_to_the_accounts_own_address_whatever_host_a_page_names(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    cast("mailgun.List", lists["mailgun"]).host = "127.0.0.1:9"  # where nobody answers
    lists["mailgun"].rows = [BOUNCED]
    assert sum(len(page) for page in pages(account("mailgun", domains=["mg.example.org"]))) == 1
    assert len(lists["mailgun"].calls) == 4


def test_a_last_page_that_leads_to_itself_is_the_last(lists: dict[str, StandIn], account: Accounts) -> None:
    """Its next address equals its last one."""
    last = {
        "items": [{"address": "ada@example.org"}],
        "paging": {"next": "https://api.mailgun.net/v3/mg.example.org/bounces?page=last"},
    }
    lists["mailgun"].ordered = [Ordered(200, last), Ordered(200, last)]
    found = pages(account("mailgun", domains=["mg.example.org"]))
    assert [len(page) for page in found] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    "following",
    [
        "https://api.mailgun.net/v3/other.example.org/bounces?page=next",
        "https://api.mailgun.net/v3/mg.example.org/complaints?page=next",
        "https://api.mailgun.net/v3/mg.example.org/bounces",
        f"https://api.mailgun.net/v3/mg.example.org/bounces?page=next&address={'a' * 1000}",
        "https://[",
        5,
    ],
)
def test_a_next_page_that_is_none_of_this_list_is_unclear(
    lists: dict[str, StandIn], account: Accounts, following: object
) -> None:
    lists["mailgun"].ordered = [
        Ordered(200, {"items": [{"address": "ada@example.org"}], "paging": {"next": following}})
    ]
    with pytest.raises(ListUnclear) as unclear:
        upstream.entries(account("mailgun"))
    assert unclear.value.code == "no_page"


@pytest.mark.parametrize("paging", [None, "...", {}, {"next": None}])
def test_without_a_next_page_a_list_ends(
    lists: dict[str, StandIn], account: Accounts, paging: object
) -> None:
    lists["mailgun"].ordered = [Ordered(200, {"items": [{"address": "ada@example.org"}], "paging": paging})]
    page = upstream.entries(account("mailgun"))
    assert page.next_cursor == "mg.example.org/complaints"


@pytest.mark.parametrize("cursor", ["other.example.org/bounces", "mg.example.org", "../bounces page=next"])
def test_a_cursor_that_is_none_of_ours_is_unclear(
    lists: dict[str, StandIn], account: Accounts, cursor: str
) -> None:
    with pytest.raises(ListUnclear):
        upstream.entries(account("mailgun"), cursor)
    assert lists["mailgun"].calls == []
