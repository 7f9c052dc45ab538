"""Batches, senders and domains are held for their bounces; nothing is lost; a person decides."""

from datetime import timedelta
from typing import Any

import pytest

from functions.messages.app import handler
from reachable.flows import apply, decide_hold, hold
from reachable.flows.hold import Permit
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.model.errors import Unavailable
from reachable.model.group import HoldState
from reachable.model.status import LOWEST_HEX, Lift, Lifting, mark
from reachable.queues import outbound
from reachable.rules.hold import Limits
from reachable.store import batches
from reachable.store.credentials import registers
from reachable.store.messages import record
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import MANAGER
from tests.functions.test_messages import MACHINE, Provider, deliver, enqueue_one, provider, queued, shown

__all__ = ["provider"]

COMMUNICATIONS = district.claims(MANAGER, "communications_administrator")
SENT = (("b1", "sender:ses", "domain:example.org"), "sent")


@pytest.fixture(autouse=True)
def _limits(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    district.import_()
    monkeypatch.setattr(hold, "LIMITS", Limits(0.5, 2))


def batch(claims: dict[str, Any] = MACHINE, method: str = "GET", act: str = "", id_: str = "b1") -> Answer:
    return call(handler, method, f"/batches/{id_}{act}", claims)


def bounce(id_: str, event_id: str) -> None:
    event = delivery_event(
        kind=Kind.BOUNCED,
        cause=Cause.INVALID_ADDRESS,
        permanence=Permanence.PERMANENT,
        provider_message_id=record.get(id_).provider_message_id,
        metadata={"reachable_id": id_},
        event_id=event_id,
    )
    hold.count_bounced(apply.events([event], clock("23:00")).bounced, clock("23:00"))
    email = Credential.of_key("email:ada@example.org")
    registers.move(email, Lifting(Lift.STAFF, mark(clock("23:00"), LOWEST_HEX)))


def bounced_batch(provider: Provider) -> None:
    """Two of a batch went out and came back; the third is still queued."""
    for number in ("1", "2"):
        id_ = enqueue_one(number, batch_id="b1")
        deliver(*queued())
        bounce(id_, number)


def test_what_is_left_of_a_batch_that_bounces_is_held_and_not_lost(provider: Provider) -> None:
    bounced_batch(provider)
    id_ = enqueue_one("3", batch_id="b1")
    assert deliver(*queued()) == []
    assert len(provider.took) == 2
    assert shown(id_)["status"] == "held"
    told = batch().body
    assert (told["state"], told["why"]) == ("held", "2 of the last 2 messages bounced for good")
    assert (told["counts"]["sent"], told["counts"]["bounced_for_good"], told["counts"]["queued"]) == (2, 2, 3)


def test_a_held_message_goes_back_to_the_queue_to_look_again(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back: list[tuple[str, int]] = []
    bounced_batch(provider)
    id_ = enqueue_one("3", batch_id="b1")
    bodies = queued()
    monkeypatch.setattr(outbound, "put_back", lambda one, delay: put_back.append((one.id, delay)))
    deliver(*bodies)
    assert put_back == [(id_, 900)]


@pytest.mark.parametrize("claims", [MACHINE, COMMUNICATIONS])
def test_resumed_it_goes_on_and_is_not_held_again(provider: Provider, claims: dict[str, Any]) -> None:
    bounced_batch(provider)
    id_ = enqueue_one("3", batch_id="b1")
    [body] = queued()
    deliver(body)
    resumed = batch(claims, "POST", "/resume")
    assert (resumed.status, resumed.body["state"]) == (200, "resumed")
    for group in ("sender:ses", "domain:example.org"):
        if batch(id_=group).body["state"] == "held":
            batch(claims, "POST", "/resume", group)
    deliver(body)
    assert shown(id_)["status"] == "sent"
    bounce(id_, "3")
    again = enqueue_one("4", batch_id="b1")
    deliver(*queued())
    assert shown(again)["status"] == "sent"


def test_dropped_it_is_not_sent_and_says_so(provider: Provider) -> None:
    bounced_batch(provider)
    id_ = enqueue_one("3", batch_id="b1")
    [body] = queued()
    deliver(body)
    assert batch(MACHINE, "POST", "/drop").body["state"] == "dropped"
    assert deliver(body) == []
    assert (shown(id_)["status"], len(provider.took)) == ("dropped", 2)
    assert batch().body["counts"]["dropped"] == 1


def test_only_what_is_held_is_decided_about(provider: Provider) -> None:
    assert batch(MACHINE, "POST", "/resume").status == 404
    enqueue_one("1", batch_id="b1")
    deliver(*queued())
    assert batch().body["state"] == "running"
    assert batch(MACHINE, "POST", "/resume").status == 409
    assert batch(district.manager(), "POST", "/resume").status == 403


def test_a_bounce_that_comes_twice_counts_once(provider: Provider) -> None:
    id_ = enqueue_one("1", batch_id="b1")
    deliver(*queued())
    bounce(id_, "1")
    bounce(id_, "1")
    assert batch().body["counts"]["bounced_for_good"] == 1


def test_a_receiving_domain_that_refuses_everybody_is_held_whatever_the_batch() -> None:
    now = clock("10:30")
    hold.count([SENT, SENT, SENT], now)
    batches.count("domain:example.org", "2026-09-14T10", {"bounced_for_good": 3}, now)
    other = ("b2", "sender:ses", "domain:example.org")
    elsewhere = ("b2", "sender:ses", "domain:example.com")
    assert hold.ask([other, elsewhere], now) == ([Permit.HOLD, Permit.GO], ["domain:example.org"])
    assert hold.ask([other], now) == ([Permit.HOLD], [])  # told once
    decide_hold.decide("domain:example.org", HoldState.RESUMED, "x", now)
    assert hold.ask([other], now)[0] == [Permit.GO]
    assert hold.ask([other], now + timedelta(hours=5))[0] == [Permit.GO]


def test_a_domain_that_was_let_go_is_held_again_a_day_later() -> None:
    now = clock("10:30")
    group = ("domain:example.org",)
    for day in (now, now + timedelta(days=2)):
        hold.count([(group, "sent")] * 3, day)
        batches.count(group[0], f"{day:%Y-%m-%dT%H}", {"bounced_for_good": 3}, day)
        assert hold.ask([group], day) == ([Permit.HOLD], list(group))
        decide_hold.decide(group[0], HoldState.RESUMED, "x", day)


def test_what_was_sent_stays_sent_where_it_cannot_be_counted(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise Unavailable("x")

    id_ = enqueue_one("1")
    monkeypatch.setattr(batches, "count", fails)
    assert deliver(*queued()) == []
    assert shown(id_)["status"] == "sent"
