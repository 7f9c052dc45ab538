"""Batches, senders and domains are held for their bounces; nothing is lost; a person decides."""

from datetime import timedelta
from typing import Any

import pytest

from functions.messages.app import handler
from reachable import aws as reachable_aws
from reachable.flows import apply, decide_hold, hold
from reachable.flows.hold import Permit
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.model.group import Group, Hold, HoldState, Tally
from reachable.model.status import LOWEST_HEX, Lift, Lifting, mark
from reachable.queues import outbound
from reachable.rules.hold import Limits
from reachable.store import batches, dynamodb
from reachable.store.credentials import registers
from reachable.store.messages import record
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import MANAGER
from tests.functions.test_messages import MACHINE, Provider, deliver, enqueue_one, provider, queued, shown
from tests.functions.wire import cut_off, overheard

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


def test_a_held_message_goes_back_to_the_queue_to_look_again(provider: Provider) -> None:
    bounced_batch(provider)
    id_ = enqueue_one("3", batch_id="b1")
    bodies = queued()
    with overheard(reachable_aws.client("sqs"), "SendMessage") as put_back:
        deliver(*bodies)
    [one] = put_back
    assert (outbound.read(one["MessageBody"]).id, one["DelaySeconds"]) == (id_, 900)


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


def test_who_decided_what_about_which_batch_is_kept(provider: Provider) -> None:
    bounced_batch(provider)
    enqueue_one("3", batch_id="b1")
    deliver(*queued())
    why = "2 of the last 2 messages bounced for good"
    held = batch().body
    assert (held["id"], held["state"], held["why"], held["by"]) == ("b1", "held", why, None)
    resumed = batch(COMMUNICATIONS, "POST", "/resume").body
    assert (resumed["state"], resumed["why"], resumed["by"]) == ("resumed", why, MANAGER.id)
    assert batch(MACHINE, "POST", "/drop").status == 409
    assert batch().body == resumed
    items = [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="audit")["Items"]]
    kept = sorted((one["subject"], one["act"], one["by"], one["details"]["batch"]) for one in items)
    assert kept == sorted(
        [
            (f"staff#{MANAGER.id}", "resumed", MANAGER.id, "b1"),
            ("staff#client:client", "viewed_batch", "client:client", "b1"),
            ("staff#client:client", "viewed_batch", "client:client", "b1"),
        ]
    )


def test_of_two_who_say_something_of_a_group_at_once_one_does() -> None:
    """The alarm and the audit are of who did."""
    assert batches.hold("b1", "9 of 10", None, clock("09:00"))
    assert not batches.hold("b1", "8 of 10", None, clock("09:00"))
    held = Hold(state=HoldState.HELD, at=clock("09:00"), figures="9 of 10")
    assert said("b1") == held
    assert batches.decide("b1", HoldState.RESUMED, held, "x", clock("09:01"), [])
    assert not batches.decide("b1", HoldState.DROPPED, held, "y", clock("09:02"), [])
    assert not batches.hold("b1", "9 of 10", held, clock("09:03"))
    resumed = Hold(state=HoldState.RESUMED, at=clock("09:01"), figures="9 of 10", by="x")
    assert said("b1") == resumed
    assert batches.hold("b1", "5 of 10", resumed, clock("09:04"))
    assert said("b1") == Hold(state=HoldState.HELD, at=clock("09:04"), figures="5 of 10")


def test_a_decision_that_the_table_did_not_take_is_not_told_as_one_that_came_too_late() -> None:
    """A transaction is cancelled where the table is throttled, too: then it is to be tried again."""
    batches.hold("b1", "9 of 10", None, clock("09:00"))
    client = dynamodb.client()

    def throttled(**_: Any) -> None:
        raise client.exceptions.TransactionCanceledException(
            {
                "Error": {"Code": "TransactionCanceledException", "Message": "x"},
                "CancellationReasons": [{"Code": "ThrottlingError"}, {"Code": "None"}],
            },
            "TransactWriteItems",
        )

    client.meta.events.register_first("before-call.dynamodb.TransactWriteItems", throttled)
    assert batch(MACHINE, "POST", "/resume").status == 503
    client.meta.events.unregister("before-call.dynamodb.TransactWriteItems", throttled)
    assert batch(MACHINE, "POST", "/resume").status == 200


def said(group: str) -> Hold | None:
    known = batches.whole(group)
    return known.hold if known else None


def test_what_is_known_of_a_group_is_its_counts_by_window_and_what_was_said() -> None:
    """An uncertain message may have gone out: of it an event may tell, too."""
    now = clock("10:30")
    batches.count("sender:ses", "2026-09-14T08", {"sent": 7}, now)
    batches.count("sender:ses", "2026-09-14T09", {"sent": 2, "uncertain": 1, "refused": 4}, now)
    batches.count("sender:ses", "2026-09-14T10", {"bounced_for_good": 1}, now)
    batches.count("sender:ses", "2026-09-14T10", {"bounced_for_good": 1, "sent": 1}, now)
    batches.hold("b1", "9 of 10", None, now)
    batches.count("domain:x.org", "2026-09-14T10", {"bounced_for_good": 1}, now)
    asked = {
        "domain:x.org": ["2026-09-14T10"],
        "sender:ses": ["2026-09-14T09", "2026-09-14T10"],
        "b1": ["whole"],
        "b2": ["whole"],
    }
    assert batches.known(asked) == {
        "sender:ses": Group(
            {
                "2026-09-14T09": {"sent": 2, "uncertain": 1, "refused": 4},
                "2026-09-14T10": {"bounced_for_good": 2, "sent": 1},
            },
            {"2026-09-14T09": Tally(3, 0), "2026-09-14T10": Tally(1, 2)},
        ),
        "domain:x.org": Group({"2026-09-14T10": {"bounced_for_good": 1}}, {"2026-09-14T10": Tally(0, 1)}),
        "b1": Group(hold=Hold(state=HoldState.HELD, at=now, figures="9 of 10")),
        "b2": Group(),
    }
    assert batches.whole("b2") is None
    counts = batch(id_="sender:ses").body["counts"]
    assert counts == {"sent": 10, "uncertain": 1, "refused": 4, "bounced_for_good": 2}


def test_a_batch_is_shown_as_it_stands_just_now() -> None:
    """Who has just decided must see that; moto would not show the difference."""
    asked: list[Any] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        asked.append(params.get("ConsistentRead"))

    events = dynamodb.client().meta.events
    events.register("provide-client-params.dynamodb.Query", note)
    assert batch().status == 404
    events.unregister("provide-client-params.dynamodb.Query", note)
    assert asked == [True]


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


def test_what_was_sent_stays_sent_where_it_cannot_be_counted(provider: Provider) -> None:
    id_ = enqueue_one("1")
    with cut_off(dynamodb.client_of_one_attempt(), "UpdateItem", "counts#"):
        assert deliver(*queued()) == []
    assert batches.whole("sender:ses") is None
    assert shown(id_)["status"] == "sent"
