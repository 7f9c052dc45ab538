"""Bird's SMS suppressions, over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reachable import upstream
from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Hindrance, Limit, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

NUMBER = "+12025550123"
ENTRY = Listing(
    address=NUMBER,
    reason=ListReason.MANUAL,
    since=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
    words="manual +12025550199",
    place="ssu_1",
)
PATH = "/messagebird/v1/sms/suppressions"


def row(id_: str = "ssu_1", number: str = NUMBER, reason: str = "manual") -> dict[str, Any]:
    return {
        "id": id_,
        "destination": number,
        "originator": "+12025550199",
        "reason": reason,
        "effective_at": "2026-09-21T14:13:20Z",
        "created_at": "2026-09-22T00:00:00Z",
    }


@pytest.fixture
def list_(lists: dict[str, StandIn]) -> StandIn:
    return lists["messagebird"]


def test_it_is_a_list_of_numbers_that_takes_50_calls_a_second() -> None:
    assert (upstream.channel("messagebird"), upstream.hindrance("messagebird")) == (Channel.SMS, None)
    assert upstream.limit("messagebird") == Limit(calls=50, seconds=1, each=2)


def test_an_entry_is_told_with_its_reason_date_sender_and_id(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row("ssu_2", "+12025550124"), row()]
    assert upstream.look(account("messagebird"), NUMBER) == [ENTRY]
    assert list_.calls == [f"GET {PATH}?limit=100&destination=%2B12025550123"]
    assert list_.called[0].headers["Authorization"] == "Bearer key-of-the-tests"


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("keyword_stop", ListReason.OPT_OUT),
        ("carrier_opted_out", ListReason.OPT_OUT),
        ("manual", ListReason.MANUAL),
        ("policy", ListReason.PROVIDER),
    ],
)
def test_an_entry_says_why(list_: StandIn, account: Accounts, word: str, reason: ListReason) -> None:
    list_.rows = [row(reason=word)]
    assert upstream.look(account("messagebird"), NUMBER) == [
        replace(ENTRY, reason=reason, words=f"{word} +12025550199")
    ]


def test_who_is_not_listed_is_no_entry(account: Accounts) -> None:
    assert upstream.look(account("messagebird"), NUMBER) == []


def test_what_is_told_of_another_number_is_not_this_ones(list_: StandIn, account: Accounts) -> None:
    """A filter that were not obeyed would have us remove everybody."""
    list_.ordered = [Ordered(200, {"data": [row("ssu_2", "+12025550124"), row()], "next_cursor": None})]
    assert upstream.look(account("messagebird"), NUMBER) == [ENTRY]


def test_all_pages_of_a_number_are_read(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row(f"ssu_{i}") for i in range(101)]
    assert [entry.place for entry in upstream.look(account("messagebird"), NUMBER)] == [
        f"ssu_{i}" for i in range(101)
    ]
    assert list_.calls[1] == f"GET {PATH}?limit=100&destination=%2B12025550123&starting_after=after-100"


def test_an_entry_is_removed_by_its_id_and_no_other_goes(list_: StandIn, account: Accounts) -> None:
    others = [row("ssu_2"), row("ssu_3", "+12025550124")]
    list_.rows = [row(), *others]
    assert upstream.remove(account("messagebird"), [ENTRY]) == [None]
    assert list_.rows == others
    assert list_.calls == [f"DELETE {PATH}/ssu_1"]


def test_an_entry_that_ended_already_or_never_was_is_gone(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row()]
    never = replace(ENTRY, place="ssu_9")
    assert upstream.remove(account("messagebird"), [ENTRY, ENTRY, never]) == [None, None, None]
    assert list_.rows == []


def test_only_what_is_manual_comes_off(list_: StandIn, account: Accounts) -> None:
    """Whatever we took it for."""
    list_.rows = [row("ssu_1", reason="keyword_stop"), row("ssu_2", reason="carrier_opted_out"), row("ssu_3")]
    entries = [replace(ENTRY, place=f"ssu_{i}") for i in (1, 2, 3)]
    assert upstream.remove(account("messagebird"), entries) == [Hindrance.START, Hindrance.START, None]
    assert [left["id"] for left in list_.rows] == ["ssu_1", "ssu_2"]


def test_an_id_is_encoded_whole(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row()]
    assert upstream.remove(account("messagebird"), [replace(ENTRY, place="../ssu_1?a#b%2F")]) == [None]
    assert list_.calls == [f"DELETE {PATH}/..%2Fssu_1%3Fa%23b%252F"]
    assert list_.rows == [row()]


@pytest.mark.parametrize("place", [None, "", " ", "..", "/"])
def test_without_an_id_nothing_is_removed(list_: StandIn, account: Accounts, place: str | None) -> None:
    with pytest.raises(ListUnclear) as unclear:
        upstream.remove(account("messagebird"), [replace(ENTRY, place=place)])
    assert (unclear.value.code, list_.calls) == ("empty_address", [])


@pytest.mark.parametrize("address", ["", " "])
def test_an_empty_number_is_never_asked_for(list_: StandIn, account: Accounts, address: str) -> None:
    """Without a number the call tells of all."""
    list_.rows = [row()]
    assert upstream.look(account("messagebird"), address) == []
    assert upstream.remove(account("messagebird"), []) == []
    assert list_.calls == []


def test_the_whole_list_comes_page_by_page(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row(f"ssu_{i}", f"+1202556{i:04}") for i in range(201)]
    found = pages(account("messagebird"))
    assert [len(page) for page in found] == [100, 100, 1]
    assert found[2] == [replace(ENTRY, place="ssu_200", address="+12025560200")]
    assert list_.calls == [
        f"GET {PATH}?limit=100",
        f"GET {PATH}?limit=100&starting_after=after-100",
        f"GET {PATH}?limit=100&starting_after=after-200",
    ]


def test_a_list_that_is_empty_is_one_empty_page(account: Accounts) -> None:
    assert pages(account("messagebird")) == [[]]


@pytest.mark.parametrize(
    ("status", "denied"), [(401, True), (403, True), (408, False), (429, False), (500, False), (503, False)]
)
def test_what_comes_to_nothing_is_put_off(
    list_: StandIn, account: Accounts, status: int, *, denied: bool
) -> None:
    acts: list[Callable[[], object]] = [
        lambda: upstream.look(account("messagebird"), NUMBER),
        lambda: upstream.remove(account("messagebird"), [ENTRY]),
        lambda: upstream.entries(account("messagebird")),
    ]
    for act in acts:
        list_.ordered = [Ordered(status, {"error": {}}, {"Retry-After": "35"})]
        with pytest.raises(PutOff) as put_off:
            act()
        assert (put_off.value.why, put_off.value.denied) == (str(status), denied)
        assert put_off.value.seconds == (None if denied else 36)


def test_a_look_up_that_bird_takes_for_none_is_unclear(list_: StandIn, account: Accounts) -> None:
    """The same 422 that keeps a STOP on the list when it is to be removed."""
    list_.ordered = [Ordered(422, {"error": {"type": "validation_error"}})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("messagebird"), "1")
    assert unclear.value.code == "422"


@pytest.mark.parametrize("body", [{"data": "x"}, {"data": [1]}, {}, [], None])
def test_an_answer_that_no_page_has_is_unclear(list_: StandIn, account: Accounts, body: object) -> None:
    list_.ordered = [Ordered(200, body)]
    with pytest.raises(ListUnclear):
        upstream.look(account("messagebird"), NUMBER)


def test_an_entry_that_tells_little_counts_and_stays(list_: StandIn, account: Accounts) -> None:
    list_.ordered = [Ordered(200, {"data": [{}], "next_cursor": None})]
    assert upstream.entries(account("messagebird")).items == (
        Listing(address="", reason=ListReason.PROVIDER),
    )


def test_without_its_key_nobody_is_asked(list_: StandIn, account: Accounts) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("messagebird", key="clé"), NUMBER)
    assert (put_off.value.why, put_off.value.denied, list_.calls) == ("no_key", True, [])


def test_a_wrong_key_is_for_us_to_mend(account: Accounts) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("messagebird", key="another"), NUMBER)
    assert (put_off.value.why, put_off.value.denied) == ("401", True)
