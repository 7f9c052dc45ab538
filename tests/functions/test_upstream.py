"""A provider's own list for ops: shown, compared with ours, taken over; through the function."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.upstream.app import handler
from reachable.flows import apply
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause
from reachable.model.history import HistoryKind
from reachable.model.status import LOWEST_HEX, Lift, Lifting, mark
from reachable.rules import status as status_rules
from reachable.store import dynamodb
from reachable.store.credentials import history, registers
from tests.builders import clock, delivery_event
from tests.functions.district import ADA, Context
from tests.functions.lists import Lists, served
from tools.stand_ins.stand_in import Ordered

pytestmark = pytest.mark.usefixtures("at_nine")

EMAIL = ADA.credentials[CredentialKind.EMAIL]
PHONE = ADA.credentials[CredentialKind.PHONE]
DEAD = "550 5.1.1 The email account that you tried to reach does not exist"
THEN = 1700000000  # 2023-11-14 22:13:20 UTC


@pytest.fixture
def lists(aws: None) -> Iterator[Lists]:
    with served() as known:
        known.set_up("sendgrid")
        yield known


class _Hurried(Context):
    def get_remaining_time_in_millis(self) -> int:
        return 119_000


def ask(context: Any = None, **wish: Any) -> dict[str, Any]:
    told = {"as": "maria@ops", "provider": "sendgrid"} | wish
    patient: Any = _Patient()
    return handler(told, context or patient)


class _Patient(Context):
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def row(email: str, list_: str = "bounces", **changes: Any) -> dict[str, Any]:
    return {"list": list_, "email": email, "created": THEN, "reason": DEAD} | changes


def in_force(address: str, kind: CredentialKind = CredentialKind.EMAIL) -> list[str]:
    credential = Credential(kind, address)
    return [str(one.register) for one in status_rules.blocks(registers.statuses([credential])[credential])]


def audited() -> list[tuple[str, str, dict[str, str]]]:
    items = [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="audit")["Items"]]
    return [(item["by"], item["act"], item["details"]) for item in items]


THEIRS = {
    "address": "Ada@Example.org",
    "reason": "bounce",
    "since": "2023-11-14T22:13:20Z",
    "until": None,
    "words": DEAD,
    "place": "bounces",
}
NOTHING = {
    "dry_run": True,
    "entries": 0,
    "over": 0,
    "counts": {"same": 0, "only_there": 0, "reset_here": 0, "only_here": 0},
    "taken": 0,
    "differences": [],
    "not_held": [],
    "unreadable": [],
    "left_off": 0,
    "incomplete": False,
    "next_cursor": None,
}


def test_a_list_is_shown_page_by_page_in_our_words(lists: Lists) -> None:
    lists["sendgrid"].rows = [row("Ada@Example.org")]
    first = ask(act="list")
    assert first == {"items": [THEIRS], "next_cursor": '["invalid_emails 0", 0]'}
    last = ask(act="list", cursor='["unsubscribes 0", 0]')
    assert last == {"items": [], "next_cursor": None}
    assert audited() == [
        ("maria@ops", "listed_upstream", {"provider": "sendgrid", "account": "default"})
    ] * 2  # fmt: skip


def test_both_lists_are_compared_both_ways(lists: Lists) -> None:
    lists["sendgrid"].rows = [row("Ada@Example.org"), row("ben@example.org"), row("cleo@example.org")]
    for address in ("ben@example.org", "cleo@example.org", "dora@example.org", "eve@example.org"):
        provider = "mailgun" if address.startswith("eve") else "sendgrid"
        event = delivery_event(address=address, provider=provider, event_id=address)
        apply.events([event], clock("09:00"))
    cleo = Credential(CredentialKind.EMAIL, "cleo@example.org")
    registers.move(cleo, Lifting(Lift.STAFF, mark(clock("09:30"), LOWEST_HEX)))
    ours = {"ground": "bounce", "cause": "invalid_address", "since": "2026-09-14T09:00:00Z"}
    told = ask(act="compare")
    assert told.pop("differences") == [
        {
            "address": "ada@example.org",
            "difference": "only_there",
            "held": True,
            "theirs": THEIRS,
            "ours": [],
        },
        {
            "address": "cleo@example.org",
            "difference": "reset_here",
            "held": False,
            "theirs": THEIRS | {"address": "cleo@example.org"},
            "ours": [],
        },
        {
            "address": "dora@example.org",
            "difference": "only_here",
            "held": False,
            "theirs": None,
            "ours": [ours],
        },
    ]
    assert told == {name: value for name, value in NOTHING.items() if name != "differences"} | {
        "entries": 3,
        "counts": {"same": 1, "only_there": 1, "reset_here": 1, "only_here": 1},
        "not_held": ["ben@example.org", "cleo@example.org", "dora@example.org"],
    }


def test_a_dry_run_writes_nothing_and_says_what_it_would_do(lists: Lists) -> None:
    lists["sendgrid"].rows = [row("Ada@Example.org"), row("nobody@example.org"), row("no address")]
    told = ask(act="take")
    assert (told["dry_run"], told["taken"], told["counts"]["only_there"]) == (True, 0, 2)
    assert (told["not_held"], told["unreadable"]) == (["nobody@example.org"], ["no address"])
    assert history.of(EMAIL) == []
    assert audited() == [
        ("maria@ops", "listed_upstream", {"provider": "sendgrid", "account": "default"})
    ]  # whoever looks at a list stands in the audit


def test_what_is_taken_over_is_blocked_with_its_own_date_and_reason(lists: Lists) -> None:
    lists["sendgrid"].rows = [
        row("Ada@Example.org"),
        row("far@example.org", "spam_reports"),
        row("tess@example.org", "unsubscribes"),
        row("max@example.org", reason="something"),
    ]
    told = ask(act="take", dry_run=False)
    assert (told["taken"], told["counts"]["only_there"]) == (4, 4)
    assert [in_force(f"{name}@example.org") for name in ("ada", "far", "tess", "max")] == [
        ["bounce@email"],
        ["complaint@email"],
        ["unsubscribed@email"],
        ["suppressed@email"],
    ]
    [item] = history.of(EMAIL)
    assert (item.kind, item.cause, item.diagnostic, item.spelling, item.by) == (
        HistoryKind.BOUNCED,
        Cause.INVALID_ADDRESS,
        DEAD,
        "Ada@Example.org",
        "maria@ops",
    )
    assert item.occurred_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert ("maria@ops", "taken_over", {"provider": "sendgrid", "account": "default"}) in audited()


def test_a_list_that_was_taken_over_has_nothing_left_to_compare(lists: Lists) -> None:
    lists["sendgrid"].rows = [row(f"a{i}@example.org") for i in range(700)]
    assert ask(act="take", dry_run=False)["taken"] == 700
    told = ask(act="compare")
    assert told["counts"] == {"same": 700, "only_there": 0, "reset_here": 0, "only_here": 0}
    assert told["differences"] == []


def test_taking_it_twice_or_after_a_reset_changes_nothing(lists: Lists) -> None:
    lists["sendgrid"].rows = [row("ada@example.org")]
    ask(act="take", dry_run=False)
    registers.move(EMAIL, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
    before = history.of(EMAIL)
    told = ask(act="take", dry_run=False)
    assert told["counts"] == {"same": 0, "only_there": 0, "reset_here": 1, "only_here": 0}
    assert history.of(EMAIL) == before
    assert in_force("ada@example.org") == []


def test_where_the_time_is_too_short_it_says_where_to_go_on(lists: Lists) -> None:
    lists["sendgrid"].rows = [row(f"a{i}@example.org") for i in range(501)]
    first = ask(_Hurried(), act="take", dry_run=False)
    assert (first["taken"], first["next_cursor"]) == (500, '["bounces 500", 0]')
    rest = ask(act="take", dry_run=False, cursor=first["next_cursor"])
    assert (rest["taken"], rest["next_cursor"]) == (1, None)
    assert ask(_Hurried(), act="compare") == {
        "refused": "The list is too long to be compared whole in one call. Take it over page by page."
    }


FILE = "Email,Reason,Detail,Created_at,Expires_at\n"


def test_a_file_is_taken_over_like_a_list_without_a_key(lists: Lists) -> None:
    csv = FILE + (
        f'ada@example.org,hard-bounce,"{DEAD}",2023-11-14 22:13:20,2099-01-01 00:00:00\n'
        "far@example.org,spam,,2023-11-14 22:13:20,\n"
        "tess@example.org,soft-bounce,,2023-11-14 22:13:20,2023-11-15 22:13:20\n"
    )
    told = ask(act="take", provider="mandrill", csv=csv, dry_run=False)
    assert (told["entries"], told["over"], told["taken"]) == (3, 1, 2)
    assert [in_force(f"{name}@example.org") for name in ("ada", "far", "tess")] == [
        ["bounce@email"],
        ["complaint@email"],
        [],
    ]
    [item] = history.of(EMAIL)
    assert item.occurred_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_a_file_of_numbers_closes_texts(lists: Lists) -> None:
    """As a school writes them, and without a plus."""
    numbers = ["+1 (202) 555-0123", "12025550123", "(202) 555-0123", "2025550123", "+447911123456"]
    csv = "phone number,reason\n" + "".join(f"{number},STOP\n" for number in [*numbers, "911"])
    told = ask(act="take", provider="twilio", csv=csv, dry_run=False)
    assert (told["taken"], told["unreadable"]) == (5, ["911"])
    assert told["not_held"] == ["+447911123456"]
    assert in_force(PHONE.address, CredentialKind.PHONE) == ["opt_out@sms"]


SET_UP = "No account {} is set up: put its key into SSM (docs/releases.md)."
WRONG = (
    "The input cannot be read: {}. It has as (who asks), act (list, compare or take), provider, "
    "and maybe account, cursor, csv, reason and dry_run."
)
COLUMN = "No column of the file has addresses: name one email, address, recipient or phone."
NO_CSV = (
    "The file is no CSV that can be read: a quotation mark may be too many, or a line end of another kind."
)
CURSOR = "This cursor is none of ours."
REASON = "The file does not say of each address why it is listed: name a reason for those, such as bounce."


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"act": "list", "account": "north"}, SET_UP.format("north of sendgrid")),
        ({"act": "list", "provider": "pigeon"}, SET_UP.format("default of pigeon")),
        ({"act": "take", "provider": "pigeon", "csv": FILE}, "There is no such provider."),
        ({"act": "take", "provider": "_http", "csv": FILE}, "There is no such provider."),
        ({"act": "dance"}, WRONG.format("act")),
        ({"act": "list", "csv": FILE}, WRONG.format("all of it")),
        ({"act": "list", "provider": ""}, WRONG.format("provider")),
        ({"act": "take", "csv": "name\nAda\n"}, COLUMN),
        ({"act": "take", "csv": 'email,reason\n"ada@example.org"x,bounce\n'}, NO_CSV),
        ({"act": "list", "cursor": "x"}, CURSOR),
        ({"act": "list", "cursor": '["bounces 0", -1]'}, CURSOR),
        ({"act": "take", "csv": "email\nada@example.org\n"}, REASON),
    ],
)
def test_what_cannot_be_done_is_refused_with_why(lists: Lists, wish: dict[str, Any], why: str) -> None:
    assert ask(**wish) == {"refused": why}


NOT_ALLOWED = (
    "The provider does not let us at its list (401): see docs/releases.md for the key and its rights."
)


@pytest.mark.parametrize(
    ("ordered", "why"),
    [
        ([Ordered(401)], NOT_ALLOWED),
        ([Ordered(418)], "The provider did not answer (418). Try again later."),
        (
            [Ordered(503, headers={"retry-after": "0"}) for _ in range(4)],
            "The provider did not answer (503). Try again later.",
        ),
    ],
)
def test_a_provider_that_does_not_answer_is_said(lists: Lists, ordered: list[Ordered], why: str) -> None:
    lists["sendgrid"].ordered = ordered
    assert ask(act="take") == {"refused": why}


def test_a_provider_that_says_wait_is_waited_for(lists: Lists) -> None:
    lists["sendgrid"].rows = [row("ada@example.org")]
    lists["sendgrid"].ordered = [Ordered(429, headers={"retry-after": "0"})]
    assert ask(act="take")["entries"] == 1


def test_a_list_without_a_call_is_taken_from_a_file_only(lists: Lists) -> None:
    lists.put("mailjet", '{"key": "k"}')
    assert ask(act="list", provider="mailjet") == {
        "refused": "mailjet offers no call that shows its list. Take it over from a CSV file."
    }


@pytest.mark.parametrize(
    ("provider", "row", "address"),
    [
        ("ses", {"EmailAddress": "Ada@example.org", "Reason": "BOUNCE"}, "Ada@example.org"),
        (
            "aws_sms",
            {"OptedOutNumber": "+12025550123", "EndUserOptedOut": True, "OptOutListName": "Default"},
            "+12025550123",
        ),
        ("aws_sns_sms", {"phoneNumber": "+12025550123"}, "+12025550123"),
    ],
)
def test_awss_own_lists_are_shown_too(lists: Lists, provider: str, row: dict[str, Any], address: str) -> None:
    lists.set_up(provider)
    lists[provider].rows = [row]
    assert [item["address"] for item in ask(act="list", provider=provider)["items"]] == [address]
