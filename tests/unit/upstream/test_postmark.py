"""Postmark's own lists, over HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

import pytest

from reachable import upstream
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins import postmark
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

BOUNCED = {
    "stream": "outbound",
    "EmailAddress": "Ada+school@example.org",
    "SuppressionReason": "HardBounce",
    "Origin": "Recipient",
    "CreatedAt": "2026-09-21T10:13:20-04:00",
}
ENTRY = Listing(
    address="Ada+school@example.org",
    reason=ListReason.BOUNCE,
    since=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
    words="HardBounce (Recipient)",
    place="outbound",
)


def test_an_entry_is_told_with_its_stream_reason_and_date(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["postmark"].rows = [BOUNCED]
    assert upstream.look(account("postmark"), "ada+school@example.org") == [ENTRY]
    asked = "suppressions/dump?EmailAddress=ada%2Bschool%40example.org"
    assert lists["postmark"].calls == [
        f"GET /postmark/message-streams/outbound/{asked}",
        f"GET /postmark/message-streams/broadcast/{asked}",
    ]
    assert lists["postmark"].called[0].headers["X-Postmark-Server-Token"] == "key-of-the-tests"


@pytest.mark.parametrize(
    ("why", "origin", "reason"),
    [
        ("HardBounce", "Recipient", ListReason.BOUNCE),
        ("SpamComplaint", "Recipient", ListReason.COMPLAINT),
        ("ManualSuppression", "Recipient", ListReason.UNSUBSCRIBED),
        ("ManualSuppression", "Customer", ListReason.MANUAL),
        ("ManualSuppression", "Admin", ListReason.PROVIDER),
        ("HardBounce", "Admin", ListReason.PROVIDER),
        ("A new one", "Recipient", ListReason.PROVIDER),
    ],
)
def test_each_reason_and_origin_says_why(
    lists: dict[str, StandIn], account: Accounts, why: str, origin: str, reason: ListReason
) -> None:
    lists["postmark"].rows = [
        BOUNCED | {"stream": "broadcast", "SuppressionReason": why, "Origin": origin, "CreatedAt": None}
    ]
    assert upstream.look(account("postmark"), "ada+school@example.org") == [
        Listing(address="Ada+school@example.org", reason=reason, words=f"{why} ({origin})", place="broadcast")
    ]


def test_another_address_that_holds_the_one_that_is_sought_is_left_alone(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["postmark"].rows = [BOUNCED]
    assert upstream.look(account("postmark"), "school@example.org") == []


def test_an_entry_goes_alone_from_its_own_stream(lists: dict[str, StandIn], account: Accounts) -> None:
    others = [BOUNCED | {"stream": "broadcast"}, BOUNCED | {"EmailAddress": "ben@example.org"}]
    lists["postmark"].rows = [BOUNCED, *others]
    assert upstream.remove(account("postmark"), [ENTRY]) == [None]
    assert lists["postmark"].rows == others
    assert lists["postmark"].calls == ["POST /postmark/message-streams/outbound/suppressions/delete"]
    assert json.loads(lists["postmark"].called[0].body) == {
        "Suppressions": [{"EmailAddress": "Ada+school@example.org"}]
    }


def test_what_must_stay_fails_within_an_answer_of_200_and_the_rest_goes(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    complained = BOUNCED | {"EmailAddress": "ben@example.org", "SuppressionReason": "SpamComplaint"}
    of_both = BOUNCED | {"stream": "broadcast", "EmailAddress": "ben@example.org"}
    lists["postmark"].rows = [complained, BOUNCED, of_both]
    named = [
        Listing(address="Ben@example.org", reason=ListReason.COMPLAINT, place="outbound"),
        ENTRY,
        Listing(address="ben@example.org", reason=ListReason.BOUNCE, place="broadcast"),
    ]
    assert upstream.remove(account("postmark"), named) == [Hindrance.SUPPORT, None, None]
    assert lists["postmark"].rows == [complained]


def test_of_each_stream_those_go_that_are_named_of_it(lists: dict[str, StandIn], account: Accounts) -> None:
    of_the_other = BOUNCED | {"stream": "broadcast"}
    also_named = BOUNCED | {"stream": "broadcast", "EmailAddress": "ben@example.org"}
    lists["postmark"].rows = [BOUNCED, of_the_other, also_named]
    ben = Listing(address="ben@example.org", reason=ListReason.BOUNCE, place="broadcast")
    assert upstream.remove(account("postmark"), [ENTRY, ben]) == [None, None]
    assert lists["postmark"].rows == [of_the_other]


def test_120_of_one_stream_are_removed_by_three_requests(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["postmark"].rows = [BOUNCED | {"EmailAddress": f"a{i}@example.org"} for i in range(121)]
    named = [
        Listing(address=f"a{i}@example.org", reason=ListReason.BOUNCE, place="outbound") for i in range(120)
    ]
    assert upstream.remove(account("postmark"), named) == [None] * 120
    assert [row["EmailAddress"] for row in lists["postmark"].rows] == ["a120@example.org"]
    assert len(lists["postmark"].calls) == 3


def test_an_empty_address_is_not_among_those_that_go(lists: dict[str, StandIn], account: Accounts) -> None:
    nobody = Listing(address=" ", reason=ListReason.BOUNCE, place="outbound")
    assert upstream.remove(account("postmark"), [nobody, ENTRY]) == [None, None]
    assert json.loads(lists["postmark"].called[0].body) == {
        "Suppressions": [{"EmailAddress": "Ada+school@example.org"}]
    }


@pytest.mark.parametrize(
    "answered",
    [
        [],
        [{"EmailAddress": "ben@example.org", "Status": "Deleted"}],
        [{"EmailAddress": "ada+school@example.org", "Status": "Pending"}],
        [{"EmailAddress": "ada+school@example.org"}],
    ],
)
def test_an_address_of_which_nothing_is_said_is_not_taken_for_gone(
    lists: dict[str, StandIn], account: Accounts, answered: list[dict[str, str]]
) -> None:
    lists["postmark"].ordered = [Ordered(200, {"Suppressions": answered})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.remove(account("postmark"), [ENTRY])
    assert unclear.value.code == "no_status"


@pytest.mark.parametrize("place", [None, "", ".."])
def test_nothing_is_removed_from_no_stream(
    lists: dict[str, StandIn], account: Accounts, place: str | None
) -> None:
    listing = Listing(address="ada@example.org", reason=ListReason.BOUNCE, place=place)
    with pytest.raises(ListUnclear):
        upstream.remove(account("postmark"), [listing])
    assert lists["postmark"].calls == []


def test_a_stream_of_the_default_that_the_server_lacks_lists_nobody(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    cast("postmark.List", lists["postmark"]).streams = {"outbound"}
    lists["postmark"].rows = [BOUNCED]
    assert upstream.look(account("postmark"), "ada+school@example.org") == [ENTRY]
    assert pages(account("postmark")) == [[ENTRY], []]


def test_a_stream_that_is_set_must_be_there(lists: dict[str, StandIn], account: Accounts) -> None:
    """Of a misspelt one nobody would ever be listed."""
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("postmark", streams=["outbuond"]), "ada@example.org")
    assert unclear.value.code == "1226"


@pytest.mark.parametrize(
    ("body", "code"), [({"ErrorCode": 1407}, "1407"), ({}, "422"), (None, "422"), ([], "422")]
)
def test_any_other_422_is_unclear(
    lists: dict[str, StandIn], account: Accounts, body: object, code: str
) -> None:
    lists["postmark"].ordered = [Ordered(422, body)]
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("postmark"), "ada@example.org")
    assert unclear.value.code == code


def test_a_wrong_token_is_denied(account: Accounts) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("postmark", key="another"), "ada@example.org")
    assert vars(put_off.value) == vars(PutOff("401", denied=True))


@pytest.mark.parametrize(
    ("streams", "asked"),
    [
        (["letters", "alerts"], ["letters", "alerts"]),
        ("letters", ["letters"]),
        ([], ["outbound", "broadcast"]),
    ],
)
def test_the_streams_that_are_set_are_read_whole_one_after_the_other(
    lists: dict[str, StandIn], account: Accounts, streams: object, asked: list[str]
) -> None:
    cast("postmark.List", lists["postmark"]).streams = {*asked}
    lists["postmark"].rows = [
        BOUNCED | {"stream": stream, "EmailAddress": f"a{i}@example.org"}
        for stream in asked
        for i in range(1200)
    ]
    found = pages(account("postmark", streams=streams))
    assert [(len(page), page[0].place) for page in found] == [(1200, stream) for stream in asked]
    assert lists["postmark"].calls == [
        f"GET /postmark/message-streams/{stream}/suppressions/dump" for stream in asked
    ]
