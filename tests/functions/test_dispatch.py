"""What dispatch writes down of each outcome, whole; what it puts off, and for how long."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from moto.backends import get_backend

from functions.messages.app import handler as api
from functions.profiles.app import handler as profiles
from reachable import aws as reachable_aws
from reachable.flows import apply, hold
from reachable.log import metrics
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, Permanence, event_hex
from reachable.model.errors import MessageRefused, ParseError, PutOff, RecipientRefused, SendUncertain
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.message import message_id
from reachable.model.send import Purpose
from reachable.model.status import mark
from reachable.queues import outbound
from reachable.rules.hold import Limits
from reachable.senders import Sent
from reachable.store import dynamodb, groups
from reachable.store.credentials import history
from reachable.store.messages import record, sending
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.api import call
from tests.functions.district import ADA, DENNIS
from tests.functions.test_messages import (
    EMAIL,
    MACHINE,
    TEXT,
    Provider,
    deliver,
    enqueue_one,
    post,
    provider,
    queued,
    queued_on,
    shown,
    told_of,
)
from tests.functions.wire import cut_off

__all__ = ["provider"]

pytestmark = pytest.mark.usefixtures("at_nine")

NINE = "2026-09-14T09:00:00Z"
ADA_EMAIL = Credential.of_key("email:ada@example.org")
PHONE = Credential.of_key("phone:+12025550123")


@pytest.fixture
def delays() -> Iterator[list[tuple[int, int]]]:
    """What is put on the queue, as the wire sees it: how often it was put off, and for how many seconds."""
    seen: list[tuple[int, int]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        seen.append((outbound.read(params["MessageBody"]).attempts, params["DelaySeconds"]))

    events = reachable_aws.client("sqs").meta.events
    events.register("provide-client-params.sqs.SendMessage", note)
    yield seen
    events.unregister("provide-client-params.sqs.SendMessage", note)


def enqueue_text(dedup_id: str = "d1", user_id: str = DENNIS.id) -> str:
    """A text to Dennis, whose phone is Ada's too."""
    [result] = post(TEXT | {"dedup_id": dedup_id, "user_id": user_id}).body["results"]
    assert result["outcome"] == "queued"
    return str(result["id"])


def counts(group: str) -> dict[str, int]:
    body = call(api, "GET", f"/batches/{group}", MACHINE).body
    found: dict[str, int] = body["counts"]
    return found


# What the record says


def test_an_email_that_was_sent_is_recorded_whole(provider: Provider) -> None:
    id_ = enqueue_one(batch_id="b1", html="<p>No school.</p>", purpose="emergency")
    [body] = queued()
    whole = outbound.read(body)
    deliver(body)
    assert shown(id_) == told_of(
        id_,
        credential="email:ada@example.org",
        purpose="emergency",
        batch_id="b1",
        status="sent",
        provider="ses",
        times={"queued": NINE, "sending": NINE, "sent": NINE},
    )
    assert provider.took == [(whole, ADA_EMAIL)]
    assert counts("b1") == {"queued": 1, "sent": 1}
    assert counts("sender:ses") == counts("domain:example.org") == {"sent": 1}


def test_a_text_that_was_sent_is_recorded_whole(provider: Provider) -> None:
    provider.answer = lambda: Sent("aws_sms", "t1", 1)
    id_ = enqueue_text()
    deliver(*queued())
    assert shown(id_) == told_of(
        id_,
        user_id=DENNIS.id,
        channel="sms",
        credential="phone:+12025550123",
        label="For Dennis: ",
        subject=None,
        status="sent",
        provider="aws_sms",
        segments=1,
        times={"queued": NINE, "sending": NINE, "sent": NINE},
    )
    assert record.get(id_).provider_message_id == "t1"
    assert counts("sender:aws_sms") == {"sent": 1}


@pytest.mark.parametrize(("text", "adds"), [("x" * 155, True), ("x" * 20, False), ("x" * 161, False)])
def test_a_segment_that_its_label_alone_costs_is_recorded(
    provider: Provider, text: str, *, adds: bool
) -> None:
    """`For Dennis: ` takes twelve letters; a segment holds 160, each of several 153."""
    post(TEXT | {"dedup_id": "d1", "text": text})
    [body] = queued()
    deliver(body)
    assert shown(outbound.read(body).id)["label_adds_segment"] is adds


def test_the_provider_s_id_is_kept_as_events_will_tell_it(provider: Provider) -> None:
    """SES names it in a mail with brackets and a host, and in its events without."""
    provider.answer = lambda: Sent("ses", "<0100@email.amazonses.com>", None)
    id_ = enqueue_one()
    deliver(*queued())
    assert record.get(id_).provider_message_id == "0100"


def test_what_is_blocked_is_recorded_with_whom_it_would_have_reached(provider: Provider) -> None:
    id_ = enqueue_one(batch_id="b1")
    apply.events([delivery_event(sent_at=clock("08:00"), occurred_at=clock("08:01"))], clock("08:02"))
    deliver(*queued())
    assert shown(id_) == told_of(
        id_,
        credential="email:ada@example.org",
        batch_id="b1",
        status="blocked",
        reason="invalid_address",
        why="This email address does not exist.",
        alternatives=[
            {"channel": "sms", "credential": "phone:+12025550123"},
            {"channel": "voice", "credential": "phone:+12025550123"},
        ],
        times={"queued": NINE, "blocked": NINE},
    )
    assert counts("b1") == {"queued": 1, "blocked_invalid_address": 1}
    assert call(api, "GET", "/batches/sender:ses", MACHINE).status == 404


def test_whoever_has_left_the_roster_meanwhile_is_blocked_as_unknown(provider: Provider) -> None:
    id_ = enqueue_one()
    district.import_(*(one for one in district.ALL if one is not ADA), at=clock("08:30"))
    deliver(*queued())
    assert provider.took == []
    assert shown(id_) == told_of(  # nor is anything else of theirs open
        id_,
        status="blocked",
        reason="unknown_user",
        why="This person is no longer in the roster.",
        times={"queued": NINE, "blocked": NINE},
    )


@pytest.mark.parametrize(
    ("error", "status", "reason", "why", "word"),
    [
        (
            MessageRefused(Cause.ACCOUNT_OR_QUOTA, "Paused"),
            "rejected",
            "account_or_quota",
            "Our own mail account refused to send; the address is not at fault.",
            "refused",
        ),
        (SendUncertain("No answer."), "uncertain", None, None, "uncertain"),
        (
            RecipientRefused(Cause.INVALID_ADDRESS, Permanence.PERMANENT, "x"),
            "bounced",
            "invalid_address",
            "This email address does not exist.",
            "refused",
        ),
    ],
)
def test_what_was_not_taken_is_recorded_and_counted_as_that(
    provider: Provider, error: Exception, status: str, reason: str | None, why: str | None, word: str
) -> None:
    provider.fails(error)
    id_ = enqueue_one(batch_id="b1")
    [body] = queued()
    assert [deliver(body), deliver(body)] == [[], []]  # the second time it has ended, and counts no more
    assert shown(id_) == told_of(
        id_,
        credential="email:ada@example.org",
        batch_id="b1",
        status=status,
        reason=reason,
        why=why,
        provider="ses",
        alternatives=[
            {"channel": "sms", "credential": "phone:+12025550123"},
            {"channel": "voice", "credential": "phone:+12025550123"},
        ],
        times={"queued": NINE, "sending": NINE, status: NINE},
    )
    assert counts("b1") == {"queued": 1, word: 1}


def test_what_our_provider_refused_keeps_its_code(provider: Provider) -> None:
    provider.fails(MessageRefused(Cause.CONTENT_OR_SIZE, "MessageTooLong"))
    id_ = enqueue_one()
    deliver(*queued())
    [item] = [one for one in items() if one["item"].endswith(id_)]
    assert item["provider_code"] == "MessageTooLong"


def items() -> list[dict[str, Any]]:
    return [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="messages")["Items"]]


@pytest.mark.parametrize(
    ("wish", "has_one"),
    [
        (EMAIL, True),
        (EMAIL | {"purpose": "sign_in"}, False),
        (EMAIL | {"purpose": "emergency"}, False),
        (EMAIL | {"purpose": "invitation"}, False),
        (TEXT, False),
    ],
)
def test_what_goes_to_many_has_a_link_to_unsubscribe(
    provider: Provider, wish: dict[str, Any], *, has_one: bool
) -> None:
    post(wish | {"dedup_id": "d1"})
    deliver(*queued())
    [(outgoing, _)] = provider.took
    url = outgoing.unsubscribe_url
    assert (url is not None) is has_one
    assert url is None or url.startswith("https://reachable.example/unsubscribe/")


def test_the_newest_message_of_a_credential_is_told_whatever_became_of_it(
    provider: Provider, at_nine: Any
) -> None:
    """What never reached the provider is no message to it, but for what was blocked."""

    def last() -> Any:
        profile = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body
        [email] = [one for one in profile["credentials"] if one["kind"] == "email"]
        return email["last_message"] and (email["last_message"]["status"], email["last_message"]["at"])

    enqueue_one("1")
    assert last() is None
    deliver(*queued())
    assert last() == ("sent", "2026-09-14T09:00:00Z")
    at_nine.move_to(clock("09:10"))
    provider.fails(SendUncertain("No answer."))
    enqueue_one("2")
    deliver(*queued())
    assert last() == ("uncertain", "2026-09-14T09:10:00Z")
    at_nine.move_to(clock("09:20"))
    provider.fails(MessageRefused(Cause.CONTENT_OR_SIZE, "x"))
    enqueue_one("3")
    deliver(*queued())
    assert last() == ("rejected", "2026-09-14T09:20:00Z")
    at_nine.move_to(clock("09:30"))
    apply.events([delivery_event(occurred_at=clock("09:25"), sent_at=clock("09:24"))], clock("09:30"))
    enqueue_one("4")
    deliver(*queued())
    assert last() == ("blocked", "2026-09-14T09:30:00Z")


# What is counted


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Deliver, and give the metrics that were printed (CloudWatch's embedded metric format)."""
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    metrics.clear_metrics()

    def made(*bodies: str) -> dict[str, list[float]]:
        capsys.readouterr()
        deliver(*bodies)
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
        return {name: value for line in lines for name, value in line.items() if isinstance(value, list)}

    return made


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (None, "MessagesSent"),
        (PutOff("Throttling"), "MessagesPutOff"),
        (PutOff("AccessDenied", denied=True), "SendingDenied"),
        (SendUncertain("No answer."), "MessagesUncertain"),
        (MessageRefused(Cause.CONTENT_OR_SIZE, "x"), "MessagesRejected"),
        (RecipientRefused(Cause.INVALID_ADDRESS, Permanence.PERMANENT, "x"), "MessagesRejected"),
        (ZeroDivisionError(), "MessagesFailed"),
    ],
)
def test_each_message_counts_as_what_became_of_it(
    provider: Provider, counted: Callable[..., Any], error: Exception | None, name: str
) -> None:
    if error is not None:
        provider.fails(error)
    enqueue_one()
    assert counted(*queued()) == {name: [1.0]}


def test_what_was_not_given_to_the_provider_counts_as_why(
    provider: Provider, counted: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ended before counts no more."""
    monkeypatch.setattr(hold, "LIMITS", Limits(0.5, 2))
    groups.count("b1", "whole", {"sent": 2, "bounced_for_good": 2}, clock("08:00"))
    enqueue_one("1", batch_id="b1")
    bodies = queued()
    assert counted(*bodies) == {"BatchesHeld": [1.0], "MessagesHeld": [1.0]}
    assert counted(*bodies) == {"MessagesHeld": [1.0]}
    assert call(api, "POST", "/batches/b1/drop", MACHINE).status == 200
    assert counts("b1")["dropped"] == 1
    assert counted(*bodies) == {}
    enqueue_one("3", batch_id="b1")
    assert counted(*queued()) == {"MessagesDropped": [1.0]}
    call(api, "POST", "/messages/cancel", MACHINE, {"batch_id": "b9"})
    enqueue_one("4", batch_id="b9")
    assert counted(*queued()) == {"MessagesCancelled": [1.0]}
    apply.events([delivery_event(sent_at=clock("08:00"), occurred_at=clock("08:01"))], clock("08:02"))
    enqueue_one("2")
    assert counted(*queued()) == {"MessagesBlocked": [1.0]}


@pytest.mark.parametrize("error", [None, SendUncertain("No answer."), PutOff("Throttling")])
def test_what_passed_for_its_purpose_counts_where_it_was_sent(
    provider: Provider,
    counted: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception | None,
) -> None:
    monkeypatch.setattr("reachable.flows.check.EXEMPT_PURPOSES", frozenset({Purpose.EMERGENCY}))
    apply.events([delivery_event(sent_at=clock("08:00"), occurred_at=clock("08:01"))], clock("08:02"))
    if error is not None:
        provider.fails(error)
    enqueue_one("1", purpose="emergency")
    assert ("MessagesExempted" in counted(*queued())) is (error is None)


def test_a_bounce_that_came_before_the_send_call_returned_counts_in_its_batch(provider: Provider) -> None:
    """Once, and where it was sent."""

    def answer() -> Sent:
        bounced = delivery_event(
            address="ada@forward.example",
            provider_message_id="m1",
            sent_at=clock("09:00"),
            occurred_at=clock("09:00"),
        )
        assert apply.events([bounced], clock("09:00")).bounced == ()
        return Sent("ses", "m1", None)

    provider.answer = answer
    id_ = enqueue_one(batch_id="b1")
    [body] = queued()
    assert [deliver(body), deliver(body)] == [[], []]
    assert shown(id_)["status"] == "bounced"
    assert counts("b1") == {"queued": 1, "sent": 1, "bounced_for_good": 1}


# What a provider refuses at once


@pytest.mark.parametrize(
    ("channel", "refused", "kind", "permanence", "status", "register"),
    [
        (
            "email",
            (Cause.INVALID_ADDRESS, Permanence.PERMANENT),
            "bounced",
            "permanent",
            "bounced",
            "bounce@email",
        ),
        (
            "sms",
            (Cause.INVALID_ADDRESS, Permanence.UNDETERMINED),
            "failed",
            "undetermined",
            "failed",
            "bounce@phone",
        ),
        ("sms", (Cause.OPT_OUT, None), "opted_out", None, "failed", "opt_out@sms"),
    ],
)
def test_what_a_provider_refuses_at_once_stands_in_the_history_as_by_an_event(
    provider: Provider,
    channel: str,
    refused: tuple[Cause, Permanence | None],
    kind: str,
    permanence: str | None,
    status: str,
    register: str,
) -> None:
    provider.fails(RecipientRefused(refused[0], refused[1], "Code"))
    id_ = enqueue_one() if channel == "email" else enqueue_text(user_id=ADA.id)
    deliver(*queued())
    credential, by = (ADA_EMAIL, "ses") if channel == "email" else (PHONE, "aws_sms")
    hex_ = event_hex(by, f"{id_}:refused")
    assert history.of(credential) == [
        HistoryItem(
            hex=hex_,
            kind=HistoryKind(kind),
            provider=by,
            occurred_at=clock("09:00"),
            received_at=clock("09:00"),
            mark=mark(clock("09:00"), hex_),
            channel=Channel(channel),
            permanence=Permanence(permanence) if permanence else None,
            cause=refused[0],
            sent_at=clock("09:00"),
            event_id=f"{id_}:refused",
            provider_message_id=id_,
            provider_code="Code",
            metadata={"reachable_id": id_, "reachable_user": ADA.id},
            moves=register,
        )
    ]
    assert (shown(id_)["status"], shown(id_)["reason"]) == (status, refused[0].value)
    again = enqueue_one("2") if channel == "email" else enqueue_text("2", ADA.id)
    deliver(*queued())
    assert shown(again)["status"] == "blocked"


# What is put off, held, or another's


@pytest.mark.parametrize(
    ("purpose", "attempts", "asked", "least", "most"),
    [
        ("general", 0, None, 1, 5),
        ("general", 1, None, 1, 10),
        ("general", 39, None, 1, 120),
        ("general", 0, 600, 601, 605),
        ("emergency", 0, None, 1, 1),
        ("sign_in", 39, None, 1, 5),
    ],
)
def test_what_is_put_off_waits_a_time_of_its_own_on_its_own_queue(
    provider: Provider,
    delays: list[tuple[int, int]],
    purpose: str,
    attempts: int,
    asked: int | None,
    least: int,
    most: int,
) -> None:
    provider.fails(PutOff("Throttling", asked))
    id_ = enqueue_one(purpose=purpose)
    [body] = queued_on("outbound" if purpose == "general" else "outbound-urgent")
    delays.clear()
    assert deliver(outbound.written(replace(outbound.read(body), attempts=attempts))) == []
    [(counted, delay)] = delays
    assert (counted, least <= delay <= most) == (attempts + 1, True)
    assert shown(id_) == told_of(
        id_, credential="email:ada@example.org", provider="ses", purpose=purpose, times={"queued": NINE}
    )


def test_those_that_were_put_off_together_do_not_come_back_together(
    provider: Provider, delays: list[tuple[int, int]]
) -> None:
    provider.fails(PutOff("Throttling"))
    bodies = []
    for number in range(40):
        enqueue_one(str(number))
        bodies += [outbound.written(replace(outbound.read(body), attempts=9)) for body in queued()]
    delays.clear()
    assert deliver(*bodies) == []
    assert len({delay for _, delay in delays}) > 10


@pytest.mark.parametrize(
    ("purpose", "minutes"),
    [("sign_in", 15), ("emergency", 6 * 60), ("general", 72 * 60), ("invitation", 7 * 24 * 60)],
)
def test_what_is_too_old_is_dropped_however_often_it_was_put_off(
    provider: Provider, at_nine: Any, purpose: str, minutes: int
) -> None:
    provider.fails(PutOff("Throttling"))
    id_ = enqueue_one(purpose=purpose, batch_id="b1")
    [body] = queued()
    many = outbound.written(replace(outbound.read(body), attempts=5_000))
    at_nine.move_to(clock("09:00") + timedelta(minutes=minutes, seconds=-1))
    assert deliver(many) == []
    assert shown(id_)["status"] == "queued"
    at_nine.move_to(clock("09:00") + timedelta(minutes=minutes))
    assert deliver(many) == []
    assert (shown(id_)["status"], shown(id_)["reason"]) == ("dropped", "too_old")
    assert counts("b1") == {"queued": 1, "dropped": 1}
    assert len(provider.took) == 1


def test_a_sender_says_until_when_a_message_is_wanted(provider: Provider, at_nine: Any) -> None:
    short = enqueue_one("1", expires_at="2026-09-14T11:01:00+02:00")
    long = enqueue_one("2", purpose="sign_in", expires_at="2026-09-14T12:00:00Z")
    bodies = queued()
    at_nine.move_to(clock("09:01"))
    assert deliver(*bodies) == []
    assert (shown(short)["status"], shown(short)["reason"]) == ("dropped", "too_old")
    assert shown(long)["status"] == "sent"


def test_while_an_urgent_message_finds_no_room_others_go_back_unasked(
    provider: Provider, at_nine: Any, delays: list[tuple[int, int]]
) -> None:
    """At the same provider, and for ten seconds."""
    provider.fails(PutOff("Throttling"))
    enqueue_one("1", purpose="emergency")
    deliver(*queued())
    provider.answer = lambda: Sent("ses", "m1", None)
    general = enqueue_one("2")
    text = enqueue_text("3")
    bodies = queued()
    delays.clear()
    assert deliver(*bodies) == []
    assert (shown(general)["status"], shown(text)["status"]) == ("queued", "sent")
    [(attempts, delay)] = delays
    assert (attempts, 10 <= delay <= 20) == (0, True)
    urgent = enqueue_one("4", purpose="sign_in")
    deliver(*queued())
    assert shown(urgent)["status"] == "sent"
    at_nine.move_to(clock("09:00") + timedelta(seconds=11))
    assert deliver(*bodies) == []
    assert shown(general)["status"] == "sent"


@pytest.mark.parametrize(
    ("purpose", "held", "dropped"),
    [
        ("general", "held", "dropped"),
        ("invitation", "held", "dropped"),
        ("sign_in", "sent", "sent"),
        ("emergency", "sent", "sent"),
    ],
)
def test_no_hold_stops_what_is_urgent_nor_does_its_end(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, purpose: str, held: str, dropped: str
) -> None:
    monkeypatch.setattr(hold, "LIMITS", Limits(0.5, 2))
    groups.count("b1", "whole", {"sent": 2, "bounced_for_good": 2}, clock("08:00"))
    first = enqueue_one("1", batch_id="b1", purpose=purpose)
    deliver(*queued())
    assert shown(first)["status"] == held
    enqueue_one("2", batch_id="b1")  # what is not urgent holds the batch, if it is not held yet
    deliver(*queued())
    assert call(api, "POST", "/batches/b1/drop", MACHINE).status == 200
    second = enqueue_one("3", batch_id="b1", purpose=purpose)
    deliver(*queued())
    assert shown(second)["status"] == dropped


def test_a_message_without_a_record_waits_for_it_until_it_is_too_old(
    provider: Provider, at_nine: Any, delays: list[tuple[int, int]]
) -> None:
    enqueue_one()
    [body] = queued()
    other = replace(outbound.read(body), id=message_id(ADA.id, clock("09:00"), "other"))
    delays.clear()
    assert deliver(outbound.written(other)) == []
    [(attempts, delay)] = delays
    assert (attempts, 1 <= delay <= 5) == (1, True)
    at_nine.move_to(clock("09:00") + timedelta(hours=72))
    assert deliver(outbound.written(other)) == ["0"]
    assert provider.took == []


@pytest.mark.parametrize("purpose", ["general", "emergency"])
def test_a_table_that_does_not_answer_for_hours_ends_no_message(
    provider: Provider, at_nine: Any, purpose: str
) -> None:
    """It ends by its age, never by tries: each time it is another message of the queue."""
    id_ = enqueue_one(purpose=purpose)
    for minute in range(30):
        at_nine.move_to(clock("09:00") + timedelta(minutes=10 * minute))
        with cut_off(dynamodb.client(), "BatchGetItem", '"credentials"'):
            assert deliver(*waiting(purpose)) == []
    assert deliver(*waiting(purpose)) == []
    assert shown(id_)["status"] == "sent"


def waiting(purpose: str) -> list[str]:
    """What waits on the queue of this purpose, once its delay is over."""
    backends: Any = get_backend
    queue = "outbound" if purpose == "general" else "outbound-urgent"
    messages = backends("sqs")["123456789012"]["us-east-1"].queues[queue]._messages
    bodies = [message.body for message in messages]
    messages.clear()
    return bodies


@pytest.mark.parametrize(
    ("claimed_for", "told", "status", "last"),
    [
        (timedelta(minutes=2, seconds=59), "MessagesFailed", "sending", None),
        (timedelta(minutes=3), "MessagesUncertain", "uncertain", "uncertain"),
    ],
)
def test_a_claim_lasts_for_three_minutes(
    provider: Provider,
    counted: Callable[..., Any],
    at_nine: Any,
    claimed_for: timedelta,
    told: str,
    status: str,
    last: str | None,
) -> None:
    """Longer than the function may run; then nobody knows whether the message went out, and all say so."""
    id_ = enqueue_one()
    [body] = queued()
    sending.claim(id_, "ses", ADA_EMAIL, None, clock("09:00"))
    at_nine.move_to(clock("09:00") + claimed_for)
    assert counted(body) == {told: [1.0]}
    assert (shown(id_)["status"], provider.took) == (status, [])
    profile = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body
    [email] = [one for one in profile["credentials"] if one["kind"] == "email"]
    assert (email["last_message"] and email["last_message"]["status"]) == last


@pytest.mark.parametrize("body", ["no JSON", "[]", "{}", '{"channel": "email", "purpose": "lunch"}'])
def test_what_is_no_message_of_ours_is_said_to_be_none(body: str) -> None:
    """And not what is in it."""
    with pytest.raises(ParseError, match="no message to send") as told:
        outbound.read(body)
    assert "lunch" not in str(told.value)
