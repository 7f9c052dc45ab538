"""What is posted of an event, and how long one waits that was not taken."""

import json
from typing import Any

import pytest

from reachable.model.errors import ParseError
from reachable.rules import event_webhook
from reachable.rules.event_webhook import Telling

DETAIL = {"version": "1", "id": "0123456789abcdef0123456789abcdef", "status": "bad", "open": []}


def entry(**changes: Any) -> str:
    told = {
        "version": "0",
        "id": "eventbridge's own",
        "detail-type": "Credential Marked Bad",
        "source": "reachable",
        "account": "123456789012",
        "time": "2026-11-28T05:00:00Z",
        "detail": DETAIL,
    }
    return json.dumps(told | changes)


@pytest.mark.parametrize(
    ("detail_type", "type_"),
    [
        ("Credential Marked Bad", "credential.marked_bad"),
        ("Credential Reset", "credential.reset"),
        ("Message Status Changed", "message.status_changed"),
    ],
)
def test_an_event_is_posted_with_its_type_its_time_and_its_detail(detail_type: str, type_: str) -> None:
    assert event_webhook.telling(entry(**{"detail-type": detail_type})) == Telling(
        "0123456789abcdef0123456789abcdef",
        f'{{"type":"{type_}","timestamp":"2026-11-28T05:00:00Z","data":{{"version":"1",'
        '"id":"0123456789abcdef0123456789abcdef","status":"bad","open":[]}}',
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        "[]",
        "7",
        "{}",
        entry(**{"detail-type": "Something Else"}),
        entry(detail=None),
        entry(detail={}),
        entry(detail=DETAIL | {"id": 7}),
        entry(detail=DETAIL | {"id": ""}),
        entry(detail=DETAIL | {"id": "a\r\nb: c"}),  # it goes into a header
        entry(detail=DETAIL | {"id": "é"}),
    ],
)
def test_what_is_no_event_of_ours_is_a_parse_error_and_nothing_else(body: str) -> None:
    with pytest.raises(ParseError):
        event_webhook.telling(body)


@pytest.mark.parametrize(
    ("attempt", "shortest", "longest"),
    [
        (1, 2, 5),
        (2, 150, 300),
        (3, 900, 1_800),
        (4, 3_600, 7_200),
        (5, 9_000, 18_000),
        (6, 18_000, 36_000),
        (7, 18_000, 36_000),
        (11, 18_000, 36_000),
        (12, 0, 0),  # the last: a dead letter at once
        (13, 0, 0),
    ],
)
def test_what_was_not_taken_waits_longer_each_time_up_to_ten_hours(
    attempt: int, shortest: int, longest: int
) -> None:
    assert event_webhook.wait_seconds(attempt, None, 0.0) == shortest
    assert event_webhook.wait_seconds(attempt, None, 1.0) == longest


def test_all_attempts_take_two_days_and_a_half() -> None:
    hours = sum(event_webhook.wait_seconds(attempt, None, 0.75) for attempt in range(1, 13)) / 3600
    assert 58 < hours < 60


@pytest.mark.parametrize(
    ("attempt", "asked", "waits"),
    [
        (1, 60, 60),
        (1, 1, 5),  # not sooner than we would
        (2, 3600, 3600),
        (1, 86_400, 42_000),  # as long as SQS hides a message
        (12, 60, 0),
    ],
)
def test_a_receiver_may_ask_for_a_longer_wait(attempt: int, asked: int, waits: int) -> None:
    assert event_webhook.wait_seconds(attempt, asked, 1.0) == waits
