"""Brevo's own list, over HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine

from reachable import upstream
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Hindrance, Limit, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

BOUNCED: dict[str, object] = {
    "email": "ada+school@example.org",
    "senderEmail": "office@example.org",
    "blockedAt": "2026-09-21T14:13:20.000Z",
    "reason": {"code": "hardBounce", "message": "Hard bounce"},
}
ENTRY = Listing(
    address="ada+school@example.org",
    reason=ListReason.BOUNCE,
    since=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
    words="Hard bounce",
)
SEEN = datetime(2026, 9, 21, 14, 14, tzinfo=UTC)
LIST = "GET /brevo/v3/smtp/blockedContacts?limit=100&offset={}&sort=asc"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 28, 1, 0, tzinfo=UTC), tick=False):
        yield


def blocked(code: str, email: str = "ada+school@example.org") -> dict[str, object]:
    return BOUNCED | {"email": email, "reason": {"code": code, "message": code}}


def listed(reason: ListReason, address: str = "ada+school@example.org") -> Listing:
    return Listing(address=address, reason=reason)


def test_an_entry_is_found_on_the_days_beside_its_event(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["brevo"].rows = [BOUNCED, BOUNCED | {"email": "ben@example.org"}]
    assert upstream.look(account("brevo"), "Ada+School@example.org", [SEEN]) == [ENTRY]
    assert lists["brevo"].calls == [LIST.format(0) + "&startDate=2026-09-20&endDate=2026-09-22"]
    assert lists["brevo"].called[0].headers["Api-Key"] == "key-of-the-tests"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("hardBounce", ListReason.BOUNCE),
        ("contactFlaggedAsSpam", ListReason.COMPLAINT),
        ("unsubscribedViaMA", ListReason.UNSUBSCRIBED),
        ("unsubscribedViaEmail", ListReason.UNSUBSCRIBED),
        ("unsubscribedViaApi", ListReason.UNSUBSCRIBED),
        ("adminBlocked", ListReason.MANUAL),
        ("aNewOne", ListReason.PROVIDER),
    ],
)
def test_each_code_says_why(
    lists: dict[str, StandIn], account: Accounts, code: str, reason: ListReason
) -> None:
    lists["brevo"].rows = [blocked(code)]
    assert [listing.reason for listing in upstream.look(account("brevo"), "ada+school@example.org")] == [
        reason
    ]


@pytest.mark.parametrize("reason", [None, "hardBounce", {}, {"code": None}])
def test_without_a_code_it_is_theirs(lists: dict[str, StandIn], account: Accounts, reason: object) -> None:
    lists["brevo"].rows = [BOUNCED | {"reason": reason}]
    assert upstream.look(account("brevo"), "ada+school@example.org") == [
        Listing(address="ada+school@example.org", reason=ListReason.PROVIDER, since=ENTRY.since)
    ]


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        # Two days that touch are asked for together, others apart.
        ([(9, 21), (9, 24)], ["&startDate=2026-09-20&endDate=2026-09-25"]),
        ([(9, 21), (9, 22), (9, 21)], ["&startDate=2026-09-20&endDate=2026-09-23"]),
        (
            [(10, 2), (9, 21)],
            ["&startDate=2026-09-20&endDate=2026-09-22", "&startDate=2026-10-01&endDate=2026-10-03"],
        ),
        # Brevo refuses a day that is still to come; it is 28 November.
        ([(11, 28)], ["&startDate=2026-11-27&endDate=2026-11-28"]),
        ([(11, 25), (11, 28), (12, 24)], ["&startDate=2026-11-24&endDate=2026-11-28"]),
        ([(12, 24)], ["&startDate=2026-11-28&endDate=2026-11-28"]),
    ],
)
def test_few_ranges_of_days_are_asked_for_and_none_to_come(
    lists: dict[str, StandIn], account: Accounts, days: list[tuple[int, int]], asked: list[str]
) -> None:
    times = [datetime(2026, month, day, 12, tzinfo=UTC) for month, day in days]
    assert upstream.look(account("brevo"), "ada@example.org", times) == []
    assert lists["brevo"].calls[:-1] == [LIST.format(0) + days for days in asked]
    assert lists["brevo"].calls[-1] == LIST.format(0)  # nothing was found: then the whole


def test_a_day_is_one_of_utc(lists: dict[str, StandIn], account: Accounts) -> None:
    evening = datetime(2026, 9, 20, 21, 14, tzinfo=timezone(timedelta(hours=-7)))
    assert upstream.look(account("brevo"), "ada@example.org", [evening]) == []
    assert lists["brevo"].calls[:1] == [LIST.format(0) + "&startDate=2026-09-20&endDate=2026-09-22"]


def test_a_day_is_searched_to_its_end(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["brevo"].rows = [*(BOUNCED | {"email": f"a{i}@example.org"} for i in range(250)), BOUNCED]
    assert upstream.look(account("brevo"), "ada+school@example.org", [SEEN]) == [ENTRY]
    days = "&startDate=2026-09-20&endDate=2026-09-22"
    assert lists["brevo"].calls == [LIST.format(offset) + days for offset in (0, 100, 200)]


def test_without_days_the_whole_list_is_searched(lists: dict[str, StandIn], account: Accounts) -> None:
    """None found means: not listed. A part of the list would not tell."""
    long_ago = BOUNCED | {"blockedAt": "2019-05-01T12:30:00.000Z"}
    lists["brevo"].rows = [long_ago, *(BOUNCED | {"email": f"a{i}@example.org"} for i in range(99))]
    found = upstream.look(account("brevo"), "ada+school@example.org")
    assert [listing.since for listing in found] == [datetime(2019, 5, 1, 12, 30, tzinfo=UTC)]
    assert lists["brevo"].calls == [LIST.format(0), LIST.format(100)]


def test_a_hard_bounce_goes_by_the_call_that_lifts_nothing_else(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    others = [BOUNCED | {"email": "ben@example.org"}, blocked("unsubscribedViaEmail")]
    lists["brevo"].rows = [BOUNCED, *others]
    assert upstream.remove(account("brevo"), [ENTRY]) == [None]
    assert lists["brevo"].rows == others
    assert [(call.method, call.path, call.body) for call in lists["brevo"].called] == [
        ("POST", "/brevo/v3/smtp/deleteHardbounces", '{"contactEmail": "ada+school@example.org"}')
    ]


@pytest.mark.parametrize(
    "address", ["", " ", "\n", "@", " @ ", "\t@\n", "@@", "nobody", "@example.org", "ada@"]
)
@pytest.mark.parametrize("reason", [ListReason.BOUNCE, ListReason.MANUAL])
def test_nothing_that_could_pass_for_no_address_is_sent(
    lists: dict[str, StandIn], account: Accounts, address: str, reason: ListReason
) -> None:
    """Without an address Brevo frees every hard bounce of the account."""
    lists["brevo"].rows = [BOUNCED]
    assert upstream.remove(account("brevo"), [listed(reason, address)]) == [None]
    assert lists["brevo"].rows == [BOUNCED]
    assert lists["brevo"].calls == []


def test_one_among_others_without_an_address_is_left_out(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    other = BOUNCED | {"email": "ben@example.org"}
    lists["brevo"].rows = [BOUNCED, other]
    named = [listed(ListReason.BOUNCE, ""), ENTRY, ENTRY]
    assert upstream.remove(account("brevo"), named) == [None, None, None]
    assert lists["brevo"].rows == [other]
    assert [call.body for call in lists["brevo"].called] == ['{"contactEmail": "ada+school@example.org"}']


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("adminBlocked", ListReason.MANUAL),
        ("contactFlaggedAsSpam", ListReason.COMPLAINT),
        ("unsubscribedViaApi", ListReason.UNSUBSCRIBED),
    ],
)
def test_any_other_entry_goes_by_its_address_once_the_list_was_read(
    lists: dict[str, StandIn], account: Accounts, code: str, reason: ListReason
) -> None:
    other = blocked(code, "ben@example.org")
    lists["brevo"].rows = [blocked(code), other]
    assert upstream.remove(account("brevo"), [listed(reason)]) == [None]
    assert lists["brevo"].rows == [other]
    assert lists["brevo"].calls == [
        LIST.format(0),
        "DELETE /brevo/v3/smtp/blockedContacts/ada%2Bschool%40example.org",
    ]


@pytest.mark.parametrize(
    ("named", "beside", "kept"),
    [
        (ListReason.MANUAL, "unsubscribedViaEmail", Hindrance.CONSENT),
        (ListReason.MANUAL, "contactFlaggedAsSpam", Hindrance.CONSENT),
        (ListReason.MANUAL, "aNewOne", Hindrance.SUPPORT),
        (ListReason.UNSUBSCRIBED, "aNewOne", Hindrance.SUPPORT),
        (ListReason.MANUAL, "hardBounce", None),
        (ListReason.UNSUBSCRIBED, "adminBlocked", None),
        (ListReason.UNSUBSCRIBED, "contactFlaggedAsSpam", None),
        (ListReason.COMPLAINT, "unsubscribedViaMA", None),
    ],
)
def test_what_nobody_allowed_to_lift_keeps_an_address_there(
    lists: dict[str, StandIn],
    account: Accounts,
    named: ListReason,
    beside: str,
    kept: Hindrance | None,
) -> None:
    """Unblocking lifts every entry of an address, of any sender and day."""
    code = {
        ListReason.MANUAL: "adminBlocked",
        ListReason.UNSUBSCRIBED: "unsubscribedViaEmail",
        ListReason.COMPLAINT: "contactFlaggedAsSpam",
    }[named]
    earlier = blocked(beside) | {"senderEmail": "lunch@example.org", "blockedAt": "2026-02-01T08:00:00.000Z"}
    rows = [earlier, blocked(code)]
    lists["brevo"].rows = list(rows)
    assert upstream.remove(account("brevo"), [listed(named)]) == [kept]
    assert lists["brevo"].rows == ([] if kept is None else rows)


def test_a_hard_bounce_goes_even_where_another_entry_keeps_the_address(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    others = [
        blocked("adminBlocked"),
        blocked("unsubscribedViaEmail"),
        blocked("adminBlocked", "b@example.org"),
    ]
    lists["brevo"].rows = [BOUNCED, *others]
    named = [listed(ListReason.MANUAL), ENTRY, listed(ListReason.MANUAL, "b@example.org")]
    assert upstream.remove(account("brevo"), named) == [Hindrance.CONSENT, None, None]
    assert lists["brevo"].rows == others[:2]


def test_the_list_is_read_once_for_all_that_go(lists: dict[str, StandIn], account: Accounts) -> None:
    lists["brevo"].rows = [blocked("adminBlocked", f"a{i}@example.org") for i in range(150)]
    named = [listed(ListReason.MANUAL, f"a{i}@example.org") for i in range(3)]
    assert upstream.remove(account("brevo"), named) == [None, None, None]
    assert lists["brevo"].calls == [
        LIST.format(0),
        LIST.format(100),
        "DELETE /brevo/v3/smtp/blockedContacts/a0%40example.org",
        "DELETE /brevo/v3/smtp/blockedContacts/a1%40example.org",
        "DELETE /brevo/v3/smtp/blockedContacts/a2%40example.org",
    ]


def test_what_is_gone_between_is_gone(lists: dict[str, StandIn], account: Accounts) -> None:
    assert upstream.remove(account("brevo"), [listed(ListReason.MANUAL)]) == [None]
    assert lists["brevo"].calls == [LIST.format(0)]
    lists["brevo"].ordered = [Ordered(200, {"contacts": [blocked("adminBlocked")], "count": 1})]
    assert upstream.remove(account("brevo"), [listed(ListReason.MANUAL)]) == [None]  # 404


def test_a_spent_hour_is_waited_for_though_there_is_no_retry_after(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    headers = {
        "x-sib-ratelimit-limit": "300",
        "x-sib-ratelimit-remaining": "0",
        "x-sib-ratelimit-reset": "1799",
    }
    lists["brevo"].ordered = [Ordered(429, {"code": "too_many_requests"}, headers)]
    with pytest.raises(PutOff) as put_off:
        upstream.remove(account("brevo"), [ENTRY])
    assert vars(put_off.value) == vars(PutOff("429", 1800))


def test_300_removals_an_hour() -> None:
    assert upstream.limit("brevo") == Limit(calls=300, seconds=3600, each=1)


def test_the_whole_list_comes_page_by_page_the_oldest_first(
    lists: dict[str, StandIn], account: Accounts
) -> None:
    lists["brevo"].rows = [
        BOUNCED | {"email": f"a{i}@example.org", "blockedAt": f"2026-09-21T14:13:{59 - i % 60:02}.000Z"}
        for i in range(200)
    ]
    found = pages(account("brevo"))
    assert [len(page) for page in found] == [100, 100, 0]
    assert len({listing.address for page in found for listing in page}) == 200
    assert found[0][0].since == datetime(2026, 9, 21, 14, 13, 0, tzinfo=UTC)
    assert lists["brevo"].calls == [LIST.format(0), LIST.format(100), LIST.format(200)]


@pytest.mark.parametrize("body", [{}, {"count": 0}, {"contacts": [], "count": 0}])
def test_an_answer_without_contacts_is_an_empty_list(
    lists: dict[str, StandIn], account: Accounts, body: object
) -> None:
    lists["brevo"].ordered = [Ordered(200, body)]
    assert upstream.look(account("brevo"), "ada@example.org") == []


@pytest.mark.parametrize("cursor", ["x", "blockedContacts x", "other 100"])
def test_a_cursor_that_is_none_of_ours_is_unclear(
    lists: dict[str, StandIn], account: Accounts, cursor: str
) -> None:
    with pytest.raises(ListUnclear):
        upstream.entries(account("brevo"), cursor)
    assert lists["brevo"].calls == []
