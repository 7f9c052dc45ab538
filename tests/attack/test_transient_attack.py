"""Counted transient bounces under attack: what opens by itself, depends on the order, is told twice."""

import time
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reachable.flows import apply
from reachable.model.bus_event import Announcement, StatusMoved
from reachable.model.delivery_event import Cause, Kind, event_hex
from reachable.model.status import (
    GOOD,
    Reach,
    Terms,
    TransientBounce,
    mark,
)
from reachable.rules import announcements
from reachable.rules import status as status_rules
from reachable.store import dynamodb
from reachable.store.credentials import history, keys, registers, stream
from tests import rights
from tests.builders import DAY, clock, delivery_event
from tests.functions import streams
from tests.functions.conftest import at_nine
from tests.functions.test_transient_bounces import EMAIL, FULL, gate, profile, reset, status

__all__ = ["at_nine"]

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture(params=[3, 5])
def limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(registers, "TERMS", Terms(request.param))
    return int(request.param)


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "TERMS", Terms(3))


def bounced(message: str, at: Any, **event: Any) -> apply.Applied:
    sent = clock(at) if isinstance(at, str) else at
    told: dict[str, Any] = {
        **FULL,
        "event_id": message,
        "provider_message_id": message,
        "sent_at": sent,
        "occurred_at": None,
        "address": EMAIL.address,
    }
    done = apply.events([delivery_event(**told | event)], max(sent, DAY) + timedelta(days=1))
    assert done.failed is None
    return done


def arrived(message: str, at: str) -> apply.Applied:
    return bounced(message, at, kind=Kind.DELIVERED, permanence=None, cause=None)


def told_by(records: list[dict[str, Any]]) -> list[Announcement]:
    moved = [stream.of_record(record) for record in records]
    made = [announcements.of_status(one) for one in moved if isinstance(one, StatusMoved)]
    return [one for one in made if one is not None]


# What opens by itself


def test_whoever_was_told_that_it_is_bad_is_told_when_it_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "TERMS", Terms(5))
    for i in range(4):
        bounced(f"m{i}", DAY + timedelta(days=i))
    with streams.moved() as closing:
        bounced("m4", DAY + timedelta(days=4))
    assert [one.type.value for one in told_by(closing)] == ["Credential Marked Bad"]
    with streams.moved() as opening:
        bounced("late", DAY + timedelta(days=60))
    told = [one.type.value for one in told_by(opening)]
    assert (gate()["send"], told) in [(False, []), (True, ["Credential Reset"])]


# What depends on the order


EVENTS: dict[str, dict[str, Any]] = {
    # another system's message, five hours on its way: its provider tells of each event when it happened
    "sent": {"kind": Kind.SENT, "sent_at": None, "occurred_at": clock("05:00")},
    "delivered": {"kind": Kind.DELIVERED, "sent_at": None, "occurred_at": clock("10:00")},
}


def told(name: str) -> None:
    event = {"provider": "sendgrid", "event_id": name, "permanence": None, "cause": None, **EVENTS[name]}
    bounced("m0", "05:00", **event)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("order", list(permutations(["sent", "delivered"])))
def test_a_delivery_clears_the_same_bounces_whether_its_sending_is_told_before_or_after(
    order: tuple[str, ...],
) -> None:
    for hour in (6, 7, 8):
        bounced(f"m{hour}", f"0{hour}:00")
    for name in order:
        told(name)
    told("delivered")  # the queue brings it again: by now its sending is known
    assert not gate()["send"]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("slow", ["at_sent", "at_delivered"])
def test_a_post_of_sent_and_delivered_gives_one_status(slow: str) -> None:
    for hour in (6, 7, 8):
        bounced(f"m{hour}", f"0{hour}:00")
    both = [
        delivery_event(
            address=EMAIL.address,
            provider="sendgrid",
            provider_message_id="m0",
            event_id=name,
            permanence=None,
            cause=None,
            **event,
        )
        for name, event in EVENTS.items()
    ]

    def late(params: dict[str, Any], **_: Any) -> None:
        if slow in str(params["body"]):
            time.sleep(0.3)

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb.UpdateItem", late)
    assert apply.events(both, DAY + timedelta(days=1)).failed is None
    events.unregister("before-call.dynamodb.UpdateItem", late)
    assert not gate()["send"]


# What is told


@pytest.mark.usefixtures("three")
def test_what_closes_again_after_a_delivery_is_told_under_an_id_of_its_own() -> None:
    records: list[dict[str, Any]] = []

    def noted(act: Any, *args: str) -> None:
        with streams.moved() as moved:
            act(*args)
        records.extend(moved)

    noted(bounced, "m5", "05:00")
    noted(bounced, "m6", "06:00")
    noted(bounced, "m7", "07:00")  # bad
    noted(arrived, "a1", "05:30")  # good: a late word of a message on its way
    noted(bounced, "m8", "06:20")  # bad again: two bounces that came late; the newest is m7, as before
    noted(arrived, "a2", "06:10")  # good again
    events = told_by(records)
    assert [one.type.value for one in events] == [
        "Credential Marked Bad",
        "Credential Reset",
        "Credential Marked Bad",
        "Credential Reset",
    ]
    assert len({one.identity for one in events}) == 4


# What held


def transient(minutes: int, message: int) -> TransientBounce:
    at = mark(clock("09:00") + timedelta(minutes=minutes), event_hex("ses", f"{message}-{minutes}"))
    return TransientBounce(Reach.EMAIL, at, f"m{message}", Cause.MAILBOX_FULL, "ses")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.builds(transient, st.integers(0, 20), st.integers(0, 9)), max_size=14), st.randoms())
def test_the_newest_few_are_a_join_of_any_order_and_any_grouping(
    bounces: list[TransientBounce], random: Any
) -> None:
    whole = status_rules.join(GOOD, bounces)
    shuffled = bounces * 2
    random.shuffle(shuffled)
    cut = random.randrange(len(shuffled) + 1)
    assert status_rules.join(status_rules.join(GOOD, shuffled[:cut]), shuffled[cut:]) == whole


@pytest.mark.usefixtures("three")
def test_a_reset_that_races_with_the_bounce_that_closes_decides_anew() -> None:
    for hour in (5, 6, 7):
        bounced(f"m{hour}", f"0{hour}:00")
    events = dynamodb.client().meta.events
    done: list[int] = []

    def meanwhile(**_: Any) -> None:
        if not done:
            done.append(1)
            with rights.as_function("delivery_events"):
                bounced("m8", "08:00")

    events.register_first("before-call.dynamodb.TransactWriteItems", meanwhile)
    answer = reset()
    events.unregister("before-call.dynamodb.TransactWriteItems", meanwhile)
    assert answer.body["results"][0]["outcome"] == "reset"
    assert (gate()["send"], profile()["status"]) == (True, "good")


@pytest.mark.usefixtures("three")
def test_the_history_gives_the_status_but_for_deliveries(fail: Any) -> None:
    fail("UpdateItem", "transient@email", times=2)
    for message in ("m1", "m2", "m3"):
        for _ in range(3):
            event = {**FULL, "event_id": message, "provider_message_id": message, "sent_at": clock("05:00")}
            apply.events(
                [delivery_event(address=EMAIL.address, occurred_at=None, **event)], DAY + timedelta(1)
            )
    folded = status_rules.join(GOOD, filter(None, map(status_rules.change_of, history.of(EMAIL))))
    assert folded.transient == status().transient
    assert not gate()["send"]
    assert dynamodb.get_wire("credentials", keys.status(EMAIL)) is not None


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("many", [20, 60])
def test_a_post_of_many_bounces_of_one_address_is_applied_whole(many: int) -> None:
    """Ten at once on one set: what is overtaken six times would fail the record."""
    events = [
        delivery_event(
            **FULL,
            address=EMAIL.address,
            provider="sendgrid",
            event_id=f"m{i}",
            provider_message_id=f"m{i}",
            sent_at=clock("05:00") + timedelta(minutes=i),
            occurred_at=None,
        )
        for i in range(many)
    ]
    assert apply.events(events, DAY + timedelta(days=1)).failed is None
    assert len(status().transient[Reach.EMAIL]) == 5
    assert not gate()["send"]
