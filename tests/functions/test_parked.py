"""What is held is parked: out of every queue, whole, until somebody decides or its time is over."""

import contextlib
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError
from moto.backends import get_backend

from functions.messages.app import handler as api
from functions.sweep.app import handler as sweep_handler
from reachable.aws import client
from reachable.buckets import parked
from reachable.flows import park, sweep
from reachable.log import metrics
from reachable.model.group import Hold, HoldState, Sweep
from reachable.model.send import Purpose
from reachable.queues import outbound
from reachable.store import dynamodb, groups
from tests.builders import clock
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import ADA, COMMUNICATIONS, FAR, MANAGER, Context
from tests.functions.test_messages import (
    EMAIL,
    MACHINE,
    Provider,
    _outgoing,
    alarms,
    deliver,
    enqueue_one,
    post,
    provider,
    queued,
    shown,
)
from tests.functions.wire import conflicts, cut_off

__all__ = ["provider"]

pytestmark = pytest.mark.usefixtures("at_nine")

FOR_EVER = lambda: True  # noqa: E731


def said(group: str, act: str, body: dict[str, Any] | None = None, claims: Any = COMMUNICATIONS) -> Answer:
    return call(api, "POST", f"/batches/{group}/{act}", claims, body)


def batch(group: str) -> dict[str, Any]:
    body: dict[str, Any] = call(api, "GET", f"/batches/{group}", MACHINE).body
    return body


def objects() -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket="parked").get("Contents", [])
    return [item["Key"] for item in found]


def parked_now(dedup_id: str = "d1", group: str = "b1", **wish: Any) -> str:
    """A message that waits under a hold of its group."""
    if groups.said(group) is None:
        assert said(group, "hold", {}).status == 200
    id_ = enqueue_one(dedup_id, **{"batch_id": "b1"} | wish)
    assert deliver(*queued()) == []
    assert shown(id_)["status"] == "held"
    return id_


def send_all() -> None:
    """Dispatch has all that waits, if anything does."""
    bodies = queued()
    assert not bodies or deliver(*bodies) == []


# Parking


def test_what_is_held_lies_whole_in_the_bucket_and_in_no_queue(provider: Provider) -> None:
    said("b1", "hold", {})
    id_ = enqueue_one(batch_id="b1", html="<p>No school.</p>")
    [body] = queued()
    assert deliver(body) == []
    hold = groups.said("b1")
    assert hold is not None
    assert objects() == [f"{hold.id}/{id_}"]
    assert parked.get(hold.id, id_) == body
    assert (queued(), provider.took) == ([], [])
    assert shown(id_)["status"] == "held"


def test_a_message_that_the_queue_brings_twice_is_parked_once(provider: Provider) -> None:
    said("b1", "hold", {})
    enqueue_one(batch_id="b1")
    [body] = queued()
    assert deliver(body, body) == []
    assert deliver(body) == []
    assert len(objects()) == 1


@pytest.mark.parametrize("group", ["b1", "sender:ses", "domain:example.org", "all"])
@pytest.mark.parametrize(
    ("act", "status", "reason"), [("resume", "sent", None), ("drop", "dropped", "dropped")]
)
def test_what_was_parked_goes_on_or_is_dropped_as_somebody_decides(
    provider: Provider, group: str, act: str, status: str, reason: str | None
) -> None:
    id_ = parked_now(group=group)
    answer = said(group, act)
    assert (answer.status, answer.body["by"], answer.body["swept"]["finished"]) == (200, MANAGER.id, True)
    assert objects() == []
    send_all()
    assert (shown(id_)["status"], shown(id_)["reason"]) == (status, reason)
    assert len(provider.took) == (act == "resume")


def test_what_is_held_twice_waits_for_both_to_be_let_go(provider: Provider) -> None:
    said("all", "hold", {})
    id_ = parked_now()
    for group in ("b1", "all"):
        said(group, "resume")
        deliver(*queued())
    assert (shown(id_)["status"], objects()) == ("sent", [])


def test_what_is_resumed_passes_the_gate_anew(provider: Provider) -> None:
    id_ = parked_now()
    call_body = {"credential": "email", "ground": "manual", "note": "dead"}
    from functions.reset.app import handler as reset  # late: one handler of one process at a time

    assert call(reset, "POST", f"/users/{ADA.id}/blocks", district.manager(), call_body).status == 200
    said("b1", "resume")
    deliver(*queued())
    assert (shown(id_)["status"], shown(id_)["reason"], provider.took) == ("blocked", "manual", [])


# Side by side: one parks while another decides


def test_who_parks_while_somebody_lets_go_puts_it_back_on_the_queue(provider: Provider) -> None:
    said("b1", "hold", {})
    hold = groups.said("b1")
    assert hold is not None
    enqueue_one(batch_id="b1")
    outgoing = outbound.read(queued()[0])
    said("b1", "resume")  # after the worker has read that it is held
    park.park(outgoing, "b1", hold)
    assert objects() == []
    assert [outbound.read(body) for body in queued()] == [outgoing]


def test_a_group_that_is_held_anew_keeps_what_is_parked_under_each_hold_apart(provider: Provider) -> None:
    """Who sweeps the first must not take away what has been parked under the second."""
    id_ = parked_now(group="sender:ses")
    first = groups.said("sender:ses")
    assert first is not None
    decided = replace(first, state=HoldState.RESUMED, at=clock("09:01"))
    assert groups.say("sender:ses", decided, first, [])
    assert groups.say("sender:ses", Hold(id="h2", state=HoldState.HELD, at=clock("09:02")), decided, [])
    sweep.decided(clock("09:03"), FOR_EVER)
    deliver(*queued())
    assert objects() == [f"h2/{id_}"]
    sweep.decided(clock("09:04"), FOR_EVER)
    assert objects() == [f"h2/{id_}"]
    assert shown(id_)["status"] == "held"
    said("sender:ses", "resume")
    deliver(*queued())
    assert (shown(id_)["status"], len(provider.took)) == ("sent", 1)


def test_the_schedule_sweeps_what_nobody_waited_for(provider: Provider, at_nine: Any) -> None:
    """Whoever decided may have died right after it."""
    id_ = parked_now()
    held = groups.said("b1")
    assert held is not None
    groups.say("b1", replace(held, state=HoldState.RESUMED, at=clock("09:00"), by="x"), held, [])
    swept("decided")
    assert batch("b1")["swept"] == {"resumed": 1, "dropped": 0, "finished": True}
    assert groups.holds() != []  # it looks once more
    deliver(*queued())
    assert shown(id_)["status"] == "sent"
    at_nine.move_to(clock("10:01"))
    swept("decided")
    assert groups.holds() == []


def swept(what: str, milliseconds: int = 900_000) -> None:
    context: Any = Context()
    context.get_remaining_time_in_millis = lambda: milliseconds
    sweep_handler({"sweep": what}, context)


def test_a_sweep_that_has_no_time_left_leaves_the_rest_to_the_next(provider: Provider) -> None:
    parked_now()
    held = groups.said("b1")
    assert held is not None
    groups.say("b1", replace(held, state=HoldState.RESUMED), held, [])
    swept("decided", 30_000)
    assert (len(objects()), batch("b1")["swept"]["finished"]) == (1, False)
    swept("decided")
    assert (len(objects()), batch("b1")["swept"]["finished"]) == (0, True)


def test_a_message_that_cannot_be_queued_stays_parked_and_takes_no_other_with_it(provider: Provider) -> None:
    first, second = parked_now("1"), parked_now("2", user_id=FAR.id)
    events = client("sqs").meta.events

    def fails(params: dict[str, Any], **_: Any) -> None:
        if first in str(params["MessageBody"]):
            raise ConnectionClosedError(endpoint_url="sqs")

    events.register("provide-client-params.sqs.SendMessage", fails)
    try:
        assert said("b1", "resume").body["swept"] == {"resumed": 1, "dropped": 0, "finished": False}
    finally:
        events.unregister("provide-client-params.sqs.SendMessage", fails)
    assert [key.rpartition("/")[2] for key in objects()] == [first]
    swept("decided")
    deliver(*queued())
    assert [shown(id_)["status"] for id_ in (first, second)] == ["sent", "sent"]


def test_what_was_let_go_goes_out_though_nobody_can_note_how_many_it_was(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = parked_now()
    with cut_off(dynamodb.client_of_one_attempt(), "UpdateItem", "sweep_resumed"):
        assert said("b1", "resume").body["swept"] == {"resumed": 0, "dropped": 0, "finished": False}
    send_all()
    assert (shown(id_)["status"], objects()) == ("sent", [])
    assert caplog.messages.count("sweep_not_noted") == 1


def test_what_was_queued_and_could_not_be_taken_away_is_swept_again_and_sent_once(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """S3 answers 200, and tells in it of each object that it still has."""
    id_ = parked_now()
    refused = [{"Key": id_, "Code": "InternalError"}]

    def refuses(**_: Any) -> Any:
        return (AWSResponse("s3", 200, HTTPHeaders(), None), {"Errors": [refused.pop()]}) if refused else None

    events = client("s3", attempts=2).meta.events
    events.register_first("before-call.s3.DeleteObjects", refuses)
    try:
        assert said("b1", "resume").body["swept"] == {"resumed": 1, "dropped": 0, "finished": False}
    finally:
        events.unregister("before-call.s3.DeleteObjects", refuses)
    assert ("sweep_failed" in caplog.messages, len(objects())) == (True, 1)
    swept("decided")
    send_all()
    assert (shown(id_)["status"], len(provider.took), objects()) == ("sent", 1, [])


# Ages


def test_friday_s_newsletter_goes_out_on_monday_s_resume_and_grows_old_from_then_on(
    provider: Provider, at_nine: Any
) -> None:
    id_ = parked_now()
    at_nine.move_to(clock("09:00") + timedelta(hours=73))
    said("b1", "resume")
    [body] = queued()
    at_nine.move_to(clock("09:00") + timedelta(hours=73 + 71))
    assert deliver(body) == []
    assert shown(id_)["status"] == "sent"


def test_what_was_let_go_is_dropped_72_hours_later(provider: Provider, at_nine: Any) -> None:
    id_ = parked_now()
    at_nine.move_to(clock("09:00") + timedelta(hours=100))
    said("b1", "resume")
    [body] = queued()
    at_nine.move_to(clock("09:00") + timedelta(hours=172))
    assert deliver(body) == []
    assert (shown(id_)["status"], shown(id_)["reason"]) == ("dropped", "too_old")


def test_what_nobody_wants_any_more_is_dropped_by_the_resume_which_says_how_many(
    provider: Provider, at_nine: Any
) -> None:
    gone = parked_now("1", expires_at="2026-09-14T10:00:00Z")
    wanted = parked_now("2", user_id=FAR.id, expires_at="2026-09-14T12:00:00Z")
    at_nine.move_to(clock("11:00"))
    assert said("b1", "resume").body["swept"] == {"resumed": 1, "dropped": 1, "finished": True}
    deliver(*queued())
    assert (shown(gone)["status"], shown(gone)["reason"]) == ("dropped", "too_old")
    assert shown(wanted)["status"] == "sent"


def test_nothing_ends_a_hold_by_itself(provider: Provider, at_nine: Any) -> None:
    """Neither a table's time to live nor the age of what waits: 90 days, and it still holds."""
    parked_now()
    items = boto3.client("dynamodb").scan(TableName="messages")["Items"]
    assert [item for item in items if item["item"]["S"] == "hold" and "expires_at" in item] == []
    at_nine.move_to(clock("09:00") + timedelta(days=91))
    later = enqueue_one("2", batch_id="b1")
    deliver(*queued())
    assert (shown(later)["status"], batch("b1")["state"], provider.took) == ("held", "held", [])


def test_what_is_parked_for_30_days_is_dropped_and_three_days_before_somebody_is_told(
    provider: Provider, at_nine: Any
) -> None:
    id_ = parked_now()
    at_nine.move_to(clock("09:00") + timedelta(days=26, hours=23))
    swept("expired")
    assert alarms() == []
    at_nine.move_to(clock("09:00") + timedelta(days=27, minutes=1))
    later = parked_now("2", user_id=FAR.id)
    swept("expired")
    [(subject, text)] = alarms()
    assert subject == "Reachable: held messages are dropped within 3 days"
    assert "- b1: 1\n" in text
    at_nine.move_to(clock("09:00") + timedelta(days=30, minutes=1))
    swept("expired")
    assert (shown(id_)["status"], shown(id_)["reason"]) == ("dropped", "too_old")
    assert shown(later)["status"] == "held"
    assert (batch("b1")["state"], len(objects())) == ("held", 1)


def test_of_what_was_let_go_and_is_not_swept_yet_nobody_is_warned(provider: Provider, at_nine: Any) -> None:
    """Nor does its expiry drop it: it is the sweep's of what was decided."""
    id_ = parked_now()
    held = groups.said("b1")
    assert held is not None
    groups.say("b1", replace(held, state=HoldState.RESUMED), held, [])
    for days in (28, 31):
        at_nine.move_to(clock("09:00") + timedelta(days=days))
        swept("expired")
    assert (alarms(), queued(), shown(id_)["status"], len(objects())) == ([], [], "held", 1)


# The switch of ops


def test_ops_stop_all_sending_and_say_whether_emergencies_pass(provider: Provider) -> None:
    body = {"note": "The key of the newsletter was stolen.", "emergencies_pass": False}
    answer = said("all", "hold", body)
    assert answer.status == 200
    told = {key: answer.body[key] for key in ("id", "state", "why", "by", "emergencies_pass")}
    assert told == {
        "id": "all",
        "state": "held",
        "why": "The key of the newsletter was stolen.",
        "by": MANAGER.id,
        "emergencies_pass": False,
    }
    ids = [enqueue_one(purpose, purpose=purpose) for purpose in ("general", "emergency", "sign_in")]
    deliver(*queued())
    assert {shown(id_)["status"] for id_ in ids} == {"held"}
    said("all", "resume")
    assert batch("all")["emergencies_pass"] is True
    deliver(*queued())
    assert {shown(id_)["status"] for id_ in ids} == {"sent"}


@pytest.mark.parametrize("act", ["hold", "resume", "drop"])
def test_who_has_stolen_a_sending_system_s_secret_cannot_lift_what_stops_it(act: str) -> None:
    said("all", "hold", {}) if act != "hold" else None
    assert said("all", act, {} if act == "hold" else None, MACHINE).status == 403
    assert (batch("all")["state"] == "held") is (act != "hold")


def test_what_is_held_now_is_listed_the_longest_first(provider: Provider, at_nine: Any) -> None:
    said("b1", "hold", {"note": "A wrong list."})
    at_nine.move_to(clock("09:10"))
    said("all", "hold")
    said("b2", "hold")
    said("b2", "resume")
    told = call(api, "GET", "/batches", COMMUNICATIONS).body["items"]
    assert told == [
        {
            "id": "b1",
            "since": "2026-09-14T09:00:00Z",
            "why": "A wrong list.",
            "by": MANAGER.id,
            "emergencies_pass": True,
        },
        {
            "id": "all",
            "since": "2026-09-14T09:10:00Z",
            "why": None,
            "by": MANAGER.id,
            "emergencies_pass": True,
        },
    ]


def test_what_is_held_now_is_told_page_by_page_by_a_cursor_of_ours(at_nine: Any) -> None:
    for minute, group in enumerate(("b1", "sender:ses", "b2")):
        at_nine.move_to(clock(f"09:0{minute}"))
        said(group, "hold", {})
    pages, query = [], {"limit": "2"}
    for _ in range(2):
        page = call(api, "GET", "/batches", COMMUNICATIONS, query=query).body
        pages.append([held["id"] for held in page["items"]])
        query = query | {"cursor": page["next_cursor"]}
    assert (pages, page["next_cursor"]) == ([["b1", "sender:ses"], ["b2"]], None)
    answer = call(api, "GET", "/batches", COMMUNICATIONS, query={"cursor": "x"})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/cursor")


def test_who_is_warned_of_what_a_domain_holds_is_told_no_family_s_name(
    provider: Provider, at_nine: Any
) -> None:
    parked_now(group="domain:example.org")
    at_nine.move_to(clock("09:00") + timedelta(days=28))
    swept("expired")
    [(_, text)] = alarms()
    assert ("- a receiving domain: 1\n" in text, "example.org" in text) == (True, False)


def test_a_hold_is_swept_by_one_at_a_time_and_by_the_next_when_that_one_is_dead(provider: Provider) -> None:
    id_ = parked_now()
    held = groups.said("b1")
    assert held is not None
    decided = replace(held, state=HoldState.RESUMED)
    groups.say("b1", decided, held, [])
    assert groups.begin_sweep("b1", decided, clock("09:00"), clock("09:16"))  # ... and dies
    assert sweep.sweep("b1", decided, clock("09:10"), FOR_EVER) == Sweep()
    assert len(objects()) == 1
    assert sweep.sweep("b1", decided, clock("09:17"), FOR_EVER) == Sweep(1, 0, finished=True)
    assert [outbound.read(body).id for body in queued()] == [id_]


def test_a_hold_of_before_is_read_and_decided_about() -> None:
    """Its row had no id: an upgrade must neither stop dispatch nor let go what is held."""
    dynamodb.client().put_item(
        TableName="messages",
        Item=dynamodb.to_wire(
            {
                "entity": "batch#b1",
                "item": "hold",
                "state": "held",
                "at": "2026-09-13T09:00:00.000+00:00",
                "figures": "12 of the last 100 messages bounced for good",
                "expires_at": 1_800_000_000,
            }
        ),
    )
    assert batch("b1")["state"] == "held"
    assert said("b1", "resume").body["state"] == "resumed"


def test_emergencies_pass_unless_it_says_otherwise(provider: Provider) -> None:
    assert said("all", "hold", {}).body["emergencies_pass"] is True
    general, emergency = enqueue_one("1"), enqueue_one("2", purpose="emergency")
    deliver(*queued())
    assert (shown(general)["status"], shown(emergency)["status"]) == ("held", "sent")


def test_yesterday_s_emergency_does_not_go_out_by_a_resume(provider: Provider, at_nine: Any) -> None:
    said("all", "hold", {"emergencies_pass": False})
    id_ = enqueue_one(purpose="emergency")
    deliver(*queued())
    alarms()
    at_nine.move_to(clock("09:00") + timedelta(hours=6))
    assert said("all", "resume").body["swept"]["dropped"] == 1
    assert (shown(id_)["status"], shown(id_)["reason"]) == ("dropped", "too_old")
    assert [subject for subject, _ in alarms()] == ["Reachable: emergencies do not reach people (too_old)"]


def test_what_is_queued_after_all_was_dropped_goes_out(provider: Provider, at_nine: Any) -> None:
    parked_now(group="all")
    at_nine.move_to(clock("09:01"))
    said("all", "drop")
    later = enqueue_one("2")
    deliver(*queued())
    assert shown(later)["status"] == "sent"


@pytest.mark.parametrize(
    ("group", "body", "status"),
    [
        ("b1", {"emergencies_pass": False}, 422),
        ("sender:ses", {"emergencies_pass": False}, 422),
        ("nobody:x", {}, 404),
        ("b1", {"until": "tomorrow"}, 400),
        ("b1", {"note": ""}, 400),
    ],
)
def test_a_hold_that_means_nothing_is_refused_and_holds_nothing(
    group: str, body: dict[str, Any], status: int
) -> None:
    assert said(group, "hold", body).status == status
    assert groups.holds() == []


@pytest.mark.parametrize(
    ("group", "act", "claims", "status", "detail"),
    [
        ("nobody:x", "hold", COMMUNICATIONS, 404, "This is no batch, no sender and no domain, nor 'all'."),
        ("b9", "resume", COMMUNICATIONS, 404, "Nothing is known of such a batch."),
        ("all", "hold", MACHINE, 403, "Only staff or operators may stop all sending, and let it go on."),
        ("all", "resume", COMMUNICATIONS, 409, "This is not held."),
        ("b1", "hold", COMMUNICATIONS, 409, "This is held already."),
        (
            "b2",
            "hold",
            COMMUNICATIONS,
            409,
            "This batch has been dropped or cancelled: nothing more of it goes out.",
        ),
    ],
)
def test_who_is_refused_is_told_why(group: str, act: str, claims: Any, status: int, detail: str) -> None:
    """While b1 is held, and b2 has been dropped."""
    for batch_id in ("b1", "b2"):
        said(batch_id, "hold", {})
    said("b2", "drop")
    answer = said(group, act, {} if act == "hold" else None, claims)
    assert (answer.status, answer.body["detail"]) == (status, detail)


def test_who_held_what_and_why_is_kept_and_nobody_holds_it_twice() -> None:
    assert said("b1", "hold", {"note": "A wrong list."}).status == 200
    assert said("b1", "hold", {}).status == 409
    assert said("b1", "hold", {}, district.manager()).status == 403
    [entry] = boto3.client("dynamodb").scan(TableName="audit")["Items"]
    kept = (entry["act"]["S"], entry["by"]["S"], entry["details"]["M"])
    assert kept == ("held", MANAGER.id, {"batch": {"S": "b1"}, "note": {"S": "A wrong list."}})


# Many


def test_ten_thousand_are_resumed_none_twice_none_lost(
    provider: Provider,
) -> None:
    """How long it takes is printed (``-s``)."""
    hold = Hold(id="h1", state=HoldState.HELD, at=clock("09:00"))
    groups.say("b1", hold, None, [])
    ids = [f"{ADA.id}_20260914T090000000_{number:012x}" for number in range(10_000)]
    for id_ in ids:
        parked.put("h1", id_, outbound.written(replace(_outgoing(id_), batch_id="b1")))
    decided = replace(hold, state=HoldState.RESUMED)
    groups.say("b1", decided, hold, [])
    waiting: list[str] = []
    backends: Any = get_backend
    queue = backends("sqs")["123456789012"]["us-east-1"].queues["outbound"]

    def take(**_: Any) -> None:
        """Off the queue at once: with each message that waits, moto takes longer for the next."""
        with contextlib.suppress(IndexError):  # another thread was quicker
            waiting.append(outbound.read(queue._messages.pop().body).id)

    client("sqs").meta.events.register("after-call.sqs.SendMessage", take)
    began = time.perf_counter()
    told = sweep.sweep("b1", decided, clock("09:01"), FOR_EVER)
    seconds = time.perf_counter() - began
    print(f"10,000 parked messages were resumed in {seconds:.1f} s")  # noqa: T201 - moto's time, for who asks
    assert told == Sweep(10_000, 0, finished=True)
    assert sorted(waiting) == ids
    assert objects() == []


def test_a_repeat_of_a_queued_message_that_was_parked_makes_no_second_one(provider: Provider) -> None:
    """A client that asks again for what is parked is told that it was asked for."""
    id_ = parked_now()
    [again] = post(EMAIL | {"dedup_id": "d1", "batch_id": "b1"}).body["results"]
    assert (again["outcome"], again["id"]) == ("duplicate", id_)
    assert queued() == []


def test_the_clock_of_a_hold_is_what_the_table_keeps(at_nine: datetime) -> None:
    """To the millisecond: who compares it with what was read must find it the same."""
    hold = Hold(id="h1", state=HoldState.HELD, at=clock("09:00") + timedelta(microseconds=123_456))
    groups.say("b1", hold, None, [])
    kept = groups.said("b1")
    assert kept is not None
    assert groups.say("b1", replace(kept, state=HoldState.RESUMED), kept, [])


# What an attack has shown


def test_a_dropped_batch_is_not_held_anew_and_so_never_let_go(provider: Provider) -> None:
    said("b1", "hold")
    said("b1", "drop")
    assert said("b1", "hold").status == 409


def test_what_was_dropped_of_a_sender_stays_dropped_though_it_is_held_anew_and_let_go(
    provider: Provider, at_nine: Any
) -> None:
    """It was on its way all the time: put off by the provider, or hidden by the queue."""
    id_ = enqueue_one()
    bodies = queued()
    at_nine.move_to(clock("09:01"))
    for act in ("hold", "drop", "hold", "resume"):
        assert said("sender:ses", act).status == 200
    deliver(*bodies)
    assert (shown(id_)["status"], provider.took) == ("dropped", [])


@pytest.mark.parametrize("dies_at", ["DeleteObjects", "Publish"])
def test_an_emergency_that_a_sweep_drops_is_told_of_though_it_dies(
    provider: Provider, at_nine: Any, dies_at: str
) -> None:
    said("all", "hold", {"emergencies_pass": False})
    id_ = enqueue_one(purpose="emergency")
    deliver(*queued())
    alarms()
    at_nine.move_to(clock("16:00"))
    service = "s3" if dies_at == "DeleteObjects" else "sns"

    def dies(**_: Any) -> None:
        raise SystemExit

    made = client("s3", attempts=2) if service == "s3" else client("sns")
    made.meta.events.register_first(f"before-call.{service}.{dies_at}", dies)
    with contextlib.suppress(SystemExit):
        said("all", "resume")
    made.meta.events.unregister(f"before-call.{service}.{dies_at}", dies)
    assert shown(id_)["status"] == "dropped"
    at_nine.move_to(clock("16:20"))
    swept("decided")
    assert "Reachable: emergencies do not reach people (too_old)" in [subject for subject, _ in alarms()]
    assert objects() == []


def test_the_daily_expiry_leaves_what_somebody_has_just_let_go(provider: Provider, at_nine: Any) -> None:
    id_ = parked_now()
    at_nine.move_to(clock("09:00") + timedelta(days=30, hours=1))
    happened: list[object] = []

    def meanwhile(**_: Any) -> None:
        if not happened:
            happened.append("somebody presses Resume")
            said("b1", "resume")

    events = client("s3", attempts=2).meta.events
    events.register_first("before-call.s3.ListObjectsV2", meanwhile)
    swept("expired")
    events.unregister("before-call.s3.ListObjectsV2", meanwhile)
    send_all()
    assert (len(happened), shown(id_)["status"]) == (1, "sent")


def test_what_is_held_by_a_hold_of_before_is_parked_where_somebody_looks(provider: Provider) -> None:
    row = {"entity": "batch#b1", "item": "hold", "state": "held", "at": "2026-09-13T09:00:00.000+00:00"}
    dynamodb.client().put_item(
        TableName="messages", Item=dynamodb.to_wire(row | {"expires_at": 1_800_000_000})
    )
    id_ = enqueue_one(batch_id="b1")
    deliver(*queued())
    assert shown(id_)["status"] == "held"
    assert [held["id"] for held in call(api, "GET", "/batches", MACHINE).body["items"]] == ["b1"]
    said("b1", "resume")
    send_all()
    assert shown(id_)["status"] == "sent"


def test_a_resume_that_fails_is_taken_up_by_the_schedule_of_the_next_minute(
    provider: Provider, at_nine: Any
) -> None:
    id_ = parked_now()

    def fails(**_: Any) -> None:
        raise ConnectionClosedError(endpoint_url="s3")

    events = client("s3", attempts=2).meta.events
    events.register_first("before-call.s3.GetObject", fails)
    assert said("b1", "resume").status == 200
    events.unregister("before-call.s3.GetObject", fails)
    at_nine.move_to(clock("09:01"))
    swept("decided")
    send_all()
    assert shown(id_)["status"] == "sent"


def test_who_presses_the_switch_beside_another_s_transaction_is_not_told_that_it_is_held(
    provider: Provider,
) -> None:
    with conflicts(1):
        answer = said("all", "hold")
    with conflicts(99):
        other = said("b1", "hold")
    assert (answer.status, batch("all")["state"], other.status) == (200, "held", 503)


def test_an_emergency_that_ops_hold_is_told_of(provider: Provider) -> None:
    said("all", "hold", {"emergencies_pass": False})
    enqueue_one(purpose="emergency")
    deliver(*queued())
    assert [subject for subject, _ in alarms()] == ["Reachable: emergencies do not reach people (held)"]
    entries = boto3.client("dynamodb").scan(TableName="audit")["Items"]
    [kept] = [entry["details"]["M"] for entry in entries if entry["act"]["S"] == "held"]
    assert kept == {"batch": {"S": "all"}, "emergencies": {"S": "stopped"}}


def test_emergencies_are_stopped_too_without_letting_anything_go_in_between(
    provider: Provider, at_nine: Any
) -> None:
    id_ = parked_now(group="all")
    at_nine.move_to(clock("09:05"))
    answer = said("all", "hold", {"emergencies_pass": False, "note": "A stolen key."})
    assert (answer.status, answer.body["emergencies_pass"], answer.body["why"]) == (
        200,
        False,
        "A stolen key.",
    )
    assert said("all", "hold", {"emergencies_pass": False}).status == 409
    urgent = enqueue_one("2", purpose="emergency")
    send_all()
    assert [shown(each)["status"] for each in (id_, urgent)] == ["held", "held"]
    said("all", "resume")
    send_all()
    assert [shown(each)["status"] for each in (id_, urgent)] == ["sent", "sent"]


def test_a_sweep_that_fails_through_our_own_fault_alarms_too(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A message that no release of ours wrote so: its age cannot be told."""
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    metrics.clear_metrics()
    id_ = parked_now()
    held = groups.said("b1")
    assert held is not None
    naive = replace(_outgoing(id_), queued_at=datetime(2026, 9, 14, 9), purpose=Purpose.EMERGENCY)  # noqa: DTZ001
    parked.put(held.id, id_, outbound.written(naive))
    groups.say("b1", replace(held, state=HoldState.RESUMED), held, [])
    capsys.readouterr()
    with pytest.raises(TypeError):
        swept("decided")
    assert '"SweepsFailed":[1.0]' in capsys.readouterr().out


def test_who_stops_emergencies_too_is_not_told_so_where_it_was_not_written(provider: Provider) -> None:
    """The same person says it of the same hold; another's transaction was in the way."""
    said("all", "hold", {})
    with conflicts(1):
        answer = said("all", "hold", {"emergencies_pass": False})
    assert (answer.status, answer.body["emergencies_pass"]) == (200, False)
    assert batch("all")["emergencies_pass"] is False
