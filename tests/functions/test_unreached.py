"""Whom a sending did not reach: listed by batch and status, told at once of emergencies, and cancelled."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectionClosedError

from functions.messages.app import handler as api
from reachable.aws import client
from reachable.flows import apply
from reachable.log import metrics
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.model.errors import MessageRefused, PutOff, SendUncertain
from reachable.model.message import MessageStatus
from reachable.senders import Sent
from reachable.store import dynamodb
from reachable.store.messages import batches, pages, record, sending
from tests.builders import clock, delivery_event
from tests.functions.api import Answer, call
from tests.functions.district import ADA, COMMUNICATIONS, DENNIS, FAR, MANAGER
from tests.functions.test_messages import (
    MACHINE,
    TEXT,
    Provider,
    alarms,
    deliver,
    enqueue_one,
    post,
    provider,
    queued,
    shown,
)
from tests.functions.wire import cut_off, overheard

__all__ = ["provider"]

pytestmark = pytest.mark.usefixtures("at_nine")

ADA_EMAIL = Credential.of_key("email:ada@example.org")
BY_PHONE = [
    {"channel": "sms", "credential": "phone:+12025550123"},
    {"channel": "voice", "credential": "phone:+12025550123"},
]


def search(claims: Any = MACHINE, **wish: Any) -> Answer:
    return call(api, "POST", "/messages/search", claims, wish)


def cancel(claims: Any = MACHINE, **wish: Any) -> Answer:
    return call(api, "POST", "/messages/cancel", claims, wish)


def close_ada() -> None:
    apply.events([delivery_event(sent_at=clock("08:00"), occurred_at=clock("08:01"))], clock("08:02"))


# By batch and status


def test_a_batch_lists_whom_it_did_not_reach_with_what_else_is_open(provider: Provider) -> None:
    reached = enqueue_one("1", user_id=FAR.id, batch_id="b1")
    close_ada()
    blocked = enqueue_one("2", batch_id="b1")
    enqueue_one("3", batch_id="b2")
    deliver(*queued())
    found = search(batch_id="b1", status=["blocked", "bounced", "failed", "rejected", "dropped", "uncertain"])
    assert (found.status, found.body["next_cursor"]) == (200, None)
    [told] = found.body["items"]
    assert (told["id"], told["reason"], told["alternatives"]) == (blocked, "invalid_address", BY_PHONE)
    [other] = search(batch_id="b1", status="sent").body["items"]
    assert (other["id"], other["alternatives"]) == (reached, [])
    both = search(batch_id="b1").body["items"]
    assert {one["id"] for one in both} == {reached, blocked}


def test_what_else_is_open_is_told_as_it_is_now(provider: Provider) -> None:
    """Who was reachable by phone when the mail was stopped may not be any more."""
    close_ada()
    id_ = enqueue_one(batch_id="b1")
    deliver(*queued())
    assert shown(id_)["alternatives"] == BY_PHONE
    stop = delivery_event(
        provider="twilio", channel=Channel.SMS, kind=Kind.OPTED_OUT, permanence=None, cause=Cause.OPT_OUT,
        address="+12025550123", occurred_at=clock("08:30"), sent_at=None,
    )  # fmt: skip
    apply.events([stop], clock("08:31"))
    assert shown(id_)["alternatives"] == BY_PHONE[1:]
    assert search(batch_id="b1", status="blocked").body["items"][0]["alternatives"] == BY_PHONE[1:]


def test_the_pages_of_a_batch_are_together_all_of_it_once(provider: Provider) -> None:
    ids = [enqueue_one(str(number), batch_id="b1") for number in range(7)]
    found, cursor = [], None
    for _ in range(10):
        page = search(batch_id="b1", limit=3, **({"cursor": cursor} if cursor else {})).body
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(found) == sorted(ids)
    assert len(found) == len(ids)


def test_a_batch_is_searched_since_a_time(provider: Provider, at_nine: Any) -> None:
    enqueue_one("1", batch_id="b1")
    at_nine.move_to(clock("10:00"))
    later = enqueue_one("2", batch_id="b1")
    [told] = search(batch_id="b1", since="2026-09-14T09:30:00Z").body["items"]
    assert told["id"] == later


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"status": "blocked"}, 422),  # of all batches nobody keeps a list
        ({}, 422),
        ({"status": "uncertain"}, 200),
        ({"batch_id": "b1", "status": "lost"}, 400),
        ({"batch_id": "b1", "cursor": "x"}, 422),
        ({"batch_id": "nobody"}, 200),
        ({"batch_id": "", "status": "blocked"}, 400),
    ],
)
def test_a_search_says_what_it_cannot_do(wish: dict[str, Any], status: int) -> None:
    assert search(**wish).status == status


def test_who_searched_a_batch_and_what_was_shown_is_kept(provider: Provider) -> None:
    id_ = enqueue_one(batch_id="b1")
    search(COMMUNICATIONS, batch_id="b1")
    [entry] = boto3.client("dynamodb").scan(TableName="audit")["Items"]
    assert (entry["act"]["S"], entry["by"]["S"]) == ("searched_messages", MANAGER.id)
    assert (entry["details"]["M"], entry["shown"]["L"]) == ({"batch": {"S": "b1"}}, [{"S": id_}])


# Cancel


def test_a_queued_message_is_cancelled_and_never_sent(provider: Provider) -> None:
    id_, other = enqueue_one("1"), enqueue_one("2", user_id=FAR.id)
    bodies = queued()
    answer = cancel(ids=[id_])
    assert (answer.status, answer.body) == (
        200,
        {"results": [{"id": id_, "outcome": "cancelled", "status": "dropped"}], "batch": None},
    )
    assert deliver(*bodies) == []
    assert (shown(id_)["status"], shown(id_)["reason"]) == ("dropped", "cancelled")
    assert shown(other)["status"] == "sent"


def test_of_each_message_is_told_whether_it_was_in_time(provider: Provider) -> None:
    sent, twice, stopped = enqueue_one("1"), enqueue_one("2"), enqueue_one("3")
    first, *_ = queued()
    deliver(first)
    sending.claim(stopped, "ses", ADA_EMAIL, None, clock("09:00"))
    cancel(ids=[twice])
    told = cancel(ids=[sent, twice, stopped, "nobody", f"{ADA.id}_20260914T090000000_0123456789ab"]).body
    assert [(one["outcome"], one["status"]) for one in told["results"]] == [
        ("too_late", "sent"),
        ("cancelled", "dropped"),
        ("too_late", "sending"),
        ("unknown", None),
        ("unknown", None),
    ]


def test_what_was_cancelled_counts_once_in_its_batch(provider: Provider) -> None:
    """What was sent before does not; nor does what is of no batch."""
    sent, in_time, alone = enqueue_one("1", batch_id="b1"), enqueue_one("2", batch_id="b1"), enqueue_one("3")
    deliver(*[body for body in queued() if sent in body])
    for _ in range(2):
        assert cancel(ids=[sent, in_time, alone]).status == 200
    told = call(api, "GET", "/batches/b1", MACHINE).body["counts"]
    assert told == {"queued": 2, "sent": 1, "cancelled": 1}


def test_a_cancelled_batch_sends_nothing_more_urgent_or_not(provider: Provider) -> None:
    call(api, "POST", "/batches/b1/hold", MACHINE, {})
    held = enqueue_one("1", batch_id="b1")
    deliver(*queued())
    general, urgent = enqueue_one("2", batch_id="b1"), enqueue_one("3", batch_id="b1", purpose="emergency")
    answer = cancel(COMMUNICATIONS, batch_id="b1")
    assert (answer.status, answer.body["results"]) == (200, [])
    assert (answer.body["batch"]["state"], answer.body["batch"]["by"]) == ("cancelled", MANAGER.id)
    assert cancel(batch_id="b1").status == 200  # twice is once
    deliver(*queued())
    for id_ in (held, general, urgent):
        assert (shown(id_)["status"], shown(id_)["reason"]) == ("dropped", "cancelled")
    assert provider.took == []
    assert alarms() == []  # who cancels an emergency knows that it does not go out
    assert call(api, "POST", "/batches/b1/hold", MACHINE, {}).status == 409


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({}, 422),
        ({"ids": ["x"], "batch_id": "b1"}, 422),
        ({"ids": []}, 400),
        ({"ids": ["x"] * 501}, 400),
        ({"batch_id": "all"}, 404),
        ({"batch_id": "sender:ses"}, 404),
    ],
)
def test_a_cancel_that_names_nothing_or_too_much_is_refused(wish: dict[str, Any], status: int) -> None:
    assert cancel(**wish).status == status


def test_what_cannot_be_on_record_is_not_cancelled(provider: Provider, silent_audit: None) -> None:
    id_ = enqueue_one(batch_id="b1")
    assert cancel(ids=[id_]).status == 503
    assert cancel(batch_id="b1").status == 503
    deliver(*queued())
    assert len(provider.took) == 1


# Emergencies


@pytest.mark.parametrize(
    ("what", "outcome"),
    [
        (close_ada, "blocked"),
        (SendUncertain("No answer."), "uncertain"),
        (MessageRefused(Cause.ACCOUNT_OR_QUOTA, "Paused"), "refused"),
    ],
)
def test_an_emergency_that_reaches_nobody_is_told_at_once(
    provider: Provider, what: Callable[[], None] | Exception, outcome: str
) -> None:
    if isinstance(what, Exception):
        provider.fails(what)
    else:
        what()
    id_ = enqueue_one(purpose="emergency", batch_id="b1")
    deliver(*queued())
    [(subject, text)] = alarms()
    assert subject == f"Reachable: emergencies do not reach people ({outcome})"
    assert text.startswith(f"At least 1 emergency messages do not reach anybody: {outcome}.\n")
    assert f"\n- batch b1\n- message {id_}\n" in text
    assert "example.org" not in text


@pytest.mark.parametrize("purpose", ["general", "invitation", "sign_in"])
def test_of_other_messages_nobody_is_woken(provider: Provider, purpose: str) -> None:
    close_ada()
    enqueue_one(purpose=purpose)
    deliver(*queued())
    assert alarms() == []


def test_an_emergency_that_became_too_old_is_told(provider: Provider, at_nine: Any) -> None:
    provider.fails(PutOff("Throttling"))
    enqueue_one(purpose="emergency")
    at_nine.move_to(clock("09:00") + timedelta(hours=6))
    deliver(*queued())
    [(subject, text)] = alarms()
    assert subject == "Reachable: emergencies do not reach people (dropped)"
    assert "- batch" not in text


def test_thousands_of_one_minute_are_told_once(provider: Provider, at_nine: Any) -> None:
    """And again a minute later, since it is not over."""
    close_ada()
    for number in range(5):
        enqueue_one(str(number), purpose="emergency", batch_id="b1")
        deliver(*queued())
    assert len(alarms()) == 1
    at_nine.move_to(clock("09:01"))
    enqueue_one("x", purpose="emergency", batch_id="b1")
    enqueue_one("y", purpose="emergency", batch_id="b2")
    deliver(*queued())
    [(_, text)] = alarms()
    assert "- batch b1\n- batch b2\n" in text


def test_who_died_before_they_told_is_told_by_the_repeat(provider: Provider) -> None:
    """The queue brings again what was not deleted; the message has ended, and its alarm is still due."""
    close_ada()
    id_ = enqueue_one(purpose="emergency")
    [body] = queued()
    sending.stop(id_, MessageStatus.BLOCKED, clock("09:00"), why="invalid_address")
    assert deliver(body) == []
    assert len(alarms()) == 1


def test_an_alarm_that_cannot_be_told_costs_no_message_and_is_left_to_the_metric(
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    metrics.clear_metrics()
    close_ada()
    id_ = enqueue_one(purpose="emergency")
    bodies = queued()

    def fails(**_: Any) -> None:
        raise ConnectionClosedError(endpoint_url="sns")

    events = client("sns").meta.events
    events.register_first("before-call.sns.Publish", fails)
    capsys.readouterr()
    assert deliver(*bodies) == []
    events.unregister("before-call.sns.Publish", fails)
    assert shown(id_)["status"] == "blocked"
    printed = capsys.readouterr().out
    assert ('"EmergenciesLost":[1.0]' in printed, '"AlarmsNotTold":[1.0]' in printed) == (True, True)
    assert "alarm_not_told" in caplog.messages


def test_an_emergency_that_we_have_no_leave_to_send_is_told_at_once_and_waits(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.fails(PutOff("AuthorizationError", denied=True))
    id_ = enqueue_one(purpose="emergency")
    assert deliver(*queued()) == []
    [told] = alarms()
    assert "denied" in told[0]
    [line] = [record for record in caplog.records if record.message == "sending_denied"]
    assert (line.__dict__["code"], line.__dict__["provider"]) == ("AuthorizationError", "ses")
    assert shown(id_)["status"] == "queued"


def test_an_emergency_that_went_out_wakes_nobody_when_the_queue_brings_it_twice(provider: Provider) -> None:
    post(TEXT | {"dedup_id": "1", "user_id": DENNIS.id, "purpose": "emergency"})
    [body] = queued()
    assert [deliver(body), deliver(body)] == [[], []]
    assert alarms() == []


# What an attack has shown


def test_an_emergency_that_the_provider_refused_is_told_of_by_the_repeat(provider: Provider) -> None:
    """Its worker died after it had written down that the mailbox does not exist."""
    id_ = enqueue_one(purpose="emergency")
    [body] = queued()
    sending.claim(id_, "ses", ADA_EMAIL, None, clock("09:00"))
    record.note(id_, {MessageStatus.BOUNCED: clock("09:00")})
    assert deliver(body) == []
    assert [subject for subject, _ in alarms()] == ["Reachable: emergencies do not reach people (lost)"]


def test_an_alarm_is_told_though_nobody_can_say_whether_it_was(provider: Provider) -> None:
    close_ada()
    enqueue_one(purpose="emergency")
    bodies = queued()
    with cut_off(dynamodb.client(), "BatchGetItem", "alarm#"):
        assert deliver(*bodies) == []
    assert len(alarms()) == 1


def test_an_alarm_that_cannot_be_noted_is_told_and_costs_no_message(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """Twice is better than never: the next one of that minute is told, too."""
    close_ada()
    id_ = enqueue_one("1", purpose="emergency")
    bodies = queued()
    with cut_off(dynamodb.client(), "PutItem", "alarm#"):
        assert deliver(*bodies) == []
    enqueue_one("2", purpose="emergency")
    deliver(*queued())
    assert (shown(id_)["status"], len(alarms())) == ("blocked", 2)
    assert caplog.messages.count("alarm_not_noted") == 1


def test_an_emergency_waits_for_no_count(provider: Provider) -> None:
    id_ = enqueue_one(purpose="emergency")
    bodies = queued()
    with cut_off(dynamodb.client(), "BatchGetItem", "counts#"):
        assert deliver(*bodies) == []
    assert shown(id_)["status"] == "sent"


def test_an_urgent_call_that_is_put_off_stops_no_text(provider: Provider) -> None:
    """Of one provider, and each with a rate of its own."""
    provider.fails(PutOff("Throttling"))
    post(TEXT | {"dedup_id": "1", "channel": "voice", "purpose": "emergency"})
    deliver(*queued())
    provider.answer = lambda: Sent("aws_sms", "t1", 1)
    [result] = post(TEXT | {"dedup_id": "2"}).body["results"]
    deliver(*queued())
    assert shown(result["id"])["status"] == "sent"


def test_what_another_system_has_sent_cannot_be_cancelled(provider: Provider) -> None:
    sent = delivery_event(
        kind=Kind.SENT, permanence=None, cause=None, provider="sendgrid", provider_message_id="x1"
    )
    apply.events([sent], clock("09:00"))
    [foreign] = pages.of_user(ADA.id, 10)
    [told] = cancel(ids=[foreign.id]).body["results"]
    assert (told["outcome"], told["status"]) == ("too_late", "sent")
    assert shown(foreign.id)["status"] == "sent"


def test_a_large_batch_is_searched_by_hundreds(provider: Provider) -> None:
    for number in range(120):
        batches.put("b1", f"{ADA.id}_20260914T090000000_{number:012x}", clock("09:00"))
    ids = [enqueue_one(str(number), batch_id="b1") for number in range(3)]
    with overheard(dynamodb.client(), "Query") as queries:
        found = search(batch_id="b1", limit=3).body
    assert sorted(one["id"] for one in found["items"]) == sorted(ids)
    assert len([one for one in queries if one["TableName"] == "messages"]) == 2


def test_the_counts_of_before_that_lie_in_a_batch_are_no_messages(provider: Provider) -> None:
    id_ = enqueue_one(batch_id="b1")
    row = {"entity": "batch#b1", "item": "counts#0", "sent": 1}
    dynamodb.client().put_item(TableName="messages", Item=dynamodb.to_wire(row))
    answer = search(batch_id="b1")
    assert (answer.status, [one["id"] for one in answer.body["items"]]) == (200, [id_])


@pytest.mark.parametrize("group", ["sender:ses", "domain:example.org", "all"])
def test_a_search_of_what_is_no_batch_finds_nobody_and_ends(group: str) -> None:
    """Hourly counts of before lie where a batch has its messages, by the thousand."""
    for hour in range(150):
        row = {"entity": f"batch#{group}", "item": f"counts#{hour:04}", "sent": 1}
        dynamodb.client().put_item(TableName="messages", Item=dynamodb.to_wire(row))
    assert search(batch_id=group).body == {"items": [], "next_cursor": None}
