"""Whatever stands in an id, a header or a body: it costs itself alone, and no address stays open for it."""

import json
from typing import Any

import pytest

from reachable.flows import apply
from reachable.store import dynamodb
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.test_blame import FAR_EMAIL, in_force, sendgrid, sg_bounce
from tests.functions.test_delivery_events import deliver
from tests.functions.test_messages import EMAIL, TEXT, post

MORE = "x" * 450_000


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


@pytest.mark.parametrize(
    "field", [{"sg_event_id": MORE}, {"reason": f"550 5.1.1 no such user {MORE}"}, {"status": MORE}]
)
def test_an_enormous_field_costs_no_event(field: dict[str, str]) -> None:
    """History bounds what others wrote; the pointer, which comes first, keeps the whole event: 400 KB."""
    told = sg_bounce("far@example.org", 1) | field
    failed = deliver(sendgrid(told))
    assert (failed, in_force(FAR_EMAIL)) == ([], [["bounce@email"]])


def test_a_pointer_stays_small() -> None:
    """It is written, and paid for, with every event of its message."""
    deliver(sendgrid(sg_bounce("far@example.org", 1) | {"reason": "550 5.1.1 no such user " + "x" * 20_000}))
    [pointer] = [
        item
        for item in dynamodb.client().scan(TableName="messages")["Items"]
        if item["entity"]["S"].startswith("provider#")
    ]
    assert len(json.dumps(pointer)) < 4_000


def test_a_history_item_stays_under_1_kb() -> None:
    """Design 4, and what rules.bounds says; the docstring of apply.events counts 2 units by it."""
    event = delivery_event(
        event_id="e" * 300,
        provider_message_id="m" * 300,
        provider_code="c" * 300,
        smtp_status="s" * 300,
        diagnostic="d" * 400,
        metadata={"reachable_id": "i" * 70, "reachable_user": "u" * 36, "note": "n" * 250},
    )
    apply.events([event], clock("09:05"))
    table = dynamodb.client().scan(TableName="credentials")["Items"]
    [stored] = [one for one in table if one["item"]["S"].startswith("event#")]
    kept = sum(len(k) + len(str(next(iter(v.values())))) for k, v in stored.items())
    assert kept < 1024, kept


@pytest.mark.parametrize("broken", [{"headers": None}, {"headers": []}, {"headers": "x"}, {"query": 5}])
def test_an_entry_put_by_hand_that_is_none_fails_alone(broken: dict[str, Any]) -> None:
    """A redrive by hand, an old archive: the good neighbours must not come again with it, until they end."""
    good = sendgrid(sg_bounce("far@example.org", 1))
    bad = json.dumps(json.loads(good) | broken)
    assert deliver(bad, good) == ["0"]


@pytest.mark.parametrize(
    "wish",
    [
        {"text": "half \ud800"},
        {"user_id": "x" * 255},
        {"user_id": "\x00"},
        {"batch_id": "\ud800"},
    ],
)
def test_half_a_character_concerns_one_message(wish: dict[str, Any]) -> None:
    """Design 6: one message's fault is its own answer."""
    answer = post(EMAIL | {"dedup_id": "1"} | wish, TEXT | {"dedup_id": "2"})
    assert answer.status == 202, answer.body
    assert [one["outcome"] for one in answer.body["results"]] == ["refused", "queued"]
