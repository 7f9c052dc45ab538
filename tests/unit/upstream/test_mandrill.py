"""Mandrill's own list, over HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

import pytest

from reachable import upstream
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins import mandrill
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

BOUNCED = {
    "email": "Ada+school@example.org",
    "reason": "hard-bounce",
    "detail": "550 5.1.1 The email account that you tried to reach does not exist.",
    "created_at": "2026-09-21 14:13:20",
    "last_event_at": "2026-09-22 08:00:00",
    "expires_at": "2026-09-28 14:13:20",
    "expired": False,
    "sender": None,
    "subaccount": None,
}
ENTRY = Listing(
    address="Ada+school@example.org",
    reason=ListReason.BOUNCE,
    since=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
    until=datetime(2026, 9, 28, 14, 13, 20, tzinfo=UTC),
    words="550 5.1.1 The email account that you tried to reach does not exist.",
)


def test_an_entry_is_told_with_its_reason_dates_and_words(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["mandrill"].rows = [BOUNCED]
    assert upstream.look(account("mandrill"), "ada+school@example.org") == [ENTRY]
    assert lists["mandrill"].calls == ["POST /mandrill/api/1.0/rejects/list"]
    assert json.loads(lists["mandrill"].called[0].body) == {
        "key": "key-of-the-tests",
        "email": "ada+school@example.org",
        "include_expired": False,
    }
    assert "Authorization" not in lists["mandrill"].called[0].headers


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("hard-bounce", ListReason.BOUNCE),
        ("soft-bounce", ListReason.BOUNCE),
        ("spam", ListReason.COMPLAINT),
        ("unsub", ListReason.UNSUBSCRIBED),
        ("custom", ListReason.MANUAL),
        ("invalid-sender", ListReason.PROVIDER),
    ],
)
def test_each_reason_says_why(
    lists: dict[str, StandIn], account: Accounts, word: str, reason: ListReason
) -> None:
    lists["mandrill"].rows = [{"email": "ada@example.org", "reason": word}]
    assert upstream.look(account("mandrill"), "ada@example.org") == [
        Listing(address="ada@example.org", reason=reason)
    ]


def test_who_is_not_listed_is_an_empty_answer(account: Accounts) -> None:
    assert upstream.look(account("mandrill"), "ada@example.org") == []


def test_an_entry_that_has_ended_is_none(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["mandrill"].rows = [BOUNCED | {"expired": True}]
    assert upstream.look(account("mandrill"), "ada+school@example.org") == []


def test_another_address_that_holds_the_one_that_is_sought_is_left_alone(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["mandrill"].rows = [BOUNCED]
    assert upstream.look(account("mandrill"), "school@example.org") == []


def test_an_entry_goes_alone_from_the_list_that_it_is_on(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    others = [BOUNCED | {"subaccount": "ridge"}, BOUNCED | {"email": "ben@example.org"}]
    lists["mandrill"].rows = [BOUNCED, *others]
    assert upstream.remove(account("mandrill"), [ENTRY]) == [None]
    assert lists["mandrill"].rows == others
    assert lists["mandrill"].calls == ["POST /mandrill/api/1.0/rejects/delete"]
    assert json.loads(lists["mandrill"].called[0].body) == {
        "key": "key-of-the-tests",
        "email": "Ada+school@example.org",
    }


def test_a_subaccounts_list_is_another(lists: dict[str, StandIn], account: Accounts) -> None:
    of_it = BOUNCED | {"subaccount": "ridge"}
    lists["mandrill"].rows = [BOUNCED, BOUNCED | {"subaccount": "valley"}, of_it]
    listed = upstream.look(account("mandrill", subaccount="ridge"), "ada+school@example.org")
    assert [listing.place for listing in listed] == ["ridge"]
    assert upstream.remove(account("mandrill", subaccount="ridge"), listed) == [None]
    assert lists["mandrill"].rows == [BOUNCED, BOUNCED | {"subaccount": "valley"}]
    assert [json.loads(call.body)["subaccount"] for call in lists["mandrill"].called] == ["ridge", "ridge"]


@pytest.mark.parametrize("status", [400, 401, 404, 500])
@pytest.mark.parametrize("errs", [False, True])
def test_what_is_gone_already_is_gone_whether_it_is_an_error_or_not(
    lists: dict[str, StandIn], account: Accounts, status: int, *, errs: bool
) -> None:
    stand_in = cast("mandrill.List", lists["mandrill"])
    stand_in.status, stand_in.errs = status, errs
    assert upstream.remove(account("mandrill"), [ENTRY]) == [None]


@pytest.mark.parametrize("body", [None, [], {}, {"email": "ada@example.org"}])
def test_what_says_nothing_of_a_removal_is_unclear(
    lists: dict[str, StandIn], account: Accounts, body: object
) -> None:
    lists["mandrill"].ordered = [Ordered(200, body)]
    with pytest.raises(ListUnclear) as unclear:
        upstream.remove(account("mandrill"), [ENTRY])
    assert unclear.value.code == "not_deleted"


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_a_wrong_key_is_denied_by_its_name(lists: dict[str, StandIn], account: Accounts, status: int) -> None:
    cast("mandrill.List", lists["mandrill"]).status = status
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("mandrill", key="another"), "ada@example.org")
    assert vars(put_off.value) == vars(PutOff("Invalid_Key", denied=True))


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_subaccount_that_is_not_there_is_unclear(
    lists: dict[str, StandIn], account: Accounts, status: int
) -> None:
    cast("mandrill.List", lists["mandrill"]).status = status
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("mandrill", subaccount="none"), "ada@example.org")
    assert unclear.value.code == "Unknown_Subaccount"


@pytest.mark.parametrize("status", [400, 422, 500])
def test_an_error_in_what_we_send_is_not_tried_again(
    lists: dict[str, StandIn], account: Accounts, status: int
) -> None:
    lists["mandrill"].ordered = [Ordered(status, {"status": "error", "name": "ValidationError"})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.remove(account("mandrill"), [ENTRY])
    assert unclear.value.code == "ValidationError"


def test_an_error_of_theirs_is_tried_again(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["mandrill"].ordered = [Ordered(500, {"status": "error", "name": "GeneralError"})]
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("mandrill"), "ada@example.org")
    assert vars(put_off.value) == vars(PutOff("500"))


def test_the_first_1000_come_and_there_is_no_page_after_them(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["mandrill"].rows = [BOUNCED | {"email": f"a{i}@example.org"} for i in range(1001)]
    found = pages(account("mandrill"))
    assert [len(page) for page in found] == [1000]
    assert json.loads(lists["mandrill"].called[0].body) == {
        "key": "key-of-the-tests",
        "include_expired": False,
    }


def test_a_cursor_is_none_of_ours(lists: dict[str, StandIn], account: Accounts) -> None:
    with pytest.raises(ListUnclear):
        upstream.entries(account("mandrill"), "2")
    assert lists["mandrill"].calls == []
