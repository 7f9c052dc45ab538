"""SendGrid's own lists, over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reachable import upstream
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Listing, ListReason
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

BOUNCED = {
    "list": "bounces",
    "email": "Ada+school@example.org",
    "created": 1790000000,
    "reason": "550 5.1.1 The email account that you tried to reach does not exist",
    "status": "5.1.1",
}
ENTRY = Listing(
    address="Ada+school@example.org",
    reason=ListReason.BOUNCE,
    since=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
    words="550 5.1.1 The email account that you tried to reach does not exist",
    place="bounces",
)


def test_an_entry_is_told_with_its_reason_date_and_words(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["sendgrid"].rows = [BOUNCED]
    assert upstream.look(account("sendgrid"), "ada+school@example.org") == [ENTRY]
    assert lists["sendgrid"].calls == [
        "GET /sendgrid/v3/suppression/bounces/ada%2Bschool%40example.org",
        "GET /sendgrid/v3/suppression/invalid_emails/ada%2Bschool%40example.org",
        "GET /sendgrid/v3/suppression/spam_reports/ada%2Bschool%40example.org",
        "GET /sendgrid/v3/asm/suppressions/global/ada%2Bschool%40example.org",
    ]


@pytest.mark.parametrize(
    ("list_", "reason"),
    [
        ("bounces", ListReason.BOUNCE),
        ("invalid_emails", ListReason.BOUNCE),
        ("spam_reports", ListReason.COMPLAINT),
        ("unsubscribes", ListReason.UNSUBSCRIBED),
    ],
)
def test_each_list_says_why(
    lists: dict[str, StandIn], account: Accounts, list_: str, reason: ListReason
) -> None:
    lists["sendgrid"].rows = [{"list": list_, "email": "ada@example.org"}]
    assert upstream.look(account("sendgrid"), "ada@example.org") == [
        Listing(address="ada@example.org", reason=reason, place=list_)
    ]


def test_who_is_on_no_list_is_an_empty_answer(account: Accounts) -> None:
    assert upstream.look(account("sendgrid"), "ada@example.org") == []


def test_a_block_is_no_entry_it_stops_no_later_mail(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["sendgrid"].rows = [{"list": "blocks", "email": "ada@example.org"}]
    assert upstream.look(account("sendgrid"), "ada@example.org") == []


def test_entries_are_removed_by_name_and_no_other_goes(lists: dict[str, StandIn], account: Accounts) -> None:
    other = {"list": "bounces", "email": "ben@example.org"}
    lists["sendgrid"].rows = [BOUNCED, other]
    assert upstream.remove(account("sendgrid"), [ENTRY]) == [None]
    assert lists["sendgrid"].rows == [other]
    assert lists["sendgrid"].called[-1].body == '{"emails": ["Ada+school@example.org"]}'


def test_an_entry_that_is_gone_already_is_gone(account: Accounts) -> None:
    assert upstream.remove(account("sendgrid"), [ENTRY]) == [None]


def test_a_global_unsubscribe_is_removed_on_its_own_path(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["sendgrid"].rows = [{"list": "unsubscribes", "email": "ada@example.org"}]
    listed = upstream.look(account("sendgrid"), "ada@example.org")
    assert upstream.remove(account("sendgrid"), listed) == [None]
    assert lists["sendgrid"].calls[-1] == "DELETE /sendgrid/v3/asm/suppressions/global/ada%40example.org"
    assert lists["sendgrid"].rows == []


def test_nothing_to_remove_asks_nothing(lists: dict[str, StandIn], account: Accounts) -> None:
    """An empty list of addresses might mean all of them."""
    assert upstream.remove(account("sendgrid"), []) == []
    nobody = Listing(address="", reason=ListReason.BOUNCE, place="bounces")
    assert upstream.remove(account("sendgrid"), [nobody]) == [None]
    assert lists["sendgrid"].calls == []


def test_1200_are_removed_by_three_requests(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["sendgrid"].rows = [{"list": "bounces", "email": f"a{i}@example.org"} for i in range(1201)]
    listed = [
        Listing(address=f"a{i}@example.org", reason=ListReason.BOUNCE, place="bounces") for i in range(1200)
    ]
    assert upstream.remove(account("sendgrid"), listed) == [None] * 1200
    assert lists["sendgrid"].rows == [{"list": "bounces", "email": "a1200@example.org"}]
    assert len(lists["sendgrid"].calls) == 3


def test_the_whole_list_comes_page_by_page(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["sendgrid"].rows = [
        *({"list": "bounces", "email": f"a{i}@example.org"} for i in range(500)),
        {"list": "spam_reports", "email": "ben@example.org"},
    ]
    found: list[Listing] = []
    cursor = None
    while True:
        page = upstream.entries(account("sendgrid"), cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(found) == 501
    assert found[-1] == Listing(address="ben@example.org", reason=ListReason.COMPLAINT, place="spam_reports")


def test_a_subuser_is_named_in_a_header(lists: dict[str, StandIn], account: Accounts) -> None:
    upstream.look(account("sendgrid", subuser="ridge"), "ada@example.org")
    assert {call.headers["On-Behalf-Of"] for call in lists["sendgrid"].called} == {"ridge"}


@pytest.mark.parametrize(
    ("status", "denied"), [(401, True), (403, True), (429, False), (500, False), (503, False)]
)
def test_what_comes_to_nothing_is_put_off(
    lists: dict[str, StandIn], account: Accounts, status: int, *, denied: bool
) -> None:
    lists["sendgrid"].ordered = [Ordered(status, {"errors": []})]
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("sendgrid"), "ada@example.org")
    assert (put_off.value.why, put_off.value.denied) == (str(status), denied)


def test_without_a_key_nobody_is_asked(lists: dict[str, StandIn], account: Accounts) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("sendgrid", key=""), "ada@example.org")
    assert put_off.value.denied
    assert lists["sendgrid"].calls == []


def test_an_answer_that_no_page_has_is_unclear(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["sendgrid"].ordered = [Ordered(200, {"not": "a list"})]
    with pytest.raises(ListUnclear):
        upstream.look(account("sendgrid"), "ada@example.org")
