"""Batches, senders and domains are held for their bounces; nothing is lost; a person decides."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.messages.app import handler
from reachable.flows import apply, decide_hold, hold
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.model.group import Group, Hold, HoldState, Tally
from reachable.model.message import Outgoing
from reachable.model.send import Purpose
from reachable.model.status import LOWEST_HEX, Lift, Lifting, mark
from reachable.model.viewer import Viewer
from reachable.rules.hold import Limits, Permit, Ruling
from reachable.store import dynamodb, groups
from reachable.store.credentials import registers
from reachable.store.messages import record
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import COMMUNICATIONS, MANAGER
from tests.functions.test_messages import MACHINE, Provider, deliver, enqueue_one, provider, queued, shown
from tests.functions.wire import cut_off

__all__ = ["provider"]

SOMEBODY = Viewer(MANAGER.id, frozenset())
SENT = (("b1", "sender:ses", "domain:example.org"), "sent")


@pytest.fixture(autouse=True)
def _limits(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    district.settle()
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


@pytest.mark.parametrize("claims", [MACHINE, COMMUNICATIONS])
def test_resumed_it_goes_on_and_is_not_held_again(provider: Provider, claims: dict[str, Any]) -> None:
    bounced_batch(provider)
    id_ = enqueue_one("3", batch_id="b1")
    deliver(*queued())
    assert queued() == []  # it waits in no queue
    for group in ("b1", "sender:ses", "domain:example.org"):
        if batch(id_=group).body["state"] == "held":
            resumed = batch(claims, "POST", "/resume", group)
            assert (resumed.status, resumed.body["state"]) == (200, "resumed")
    assert batch().body["swept"] == {"resumed": 1, "dropped": 0, "finished": True}
    deliver(*queued())
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
    dropped = batch(MACHINE, "POST", "/drop").body
    assert (dropped["state"], dropped["swept"]) == (
        "dropped",
        {"resumed": 0, "dropped": 1, "finished": True},
    )
    assert deliver(body) == []
    assert (shown(id_)["status"], shown(id_)["reason"], len(provider.took)) == ("dropped", "dropped", 2)
    later = enqueue_one("4", batch_id="b1")
    deliver(*queued())
    assert shown(later)["status"] == "dropped"


def test_only_what_is_held_is_decided_about(provider: Provider) -> None:
    assert batch(MACHINE, "POST", "/resume").status == 404
    enqueue_one("1", batch_id="b1")
    deliver(*queued())
    assert batch().body["state"] == "running"
    assert batch(MACHINE, "POST", "/resume").status == 409
    assert batch(district.manager(), "POST", "/resume").status == 403


@pytest.mark.parametrize("path", ["/batches/b1", "/batches"])
def test_why_something_is_held_comes_in_the_reader_s_language(provider: Provider, path: str) -> None:
    bounced_batch(provider)
    enqueue_one("3", batch_id="b1")
    deliver(*queued())
    spanish = call(handler, "GET", path, MACHINE, headers={"accept-language": "es"}).body
    [told] = [told for told in spanish.get("items", [spanish]) if told["id"] == "b1"]
    assert told["why"] == "2 de los últimos 2 mensajes rebotaron de forma permanente"


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


def a_hold(state: HoldState = HoldState.HELD, at: str = "09:00", **told: Any) -> Hold:
    whole: dict[str, Any] = {"id": "h1", "state": state, "at": clock(at), "tally": Tally(10, 9)}
    return Hold(**whole | told)


def test_of_two_who_say_something_of_a_group_at_once_one_does() -> None:
    """The alarm and the audit are of who did."""
    held, other = a_hold(), a_hold(id="h2", tally=Tally(10, 8))
    assert groups.say("b1", held, None, [])
    assert not groups.say("b1", other, None, [])
    assert groups.said("b1") == held
    resumed = a_hold(HoldState.RESUMED, "09:01", by="x")
    assert groups.say("b1", resumed, held, [])
    assert not groups.say("b1", a_hold(HoldState.DROPPED, "09:02", by="y"), held, [])
    assert not groups.say("b1", other, held, [])
    assert groups.said("b1") == resumed
    assert groups.say("b1", other, resumed, [])
    assert groups.said("b1") == other
    assert groups.holds() == [("b1", resumed), ("b1", other)]  # both may have something parked


def test_a_decision_that_the_table_did_not_take_is_not_told_as_one_that_came_too_late() -> None:
    """A transaction is cancelled where the table is throttled, too: then it is to be tried again."""
    groups.say("b1", a_hold(), None, [])
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


def test_what_is_known_of_a_group_is_its_counts_by_window_and_what_was_said() -> None:
    """An uncertain message may have gone out: of it an event may tell, too."""
    now = clock("10:30")
    groups.count("sender:ses", "2026-09-14T08", {"sent": 7}, now)
    groups.count("sender:ses", "2026-09-14T09", {"sent": 2, "uncertain": 1, "refused": 4}, now)
    groups.count("sender:ses", "2026-09-14T10", {"bounced_for_good": 1}, now)
    groups.count("sender:ses", "2026-09-14T10", {"bounced_for_good": 1, "sent": 1}, now)
    groups.say("b1", a_hold(), None, [])
    groups.note_urgent_put_off("sender:ses", Channel.EMAIL, now)
    groups.count("domain:x.org", "2026-09-14T10", {"bounced_for_good": 1}, now)
    asked = {
        "domain:x.org": ["2026-09-14T10"],
        "sender:ses": ["2026-09-14T09", "2026-09-14T10"],
        "b1": ["whole"],
        "b2": ["whole"],
    }
    assert groups.known(asked) == {
        "sender:ses": Group(
            {
                "2026-09-14T09": {"sent": 2, "uncertain": 1, "refused": 4},
                "2026-09-14T10": {"bounced_for_good": 2, "sent": 1},
            },
            {"2026-09-14T09": Tally(3, 0), "2026-09-14T10": Tally(1, 2)},
            urgent_put_off_at={Channel.EMAIL: now},
        ),
        "domain:x.org": Group({"2026-09-14T10": {"bounced_for_good": 1}}, {"2026-09-14T10": Tally(0, 1)}),
        "b1": Group(hold=a_hold()),
        "b2": Group(),
    }
    assert batch(id_="b2").status == 404
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
    assert asked == [True] * groups.SHARDS


def test_a_bounce_that_comes_twice_counts_once(provider: Provider) -> None:
    id_ = enqueue_one("1", batch_id="b1")
    deliver(*queued())
    bounce(id_, "1")
    bounce(id_, "1")
    assert batch().body["counts"]["bounced_for_good"] == 1


def asks(*names: str, purpose: Purpose = Purpose.GENERAL) -> hold.Part:
    outgoing = Outgoing(
        id="m", user_id="u", channel=Channel.EMAIL, purpose=purpose, queued_at=clock("09:00"), text="x"
    )
    return hold.Part(outgoing, "ses", names)


def permits(now: datetime, *parts: hold.Part) -> tuple[list[Permit], list[str]]:
    rulings, held = hold.ask(parts, now)
    return [ruling.permit for ruling in rulings], held


def test_a_bounce_for_good_counts_after_a_transient_one_of_the_same_message(provider: Provider) -> None:
    id_ = enqueue_one("1", batch_id="b1")
    deliver(*queued())
    transient = delivery_event(
        permanence=Permanence.TRANSIENT,
        cause=Cause.MAILBOX_FULL,
        provider_message_id=record.get(id_).provider_message_id,
        event_id="0",
    )
    assert apply.events([transient], clock("22:00")).bounced == ()
    bounce(id_, "1")
    assert batch().body["counts"]["bounced_for_good"] == 1


def test_a_bounce_counts_though_a_delivery_beside_it_has_brought_it_to_the_record(provider: Provider) -> None:
    """What is told under the provider's id is one item: whoever comes second writes all of it down."""
    id_ = enqueue_one("1", batch_id="b1")
    deliver(*queued())
    provider_id = record.get(id_).provider_message_id
    untagged: dict[str, Any] = {
        "provider_message_id": provider_id,
        "metadata": {},
        "occurred_at": clock("22:00"),
    }
    delivered = delivery_event(
        kind=Kind.DELIVERED, permanence=None, cause=None, event_id="2", **untagged | {"sent_at": None}
    )
    bounced = delivery_event(event_id="1", **untagged)
    happened: list[object] = []

    def beside(params: dict[str, Any], **_: Any) -> None:
        """Between what the bounce writes under the provider's id and what it writes to the record."""
        if params["Key"].get("entity", {"S": ""})["S"].startswith("user#") and not happened:
            happened.append(params)
            apply.events([delivered], clock("22:00"))

    events = dynamodb.client().meta.events
    events.register("provide-client-params.dynamodb.UpdateItem", beside)
    counted = apply.events([bounced], clock("22:00")).bounced
    events.unregister("provide-client-params.dynamodb.UpdateItem", beside)
    assert happened
    assert [message.id for message in counted] == [id_]
    assert apply.events([bounced], clock("22:30")).bounced == ()


def test_a_receiving_domain_that_refuses_everybody_is_held_whatever_the_batch() -> None:
    now = clock("10:30")
    hold.count([SENT, SENT, SENT], now)
    groups.count("domain:example.org", "2026-09-14T10", {"bounced_for_good": 3}, now)
    other = asks("b2", "sender:ses", "domain:example.org")
    elsewhere = asks("b2", "sender:ses", "domain:example.com")
    assert permits(now, other, elsewhere) == ([Permit.PARK, Permit.GO], ["domain:example.org"])
    assert permits(now, other) == ([Permit.PARK], [])  # told once
    decide_hold.decide("domain:example.org", HoldState.RESUMED, SOMEBODY, now)
    assert permits(now, other)[0] == [Permit.GO]
    assert permits(now + timedelta(hours=5), other)[0] == [Permit.GO]


def test_of_two_workers_who_find_the_bounces_at_once_one_holds_and_both_park() -> None:
    now = clock("10:30")
    groups.count("b1", "whole", {"sent": 3, "bounced_for_good": 3}, now)
    other, meanwhile = a_hold(at="10:30"), [1]

    def quicker(**_: Any) -> None:
        if meanwhile:
            meanwhile.clear()
            assert groups.say("b1", other, None, [])

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb.TransactWriteItems", quicker)
    rulings, held = hold.ask([asks("b1")], now)
    events.unregister("before-call.dynamodb.TransactWriteItems", quicker)
    assert (rulings, held) == ([Ruling(Permit.PARK, "b1", other)], [])


def test_a_domain_that_was_let_go_is_held_again_a_day_later() -> None:
    now = clock("10:30")
    group = "domain:example.org"
    for day in (now, now + timedelta(days=2)):
        hold.count([([group], "sent")] * 3, day)
        groups.count(group, f"{day:%Y-%m-%dT%H}", {"bounced_for_good": 3}, day)
        assert permits(day, asks(group)) == ([Permit.PARK], [group])
        decide_hold.decide(group, HoldState.RESUMED, SOMEBODY, day)


def test_an_urgent_message_finds_its_sender_held_and_passes_and_it_alarms_all_the_same() -> None:
    now = clock("10:30")
    hold.count([SENT, SENT, SENT], now)
    groups.count("sender:ses", "2026-09-14T10", {"bounced_for_good": 3}, now)
    urgent = asks("sender:ses", "domain:example.org", purpose=Purpose.EMERGENCY)
    assert permits(now, urgent) == ([Permit.GO], ["sender:ses"])


def test_what_was_sent_stays_sent_where_it_cannot_be_counted(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """A log tells of which kind of group, and of no domain: that may be one family's own."""
    id_ = enqueue_one("1")
    other = enqueue_one("2", batch_id="b1")
    with cut_off(dynamodb.client_of_one_attempt(), "UpdateItem", "counts#"):
        assert deliver(*queued()) == []
    assert batch(id_="sender:ses").status == 404
    assert [shown(sent)["status"] for sent in (id_, other)] == ["sent", "sent"]
    not_counted = [record for record in caplog.records if record.getMessage() == "batch_not_counted"]
    kinds = sorted(str(getattr(record, "group_kind", None)) for record in not_counted)
    assert kinds == ["batch", "domain", "sender"]
