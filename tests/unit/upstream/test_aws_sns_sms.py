"""SNS's numbers that have opted out, over HTTP."""

from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest

from reachable import upstream
from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins.aws_sns_sms import error_xml
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

NUMBER, OTHER = "+12025550123", "+12025550124"
ENTRY = Listing(address=NUMBER, reason=ListReason.UNTOLD)


@pytest.fixture
def list_(lists: dict[str, StandIn]) -> StandIn:
    return lists["aws_sns_sms"]


def asked(list_: StandIn) -> list[dict[str, str]]:
    """The calls, as forms."""
    return [
        {name: value for name, value in parse_qsl(call.body) if name != "Version"} for call in list_.called
    ]


def test_it_is_a_list_of_numbers() -> None:
    assert upstream.channel("aws_sns_sms") == Channel.SMS
    assert (upstream.limit("aws_sns_sms"), upstream.hindrance("aws_sns_sms")) == (None, None)


def test_who_is_listed_has_opted_out(list_: StandIn, account: Accounts) -> None:
    """An entry tells neither reason nor date."""
    list_.rows = [{"phoneNumber": NUMBER}, {"phoneNumber": OTHER}]
    assert upstream.look(account("aws_sns_sms"), NUMBER) == [ENTRY]
    assert list_.calls == ["POST /aws_sns_sms"]
    assert asked(list_) == [{"Action": "CheckIfPhoneNumberIsOptedOut", "phoneNumber": NUMBER}]


def test_who_is_not_listed_is_no_entry(list_: StandIn, account: Accounts) -> None:
    list_.rows = [{"phoneNumber": OTHER}]
    assert upstream.look(account("aws_sns_sms"), NUMBER) == []


def test_a_number_is_opted_in_and_no_other(list_: StandIn, account: Accounts) -> None:
    list_.rows = [{"phoneNumber": NUMBER}, {"phoneNumber": OTHER}]
    assert upstream.remove(account("aws_sns_sms"), [ENTRY]) == [None]
    assert list_.rows == [{"phoneNumber": OTHER}]
    assert asked(list_) == [{"Action": "OptInPhoneNumber", "phoneNumber": NUMBER}]


def test_a_number_that_is_gone_already_is_gone(account: Accounts) -> None:
    assert upstream.remove(account("aws_sns_sms"), [ENTRY]) == [None]


def test_a_number_is_opted_in_once_in_30_days(list_: StandIn, account: Accounts) -> None:
    """The others of the same call are."""
    list_.rows = [{"phoneNumber": NUMBER}, {"phoneNumber": OTHER}]
    assert upstream.remove(account("aws_sns_sms"), [ENTRY]) == [None]
    list_.rows.append({"phoneNumber": NUMBER})
    both = [ENTRY, Listing(address=OTHER, reason=ListReason.UNTOLD)]
    assert upstream.remove(account("aws_sns_sms"), both) == [Hindrance.NOT_YET, None]
    assert list_.rows == [{"phoneNumber": NUMBER}]


def test_a_number_that_sns_takes_for_none_is_unclear_when_it_is_asked_for(
    list_: StandIn, account: Accounts
) -> None:
    list_.ordered = [Ordered(400, error_xml("InvalidParameter"))]
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("aws_sns_sms"), "+1")
    assert unclear.value.code == "InvalidParameter"


def test_an_answer_that_does_not_tell_is_unclear_not_free(list_: StandIn, account: Accounts) -> None:
    name = "CheckIfPhoneNumberIsOptedOut"
    told = f"<{name}Response><{name}Result></{name}Result></{name}Response>"
    list_.ordered = [Ordered(200, told.encode())]
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("aws_sns_sms"), NUMBER)
    assert unclear.value.code == "not_told"


@pytest.mark.parametrize("address", ["", " "])
def test_an_empty_number_is_never_sent(list_: StandIn, account: Accounts, address: str) -> None:
    nobody = Listing(address=address, reason=ListReason.UNTOLD)
    assert upstream.look(account("aws_sns_sms"), address) == []
    assert upstream.remove(account("aws_sns_sms"), [nobody]) == [None]
    assert upstream.remove(account("aws_sns_sms"), []) == []
    assert list_.calls == []


def test_the_whole_list_comes_page_by_page(list_: StandIn, account: Accounts) -> None:
    list_.rows = [{"phoneNumber": f"+1202555{i:04}"} for i in range(201)]
    found = pages(account("aws_sns_sms"))
    assert [len(page) for page in found] == [100, 100, 1]
    assert found[2] == [Listing(address="+12025550200", reason=ListReason.UNTOLD)]
    assert asked(list_) == [
        {"Action": "ListPhoneNumbersOptedOut"},
        {"Action": "ListPhoneNumbersOptedOut", "nextToken": "100"},
        {"Action": "ListPhoneNumbersOptedOut", "nextToken": "200"},
    ]


def test_a_list_that_is_empty_is_one_empty_page(account: Accounts) -> None:
    assert pages(account("aws_sns_sms")) == [[]]


def test_an_empty_token_is_the_end_not_the_beginning(list_: StandIn, account: Accounts) -> None:
    name = "ListPhoneNumbersOptedOut"
    told = f"<{name}Response><{name}Result><nextToken></nextToken></{name}Result></{name}Response>"
    list_.ordered = [Ordered(200, told.encode())]
    assert pages(account("aws_sns_sms")) == [[]]


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(
    ("status", "code", "denied"),
    [
        (403, "AuthorizationError", True),
        (403, "InvalidClientTokenId", True),
        (429, "Throttled", False),
        (400, "Throttling", False),
        (500, "InternalError", False),
        (503, "ServiceUnavailable", False),
    ],
)
def test_what_comes_to_nothing_is_put_off(
    list_: StandIn, account: Accounts, status: int, code: str, *, denied: bool
) -> None:
    acts: list[Callable[[], object]] = [
        lambda: upstream.look(account("aws_sns_sms"), NUMBER),
        lambda: upstream.remove(account("aws_sns_sms"), [ENTRY]),
        lambda: upstream.entries(account("aws_sns_sms")),
    ]
    for act in acts:
        list_.ordered = [Ordered(status, error_xml(code))]
        with pytest.raises(PutOff) as put_off:
            act()
        assert (put_off.value.why, put_off.value.denied) == (code, denied)
