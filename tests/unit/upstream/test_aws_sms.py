"""End User Messaging's opt-out lists, over HTTP."""

import json
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
    place="Default",
)
SHARED = "arn:aws:sms-voice:us-east-1:123456789012:opt-out-list/schools"


def row(number: str = NUMBER, list_: str = "Default", *, own: bool = False) -> dict[str, Any]:
    return {
        "OptOutListName": list_,
        "OptedOutNumber": number,
        "OptedOutTimestamp": 1790000000,
        "EndUserOptedOut": own,
    }


@pytest.fixture
def list_(lists: dict[str, StandIn]) -> StandIn:
    return lists["aws_sms"]


def asked(list_: StandIn) -> list[tuple[str, dict[str, Any]]]:
    """The operations that were called, and with what."""
    return [
        (call.headers["X-Amz-Target"].removeprefix("PinpointSMSVoiceV2."), json.loads(call.body))
        for call in list_.called
    ]


def test_it_is_a_list_of_numbers_that_takes_ten_calls_a_second() -> None:
    assert (upstream.channel("aws_sms"), upstream.hindrance("aws_sms")) == (Channel.SMS, None)
    assert upstream.limit("aws_sms") == Limit(calls=10, seconds=1, each=2)


def test_an_entry_is_told_with_its_date_and_list(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row(), row("+12025550124")]
    assert upstream.look(account("aws_sms"), NUMBER) == [ENTRY]
    assert list_.calls == ["POST /aws_sms"]
    assert asked(list_) == [
        ("DescribeOptedOutNumbers", {"OptOutListName": "Default", "OptedOutNumbers": [NUMBER]})
    ]


def test_a_number_that_replied_stop_has_opted_out(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row(own=True)]
    assert upstream.look(account("aws_sms"), NUMBER) == [replace(ENTRY, reason=ListReason.OPT_OUT)]


def test_a_number_that_is_not_listed_is_no_entry(list_: StandIn, account: Accounts) -> None:
    """AWS answers it with an error."""
    list_.rows = [row("+12025550124")]
    assert upstream.look(account("aws_sms"), NUMBER) == []


def test_each_list_of_the_account_is_asked(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row(), row(list_="other"), row(list_=SHARED), row("+12025550124", "empty")]
    several = account("aws_sms", lists=["Default", "empty", SHARED])
    assert upstream.look(several, NUMBER) == [ENTRY, replace(ENTRY, place=SHARED)]
    assert [call[1]["OptOutListName"] for call in asked(list_)] == ["Default", "empty", SHARED]


def test_a_list_that_there_is_not_is_unclear_not_free(list_: StandIn, account: Accounts) -> None:
    """The same error as of a number that is not listed: the kind of resource tells them apart."""
    acts: list[Callable[[Account], object]] = [
        lambda of: upstream.look(of, NUMBER),
        upstream.entries,
        lambda of: upstream.remove(of, [replace(ENTRY, place="misspelt")]),
    ]
    for act in acts:
        with pytest.raises(ListUnclear) as unclear:
            act(account("aws_sms", lists="misspelt"))
        assert unclear.value.code == "no_such_list"


def test_an_entry_is_removed_from_its_own_list_and_no_other(list_: StandIn, account: Accounts) -> None:
    others = [row(list_="other"), row("+12025550124")]
    list_.rows = [row(), *others]
    assert upstream.remove(account("aws_sms"), [ENTRY]) == [None]
    assert list_.rows == others
    assert asked(list_) == [("DeleteOptedOutNumber", {"OptOutListName": "Default", "OptedOutNumber": NUMBER})]


def test_an_entry_that_is_gone_already_is_gone(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row("+12025550124")]
    assert upstream.remove(account("aws_sms"), [ENTRY, replace(ENTRY, address="+12025550124")]) == [
        None,
        None,
    ]
    assert list_.rows == []


def test_a_number_is_removed_once_in_30_days(list_: StandIn, account: Accounts) -> None:
    """The others of the same call are."""
    list_.rows = [row(), row("+12025550124")]
    both = [ENTRY, replace(ENTRY, address="+12025550124")]
    assert upstream.remove(account("aws_sms"), [ENTRY]) == [None]
    list_.rows.append(row())
    assert upstream.remove(account("aws_sms"), both) == [Hindrance.NOT_YET, None]
    assert list_.rows == [row()]


def test_another_fault_of_a_removal_is_unclear(list_: StandIn, account: Accounts) -> None:
    list_.ordered = [Ordered(400, {"__type": "ValidationException", "Reason": "FIELD_VALIDATION_FAILED"})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.remove(account("aws_sms"), [ENTRY])
    assert unclear.value.code == "ValidationException"


@pytest.mark.parametrize("address", ["", " "])
def test_an_empty_number_is_never_sent(list_: StandIn, account: Accounts, address: str) -> None:
    """Without numbers the call tells of all."""
    list_.rows = [row()]
    assert upstream.look(account("aws_sms"), address) == []
    assert upstream.remove(account("aws_sms"), [replace(ENTRY, address=address)]) == [None]
    assert upstream.remove(account("aws_sms"), []) == []
    assert list_.calls == []


def test_the_lists_come_page_by_page_one_after_the_other(list_: StandIn, account: Accounts) -> None:
    list_.rows = [
        *(row(f"+1202555{i:04}") for i in range(101)),
        row(list_="schools", own=True),
        row(list_="other"),
    ]
    found = pages(account("aws_sms", lists=["Default", "schools"]))
    assert [len(page) for page in found] == [100, 1, 1]
    assert found[1] == [replace(ENTRY, address="+12025550100")]
    assert found[2] == [replace(ENTRY, place="schools", reason=ListReason.OPT_OUT)]
    assert [call[1] for call in asked(list_)] == [
        {"OptOutListName": "Default", "MaxResults": 100},
        {"OptOutListName": "Default", "MaxResults": 100, "NextToken": "100"},
        {"OptOutListName": "schools", "MaxResults": 100},
    ]


def test_a_cursor_of_a_list_that_is_not_the_accounts_is_unclear(account: Accounts) -> None:
    with pytest.raises(ListUnclear):
        upstream.entries(account("aws_sms"), "other 100")


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(
    ("status", "code", "denied"),
    [
        (400, "AccessDeniedException", True),
        (400, "ThrottlingException", False),
        (500, "InternalServerException", False),
        (503, "ServiceUnavailable", False),
    ],
)
def test_what_comes_to_nothing_is_put_off(
    list_: StandIn, account: Accounts, status: int, code: str, *, denied: bool
) -> None:
    acts: list[Callable[[], object]] = [
        lambda: upstream.look(account("aws_sms"), NUMBER),
        lambda: upstream.remove(account("aws_sms"), [ENTRY]),
        lambda: upstream.entries(account("aws_sms")),
    ]
    for act in acts:
        list_.ordered = [Ordered(status, {"__type": code, "Message": NUMBER})]
        with pytest.raises(PutOff) as put_off:
            act()
        assert (put_off.value.why, put_off.value.denied) == (code, denied)
        assert NUMBER not in str(put_off.value)
