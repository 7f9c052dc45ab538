"""What holds of every mail provider's list that is spoken to over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from reachable import upstream
from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Listing, ListReason
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

ODD = "o'hara+ada/6#b?c=d%41&e@example.org"

PROVIDERS: dict[str, tuple[dict[str, Any], str | None]] = {
    "brevo": (
        {
            "email": ODD,
            "senderEmail": "office@example.org",
            "blockedAt": "2026-09-21T14:13:20.000Z",
            "reason": {"code": "hardBounce", "message": "Hard bounce"},
        },
        None,
    ),
    "mailgun": (
        {"domain": "mg.example.org", "list": "bounces", "address": ODD, "code": "550", "error": "No"},
        "mg.example.org/bounces",
    ),
    "mandrill": ({"email": ODD, "reason": "hard-bounce"}, None),
    "postmark": (
        {
            "stream": "outbound",
            "EmailAddress": ODD,
            "SuppressionReason": "HardBounce",
            "Origin": "Recipient",
        },
        "outbound",
    ),
    "resend": ({"id": "e169aa45", "email": ODD, "origin": "bounce"}, None),
    "sparkpost": ({"recipient": ODD, "type": "transactional", "source": "Bounce Rule"}, "transactional"),
}
"""A row of each, and the place of the entry that it is."""

NEIGHBOUR = "ben@example.org"
ADDRESS_FIELDS = ("email", "address", "EmailAddress", "recipient")

every_provider = pytest.mark.parametrize("provider", PROVIDERS)


def entry(provider: str, address: str = ODD) -> Listing:
    return Listing(address=address, reason=ListReason.BOUNCE, place=PROVIDERS[provider][1])


def neighbour(row: dict[str, Any]) -> dict[str, Any]:
    """The same entry of another person."""
    return {name: NEIGHBOUR if name in ADDRESS_FIELDS else value for name, value in row.items()} | {
        "id": "520784e2"
    }


def calls(provider: str) -> list[Callable[[Account], object]]:
    return [
        lambda account: upstream.look(account, ODD),
        lambda account: upstream.remove(account, [entry(provider)]),
        lambda account: upstream.remove(account, [entry(provider), entry(provider, NEIGHBOUR)]),
        upstream.entries,
    ]


every_call = pytest.mark.parametrize(
    ("provider", "call"), [(provider, call) for provider in PROVIDERS for call in calls(provider)]
)


@every_provider
def test_it_is_of_mail_and_may_be_asked_read_and_mended(provider: str) -> None:
    assert upstream.channel(provider) is Channel.EMAIL
    assert upstream.can_be_asked(provider)
    assert upstream.can_be_read(provider)
    assert upstream.hindrance(provider) is None


@every_provider
def test_an_address_of_odd_characters_is_found_and_goes_alone(
    lists: dict[str, StandIn], account: Accounts, provider: str
) -> None:
    row = PROVIDERS[provider][0]
    other = neighbour(row)
    lists[provider].rows = [row, other]
    listed = upstream.look(account(provider), ODD)
    assert [(listing.address, listing.reason, listing.place) for listing in listed] == [
        (ODD, ListReason.BOUNCE, PROVIDERS[provider][1])
    ]
    assert upstream.remove(account(provider), listed) == [None]
    assert lists[provider].rows == [other]
    assert upstream.look(account(provider), ODD) == []


@every_provider
def test_what_is_gone_already_is_gone(lists: dict[str, StandIn], account: Accounts, provider: str) -> None:
    other = neighbour(PROVIDERS[provider][0])
    lists[provider].rows = [other]
    assert upstream.remove(account(provider), [entry(provider)]) == [None]
    assert lists[provider].rows == [other]


@every_provider
def test_several_are_answered_in_their_order(
    lists: dict[str, StandIn], account: Accounts, provider: str
) -> None:
    row = PROVIDERS[provider][0]
    lists[provider].rows = [row, neighbour(row)]
    named = [entry(provider), entry(provider, NEIGHBOUR), entry(provider, "cyd@example.org")]
    assert upstream.remove(account(provider), named) == [None, None, None]
    assert lists[provider].rows == []


@every_provider
@pytest.mark.parametrize("address", ["", " ", "\t\n"])
def test_nothing_is_asked_or_removed_without_an_address(
    lists: dict[str, StandIn], account: Accounts, provider: str, address: str
) -> None:
    """Some providers clear a whole list where nobody is named."""
    assert upstream.look(account(provider), address) == []
    assert upstream.remove(account(provider), [entry(provider, address)]) == [None]
    assert lists[provider].calls == []


@every_call
@pytest.mark.parametrize(
    ("status", "denied"), [(401, True), (403, True), (408, False), (429, False), (500, False), (503, False)]
)
def test_what_comes_to_nothing_is_put_off(
    lists: dict[str, StandIn],
    account: Accounts,
    provider: str,
    call: Callable[[Account], object],
    status: int,
    *,
    denied: bool,
) -> None:
    lists[provider].ordered = [Ordered(status, {"message": "..."})]
    with pytest.raises(PutOff) as put_off:
        call(account(provider))
    assert vars(put_off.value) == vars(PutOff(str(status), denied=denied))


@every_provider
def test_a_provider_that_says_how_long_to_wait_is_heard(
    lists: dict[str, StandIn], account: Accounts, provider: str
) -> None:
    lists[provider].ordered = [Ordered(429, None, {"retry-after": "29"})]
    with pytest.raises(PutOff) as put_off:
        upstream.look(account(provider), ODD)
    assert put_off.value.seconds == 30


@every_call
def test_an_answer_that_is_documented_nowhere_is_unclear_and_names_nobody(
    lists: dict[str, StandIn], account: Accounts, provider: str, call: Callable[[Account], object]
) -> None:
    lists[provider].ordered = [Ordered(418, {"message": ODD})]
    with pytest.raises(ListUnclear) as unclear:
        call(account(provider))
    assert unclear.value.code == "418"


@every_provider
@pytest.mark.parametrize("body", [{"message": "..."}, "...", [], ["..."], b"<html>"])
def test_no_list_in_an_answer_is_no_empty_list(
    lists: dict[str, StandIn], account: Accounts, provider: str, body: object
) -> None:
    if (provider, body) == ("mandrill", []):
        body = [5]  # none is what it answers of nobody
    for read in (lambda known: upstream.look(known, ODD), upstream.entries):
        lists[provider].ordered = [Ordered(200, body)]
        with pytest.raises(ListUnclear):
            read(account(provider))


@every_call
@pytest.mark.parametrize("status", [500, 502])
def test_a_page_of_a_proxy_is_no_answer(
    lists: dict[str, StandIn],
    account: Accounts,
    provider: str,
    call: Callable[[Account], object],
    status: int,
) -> None:
    lists[provider].ordered = [Ordered(status, b"<html>")]
    with pytest.raises(PutOff) as put_off:
        call(account(provider))
    assert vars(put_off.value) == vars(PutOff(str(status)))


@every_call
def test_who_is_out_of_reach_is_tried_again(
    account: Accounts, provider: str, call: Callable[[Account], object]
) -> None:
    with pytest.raises(PutOff) as put_off:
        call(account(provider, base_url="http://127.0.0.1:9"))
    assert vars(put_off.value) == vars(PutOff("NewConnectionError"))


@every_call
@pytest.mark.parametrize("settings", [None, {}, {"key": ""}, {"key": "line\nbreak"}, {"key": 5}])
def test_without_a_key_nobody_is_asked(
    lists: dict[str, StandIn],
    account: Accounts,
    provider: str,
    call: Callable[[Account], object],
    settings: dict[str, Any] | None,
) -> None:
    known = account(provider).settings or {}
    told = None if settings is None else {**known, "key": None, **settings}
    with pytest.raises(PutOff) as put_off:
        call(Account(provider, settings=told))
    assert put_off.value.denied
    assert lists[provider].calls == []


@every_call
def test_a_wrong_key_is_denied(
    lists: dict[str, StandIn], account: Accounts, provider: str, call: Callable[[Account], object]
) -> None:
    with pytest.raises(PutOff) as put_off:
        call(account(provider, key="another"))
    assert put_off.value.denied
    assert len(lists[provider].calls) == 1
