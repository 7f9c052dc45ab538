"""Telnyx's opt-outs, over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reachable import upstream
from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

OURS, NUMBER = "+12025550199", "+12025550123"
AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
ENTRY = Listing(address=NUMBER, reason=ListReason.OPT_OUT, since=AT, words="STOP", place="profile-1")
PATH = "GET /telnyx/v2/messaging_optouts"
ALL = "page%5Bsize%5D=250&redaction_enabled=false"


def row(number: str = NUMBER, **more: str) -> dict[str, Any]:
    return {
        "from": OURS,
        "to": number,
        "keyword": "STOP",
        "messaging_profile_id": "profile-1",
        "created_at": "2026-09-21 14:13:20.000000+00:00",
        **more,
    }


@pytest.fixture
def list_(lists: dict[str, StandIn]) -> StandIn:
    return lists["telnyx"]


def test_no_call_takes_a_number_off() -> None:
    assert (upstream.channel("telnyx"), upstream.hindrance("telnyx")) == (Channel.SMS, Hindrance.START)
    assert upstream.can_be_asked("telnyx")
    assert upstream.can_be_read("telnyx")
    assert upstream.limit("telnyx") is None


def test_an_entry_is_told_with_its_date_word_and_profile(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row("+12025550124"), row()]
    assert upstream.look(account("telnyx"), NUMBER) == [ENTRY]
    assert list_.calls == [f"{PATH}?page%5Bnumber%5D=1&{ALL}"]
    assert list_.called[0].headers["Authorization"] == "Bearer key-of-the-tests"


def test_an_entry_of_a_number_of_ours_is_not_the_persons(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row("+12025550124") | {"from": NUMBER}]
    assert upstream.look(account("telnyx"), NUMBER) == []


def test_who_is_not_listed_is_no_entry(account: Accounts) -> None:
    assert upstream.look(account("telnyx"), NUMBER) == []


def test_all_pages_are_read_and_all_entries_found(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row(), *(row(f"+1202556{i:04}") for i in range(500)), row(messaging_profile_id="profile-2")]
    assert upstream.look(account("telnyx"), NUMBER) == [ENTRY, replace(ENTRY, place="profile-2")]
    assert list_.calls == [f"{PATH}?page%5Bnumber%5D={number}&{ALL}" for number in (1, 2, 3)]


def test_only_the_accounts_profiles_are_read(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row(messaging_profile_id=f"profile-{i}") for i in (1, 2, 3)]
    found = upstream.look(account("telnyx", profiles=["profile-3", "profile-1"]), NUMBER)
    assert [entry.place for entry in found] == ["profile-3", "profile-1"]
    assert list_.calls == [
        f"{PATH}?page%5Bnumber%5D=1&{ALL}&filter%5Bmessaging_profile_id%5D=profile-3",
        f"{PATH}?page%5Bnumber%5D=1&{ALL}&filter%5Bmessaging_profile_id%5D=profile-1",
    ]


def test_no_days_narrow_the_search_a_stop_may_be_of_any(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row(created_at="2020-09-20 14:13:19+00:00"), row(created_at="2026-11-20 14:13:19+00:00")]
    assert len(upstream.look(account("telnyx"), NUMBER, [AT])) == 2


def test_the_profiles_come_page_by_page_one_after_the_other(list_: StandIn, account: Accounts) -> None:
    list_.rows = [
        *(row(f"+1202556{i:04}") for i in range(251)),
        row(messaging_profile_id="profile-2"),
        row(messaging_profile_id="profile-3"),
    ]
    found = pages(account("telnyx", profiles=["profile-1", "profile-2"]))
    assert [len(page) for page in found] == [250, 1, 1]
    assert found[1:] == [[replace(ENTRY, address="+12025560250")], [replace(ENTRY, place="profile-2")]]
    assert [len(page) for page in pages(account("telnyx"))] == [250, 3]


def test_pages_that_are_smaller_than_asked_for_are_read_to_the_end(list_: StandIn, account: Accounts) -> None:
    meta = {"page_number": 1, "page_size": 1, "total_results": 2, "total_pages": 2}
    list_.ordered = [
        Ordered(200, {"data": [row("+12025550124")], "meta": meta}),
        Ordered(200, {"data": [row()], "meta": meta | {"page_number": 2}}),
    ]
    assert upstream.look(account("telnyx"), NUMBER) == [ENTRY]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"data": [row("+12025550124")]}, "no_total_pages"),
        ({"data": [row("+12025550124")], "meta": {"total_pages": "1"}}, "no_total_pages"),
        ({"data": {}}, "no_list"),
        ({}, "no_list"),
        ([], "no_list"),
        (None, "no_list"),
    ],
)
def test_an_answer_that_no_page_has_is_unclear(
    list_: StandIn, account: Accounts, body: object, code: str
) -> None:
    """Without the number of pages nobody knows whether the number is on the next one."""
    list_.ordered = [Ordered(200, body)]
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("telnyx"), NUMBER)
    assert unclear.value.code == code


def test_a_page_without_entries_is_the_last(list_: StandIn, account: Accounts) -> None:
    list_.ordered = [Ordered(200, {"data": [], "meta": {"total_pages": 9}}), Ordered(200, {"data": []})]
    assert upstream.look(account("telnyx"), NUMBER) == []
    assert upstream.look(account("telnyx"), NUMBER) == []
    assert len(list_.calls) == 2


def test_an_entry_that_tells_little_counts(list_: StandIn, account: Accounts) -> None:
    list_.ordered = [
        Ordered(200, {"data": [{"to": NUMBER, "keyword": None}, {}], "meta": {"total_pages": 1}})
    ]
    assert upstream.entries(account("telnyx")).items == (
        Listing(address=NUMBER, reason=ListReason.OPT_OUT),
        Listing(address="", reason=ListReason.OPT_OUT),
    )


@pytest.mark.parametrize("address", ["", " "])
def test_an_empty_number_is_never_asked_for(list_: StandIn, account: Accounts, address: str) -> None:
    assert upstream.look(account("telnyx"), address) == []
    assert list_.calls == []


@pytest.mark.parametrize(
    ("status", "denied"), [(401, True), (403, True), (408, False), (429, False), (500, False), (503, False)]
)
def test_what_comes_to_nothing_is_put_off(
    list_: StandIn, account: Accounts, status: int, *, denied: bool
) -> None:
    acts: list[Callable[[], object]] = [
        lambda: upstream.look(account("telnyx"), NUMBER),
        lambda: upstream.entries(account("telnyx")),
    ]
    for act in acts:
        list_.ordered = [Ordered(status, {"errors": []}, {"Retry-After": "9"})]
        with pytest.raises(PutOff) as put_off:
            act()
        assert (put_off.value.why, put_off.value.denied) == (str(status), denied)
        assert put_off.value.seconds == (None if denied else 10)


def test_without_its_key_nobody_is_asked(list_: StandIn, account: Accounts) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("telnyx", key=""), NUMBER)
    assert (put_off.value.why, put_off.value.denied, list_.calls) == ("no_key", True, [])


def test_a_wrong_key_is_for_us_to_mend(account: Accounts) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("telnyx", key="another"), NUMBER)
    assert (put_off.value.why, put_off.value.denied) == ("401", True)
