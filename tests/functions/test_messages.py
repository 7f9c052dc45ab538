"""Messages: enqueued once, sent at most once through the gate, and moved by what the provider says."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from functions.dispatch.app import handler as dispatch_handler
from functions.messages.app import handler
from functions.profiles.app import handler as profiles
from reachable import aws as reachable_aws
from reachable import senders
from reachable.flows import apply, dispatch, enqueue, send
from reachable.flows.send import DispatchOutcome
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import MessageRefused, PutOff, RecipientRefused, SendUncertain, Unavailable
from reachable.model.group import Hold, HoldState
from reachable.model.message import MessageStatus, Outgoing
from reachable.model.send import Purpose
from reachable.model.status import LOWEST_HEX, Lift, Lifting, mark
from reachable.queues import outbound
from reachable.rules.hold import GO, Permit, Ruling
from reachable.senders import Sent
from reachable.store import dynamodb
from reachable.store.credentials import history, registers
from reachable.store.messages import pages, record, sending
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import ADA, CONTEXT, DENNIS, FAR, MANAGER, TEACHER
from tests.functions.wire import cut_off, overheard

MACHINE = {"token_use": "access", "scope": "reachable/sends"}
QUEUES = ("outbound-urgent", "outbound")
EMAIL: dict[str, Any] = {"user_id": ADA.id, "channel": "email", "subject": "Snow day", "text": "No school."}
TEXT: dict[str, Any] = {"user_id": DENNIS.id, "channel": "sms", "text": "No school."}


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


class Provider:
    """Stands where a sender stands: what it took, and what it shall answer."""

    def __init__(self) -> None:
        self.took: list[tuple[Outgoing, Credential]] = []
        self.answer: Callable[[], Sent] = lambda: Sent("ses", f"provider-{len(self.took)}", None)

    def prepare(self, outgoing: Outgoing, credential: Credential) -> Callable[[], Sent]:
        def attempt() -> Sent:
            self.took.append((outgoing, credential))
            return self.answer()

        return attempt

    def fails(self, error: Exception) -> None:
        def answer() -> Sent:
            raise error

        self.answer = answer


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    made = Provider()
    monkeypatch.setattr(senders, "prepare", made.prepare)
    return made


def post(*wishes: dict[str, Any], claims: dict[str, Any] | None = None) -> Answer:
    return call(handler, "POST", "/messages", claims or MACHINE, {"messages": list(wishes)})


def enqueue_one(dedup_id: str = "d1", **wish: Any) -> str:
    [result] = post(EMAIL | {"dedup_id": dedup_id} | wish).body["results"]
    assert result["outcome"] == "queued"
    return str(result["id"])


def queued() -> list[str]:
    """What waits on the queues, taken off them."""
    return [body for queue in QUEUES for body in queued_on(queue)]


def queued_on(queue: str) -> list[str]:
    """What waits on one of them."""
    client, bodies = boto3.client("sqs"), []
    url = f"https://sqs.us-east-1.amazonaws.com/123456789012/{queue}"
    while found := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for one in found:
            bodies.append(one["Body"])
            client.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return bodies


def alarms() -> list[tuple[str, str]]:
    """What the topic ``alarms`` told."""
    told = [json.loads(body) for body in queued_on("alarms")]
    return [(one["Subject"], one["Message"]) for one in told]


def deliver(*bodies: str) -> list[str]:
    """Hand these to dispatch as one batch; which failed."""
    records = [
        {"messageId": str(n), "receiptHandle": "r", "body": body, "attributes": {}, "eventSource": "aws:sqs"}
        for n, body in enumerate(bodies)
    ]
    answer = dispatch_handler({"Records": records}, CONTEXT)
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def shown(id_: str) -> dict[str, Any]:
    body = call(handler, "GET", f"/messages/{id_}", MACHINE).body
    assert isinstance(body, dict)
    return body


def told_of(id_: str, **told: Any) -> dict[str, Any]:
    """What the API says of an email to Ada of which only that is known."""
    return {
        "id": id_,
        "user_id": ADA.id,
        "channel": "email",
        "credential": None,
        "label": None,
        "subject": "Snow day",
        "purpose": "general",
        "batch_id": None,
        "dedup_id": "d1",
        "status": "queued",
        "reason": None,
        "why": None,
        "provider": None,
        "segments": None,
        "label_adds_segment": False,
        "exempted": None,
        "alternatives": [],
    } | told


# Enqueue


def test_a_message_is_queued_with_its_words_and_recorded_without_them() -> None:
    id_ = enqueue_one(html="<p>No school.</p>", batch_id="b1")
    [body] = queued()
    told = outbound.read(body)
    assert (told.id, told.text, told.html) == (id_, "No school.", "<p>No school.</p>")
    kept = shown(id_)
    assert (kept["status"], kept["subject"], kept["batch_id"]) == ("queued", "Snow day", "b1")
    assert "No school" not in str(dynamodb.client().scan(TableName="messages")["Items"])


def test_a_dedup_id_sends_once() -> None:
    id_ = enqueue_one()
    again = post(EMAIL | {"dedup_id": "d1"}).body["results"]
    assert again == [{"dedup_id": "d1", "id": id_, "outcome": "duplicate", "reason": None}]
    assert len(queued()) == 1


def test_a_dedup_id_twice_in_one_call_sends_once() -> None:
    wish = EMAIL | {"dedup_id": "d1"}
    assert [one["outcome"] for one in post(wish, wish).body["results"]] == ["queued", "duplicate"]
    assert len(queued()) == 1


def test_a_dedup_id_with_other_content_is_refused() -> None:
    enqueue_one()
    [result] = post(EMAIL | {"dedup_id": "d1", "text": "School."}).body["results"]
    assert (result["outcome"], result["reason"]) == ("refused", "other_content")
    assert len(queued()) == 1


def test_a_call_that_ended_before_the_queue_is_made_good_by_its_repeat() -> None:
    with cut_off(reachable_aws.client("sqs"), "SendMessage"):
        assert post(EMAIL | {"dedup_id": "d1"}).status == 503
    assert queued() == []
    enqueue_one()
    assert len(queued()) == 1


def test_a_call_that_is_repeated_while_it_is_still_at_work_sends_once(provider: Provider) -> None:
    """The client timed out and asks again; dispatch works on the repeat before the first call goes on."""
    repeated: list[str] = []
    events = dynamodb.client().meta.events

    def meanwhile(params: dict[str, Any], **_: Any) -> None:
        """Before the record of the first call is written."""
        if "at_queued" in str(params["body"]) and not repeated:
            repeated.append("begun")
            repeated[0] = post(EMAIL | {"dedup_id": "d1"}).body["results"][0]["outcome"]
            deliver(*queued())

    events.register_first("before-call.dynamodb.PutItem", meanwhile)
    [first] = post(EMAIL | {"dedup_id": "d1"}).body["results"]
    events.unregister("before-call.dynamodb.PutItem", meanwhile)
    assert (repeated, first["outcome"]) == (["queued"], "queued")
    deliver(*queued())
    assert len(provider.took) == 1
    assert shown(first["id"])["status"] == "sent"


def test_an_address_that_no_mail_can_be_written_to_fails_alone_and_is_never_claimed() -> None:
    """The roster takes it, Python's mail library does not."""
    eve = district.user("eve", "Eve Ill", email="=?x?q?a?=@example.org")
    district.import_(*district.ALL, eve)
    boto3.client("ses").verify_email_identity(EmailAddress="office@lincoln.example")
    good, bad = enqueue_one("good"), enqueue_one("bad", user_id=eve.id)
    assert deliver(*queued()) == []
    assert shown(good)["status"] == "sent"
    refused = shown(bad)
    assert (refused["status"], refused["reason"]) == ("rejected", "content_or_size")
    assert "sending" not in refused["times"]


def test_what_no_code_of_ours_foresaw_concerns_one_message(provider: Provider) -> None:
    """An exception of any kind: the message comes again, its neighbours are sent."""
    first, second = enqueue_one("1"), enqueue_one("2")
    real = provider.prepare

    def prepare(outgoing: Outgoing, credential: Credential) -> Callable[[], Sent]:
        if outgoing.dedup_id == "1":
            raise ZeroDivisionError
        return real(outgoing, credential)

    bodies = queued()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(senders, "prepare", prepare)
        assert deliver(*bodies) == ["0"]
    assert (shown(first)["status"], shown(second)["status"]) == ("queued", "sent")
    assert deliver(*bodies) == []
    assert shown(first)["status"] == "sent"


def test_what_passed_for_its_purpose_is_counted(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("reachable.flows.check.EXEMPT_PURPOSES", frozenset({Purpose.EMERGENCY}))
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    apply.events([delivery_event()], clock("10:00"))
    id_ = enqueue_one(purpose="emergency")
    bodies = queued()
    capsys.readouterr()
    deliver(*bodies)
    assert (shown(id_)["status"], shown(id_)["exempted"]) == ("sent", "invalid_address")
    [told] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "MessagesExempted" in line]
    assert told["MessagesExempted"] == [1.0]


def test_who_is_unknown_or_has_no_such_channel_is_refused_alone() -> None:
    results = post(
        EMAIL | {"user_id": "nobody", "dedup_id": "a"},
        EMAIL | {"user_id": DENNIS.id, "dedup_id": "b"},
        EMAIL | {"dedup_id": "c", "html": "\u00e9" * 300_000},
        {**TEXT, "user_id": None, "sourced_id": "dennis", "dedup_id": "d"},
    ).body["results"]
    assert [(one["outcome"], one["reason"]) for one in results] == [
        ("refused", "unknown_user"),
        ("refused", "no_such_channel"),
        ("refused", "too_large"),
        ("queued", None),
    ]


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"subject": None}, "no_subject"),
        ({"subject": "  "}, "no_subject"),
        ({"subject": "Snow\r\nBcc: eve@example.org"}, "invalid_subject"),
        ({"subject": "x" * 301}, "invalid_subject"),
        ({"text": ""}, "no_text"),
        ({"text": " \n"}, "no_text"),
        ({"text": None}, "no_text"),
        ({"text": "x" * 100_001}, "too_long"),
        ({"html": "x" * 500_001}, "too_long"),
        ({"text": "a\x00b"}, "invalid_characters"),
        ({"channel": "sms"}, "only_for_email"),
        ({"channel": "sms", "subject": None, "html": "x"}, "only_for_email"),
        ({"channel": "sms", "subject": None, "text": "x" * 1501}, "too_long"),
        ({"sourced_id": "ada"}, "invalid_recipient"),
        ({"user_id": None}, "invalid_recipient"),
        ({"batch_id": "domain:x"}, "invalid_batch_id"),
        ({"batch_id": "a/b"}, "invalid_batch_id"),
        ({"batch_id": ".."}, "invalid_batch_id"),
        ({"batch_id": ""}, "invalid_batch_id"),
        ({"batch_id": "x" * 101}, "invalid_batch_id"),
        ({"batch_id": "b 1"}, "invalid_batch_id"),
    ],
)
def test_a_message_that_cannot_be_sent_as_it_is_is_refused_alone(wish: dict[str, Any], reason: str) -> None:
    answer = post(EMAIL | {"dedup_id": "ok"}, EMAIL | {"dedup_id": "bad"} | wish)
    assert answer.status == 202
    assert answer.body["results"][0]["outcome"] == "queued"
    assert answer.body["results"][1] == {
        "dedup_id": "bad",
        "id": None,
        "outcome": "refused",
        "reason": reason,
    }
    assert len(queued()) == 1


@pytest.mark.parametrize(
    "wish",
    [{"dedup_id": ""}, {"channel": "fax"}, {"purpose": "marketing"}, {"colour": "blue"}, {"text": ["x"]}],
)
def test_a_wish_without_shape_queues_nothing_of_the_call(wish: dict[str, Any]) -> None:
    answer = post(EMAIL | {"dedup_id": "ok"}, EMAIL | {"dedup_id": "bad"} | wish)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert queued() == []


def test_a_body_over_4_mb_is_413() -> None:
    answer = post(EMAIL | {"dedup_id": "a", "text": "x" * (4 * 1024 * 1024)})
    assert (answer.status, answer.headers["content-type"]) == (413, "application/problem+json")
    assert queued() == []


@pytest.mark.parametrize("batch_id", ["2026-11.snow_day~a", "x" * 100, "-", "...a"])
def test_every_batch_id_that_is_taken_stands_in_a_path(batch_id: str) -> None:
    enqueue_one(batch_id=batch_id)
    assert call(handler, "GET", f"/batches/{batch_id}", MACHINE).body["id"] == batch_id


@pytest.mark.parametrize("claims", [district.manager(), {"token_use": "access", "scope": "openid"}])
def test_only_a_sending_system_sends(claims: dict[str, Any]) -> None:
    assert post(EMAIL | {"dedup_id": "d1"}, claims=claims).status == 403


def test_a_communications_administrator_sees_what_became_of_messages() -> None:
    id_ = enqueue_one()
    for claims, status in (
        (district.claims(MANAGER, "communications_administrator"), 200),
        (district.claims(MANAGER, "user_manager"), 403),
        (district.claims(TEACHER, "teacher"), 403),
    ):
        assert call(handler, "GET", f"/messages/{id_}", claims).status == status
        assert call(handler, "POST", "/messages/search", claims, {"status": "uncertain"}).status == status


@pytest.mark.parametrize("id_", ["x", f"{ADA.id}_20260914T080000000_0123456789ab", "é"])
def test_an_unknown_message_is_404(id_: str) -> None:
    assert call(handler, "GET", f"/messages/{id_}", MACHINE).status == 404


# Dispatch


def test_a_message_is_sent_to_the_credential_of_the_moment(provider: Provider) -> None:
    id_ = enqueue_one()
    assert deliver(*queued()) == []
    [(outgoing, credential)] = provider.took
    assert (outgoing.text, str(credential)) == ("No school.", "email:ada@example.org")
    sent = shown(id_)
    assert (sent["status"], sent["credential"], sent["provider"]) == ("sent", "email:ada@example.org", "ses")
    assert list(sent["times"]) == ["queued", "sending", "sent"]


def test_a_text_to_a_shared_phone_has_its_label(provider: Provider) -> None:
    id_ = enqueue_one(**TEXT, subject=None)
    deliver(*queued())
    [(outgoing, _)] = provider.took
    assert outgoing.label == shown(id_)["label"] == "For Dennis: "


@pytest.mark.parametrize(("text", "adds"), [("x" * 155, True), ("x" * 20, False)])
def test_a_label_that_takes_a_segment_more_is_told_and_nothing_is_cut(
    provider: Provider, text: str, *, adds: bool
) -> None:
    id_ = enqueue_one(**TEXT | {"text": text}, subject=None)
    deliver(*queued())
    [(outgoing, _)] = provider.took
    assert outgoing.text == text
    assert shown(id_)["label_adds_segment"] is adds


def test_what_bounced_between_enqueue_and_send_is_blocked_and_names_another_way(provider: Provider) -> None:
    id_ = enqueue_one()
    apply.events([delivery_event()], clock("10:00"))
    assert deliver(*queued()) == []
    assert provider.took == []
    blocked = shown(id_)
    assert (blocked["status"], blocked["reason"]) == ("blocked", "invalid_address")
    assert blocked["why"] == "This email address does not exist."
    spanish = call(handler, "GET", f"/messages/{id_}", MACHINE, headers={"accept-language": "es"}).body
    assert spanish["why"] == "Esta dirección de correo no existe."
    assert blocked["alternatives"] == [
        {"channel": "sms", "credential": "phone:+12025550123"},
        {"channel": "voice", "credential": "phone:+12025550123"},
    ]


def test_a_message_that_the_queue_brings_twice_is_sent_once(provider: Provider) -> None:
    enqueue_one()
    [body] = queued()
    # One after the other: moto's conditions are not atomic. Side by side they are tried on the stack.
    assert [deliver(body), deliver(body)] == [[], []]
    assert len(provider.took) == 1


def test_a_message_that_was_blocked_is_not_sent_once_the_address_is_open_again(provider: Provider) -> None:
    """Its end has been told: who sends it now, sends it anew."""
    id_ = enqueue_one()
    [body] = queued()
    bounced = delivery_event()
    apply.events([bounced], clock("10:00"))
    deliver(body)
    email = Credential.of_key("email:ada@example.org")
    registers.move(email, Lifting(Lift.STAFF, mark(clock("11:00"), LOWEST_HEX)))
    assert deliver(body) == []
    assert (provider.took, shown(id_)["status"]) == ([], "blocked")


def test_a_message_that_was_dropped_is_not_sent_by_a_repeat(provider: Provider) -> None:
    id_ = enqueue_one()
    [body] = queued()
    outgoing = outbound.read(body)
    [verdict] = dispatch.ask([outgoing])
    dropped = send.message(outgoing, verdict, Ruling(Permit.DROP), outgoing.queued_at)
    assert dropped is DispatchOutcome.DROPPED
    assert deliver(body) == []
    assert (provider.took, shown(id_)["status"]) == ([], "dropped")


def test_a_worker_that_died_leaves_a_message_uncertain_and_never_sent_again(provider: Provider) -> None:
    id_ = enqueue_one()
    [body] = queued()
    sending.claim(id_, "ses", Credential.of_key("email:ada@example.org"), None, clock("08:00"))
    assert deliver(body) == []
    assert provider.took == []
    assert shown(id_)["status"] == "uncertain"
    found = call(handler, "POST", "/messages/search", MACHINE, {"status": "uncertain"}).body
    assert [one["id"] for one in found["items"]] == [id_]


def test_a_message_whose_worker_died_is_uncertain_also_where_it_would_be_blocked_now(
    provider: Provider,
) -> None:
    id_ = enqueue_one()
    [body] = queued()
    sending.claim(id_, "ses", Credential.of_key("email:ada@example.org"), None, clock("08:00"))
    apply.events([delivery_event()], clock("10:00"))
    assert deliver(body) == []
    assert shown(id_)["status"] == "uncertain"
    found = call(handler, "POST", "/messages/search", MACHINE, {"status": "uncertain"}).body
    assert [one["id"] for one in found["items"]] == [id_]


@pytest.mark.parametrize("permit", [Permit.PARK, Permit.DROP, Permit.CANCEL])
def test_what_is_held_or_dropped_later_changes_nothing_of_what_was_sent(
    provider: Provider, permit: Permit
) -> None:
    id_ = enqueue_one()
    [body] = queued()
    deliver(body)
    before = shown(id_)
    outgoing = outbound.read(body)
    ruling = Ruling(permit, "b1", Hold(id="h", state=HoldState.HELD, at=outgoing.queued_at))
    [verdict] = dispatch.ask([outgoing])
    assert send.message(outgoing, verdict, ruling, outgoing.queued_at) is DispatchOutcome.ENDED
    assert (shown(id_), queued()) == (before, [])


def test_a_claim_of_just_now_is_another_worker_s(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = enqueue_one()
    [body] = queued()
    outgoing = outbound.read(body)
    now = outgoing.queued_at
    [verdict] = dispatch.ask([outgoing])
    sending.claim(id_, "ses", Credential.of_key("email:ada@example.org"), None, now)
    with pytest.raises(Unavailable):
        send.message(outgoing, verdict, GO, now + timedelta(seconds=30))
    assert provider.took == []


def test_an_answer_that_never_came_is_uncertain(provider: Provider) -> None:
    id_ = enqueue_one()
    provider.fails(SendUncertain("No answer."))
    [body] = queued()
    assert deliver(body) == []
    assert shown(id_)["status"] == "uncertain"
    provider.answer = lambda: Sent("ses", "1", None)
    assert deliver(body) == []
    assert len(provider.took) == 1


def test_what_is_uncertain_is_told_by_a_later_event_and_leaves_the_list(provider: Provider) -> None:
    id_ = enqueue_one()
    provider.fails(SendUncertain("No answer."))
    deliver(*queued())
    event = delivery_event(kind=Kind.DELIVERED, permanence=None, cause=None, metadata={"reachable_id": id_})
    apply.events([event], clock("10:00"))
    assert shown(id_)["status"] == "delivered"
    found = call(handler, "POST", "/messages/search", MACHINE, {"status": "uncertain"}).body
    assert found["items"] == []


def test_a_throttled_message_goes_back_with_a_delay_and_a_count(provider: Provider) -> None:
    id_ = recorded()
    outgoing = replace(_outgoing(id_), attempts=3, expires_at=datetime.now(UTC) + timedelta(hours=1))
    provider.fails(PutOff("throttled"))
    with overheard(reachable_aws.client("sqs"), "SendMessage") as put_back:
        assert deliver(outbound.written(outgoing)) == []
    [one] = put_back
    assert (outbound.read(one["MessageBody"]).attempts, 1 <= one["DelaySeconds"] <= 900) == (4, True)
    assert shown(id_)["status"] == "queued"
    provider.answer = lambda: Sent("ses", "1", None)
    assert deliver(outbound.written(replace(outgoing, attempts=4))) == []
    assert shown(id_)["status"] == "sent"


def recorded() -> str:
    """A record alone: its queue message is made by hand."""
    outgoing = _outgoing(f"{ADA.id}_20260914T080000000_0123456789ab")
    record.put(enqueue._record(outgoing, clock("08:00")))
    return outgoing.id


def _outgoing(id_: str) -> Outgoing:
    return Outgoing(
        id=id_,
        user_id=ADA.id,
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        queued_at=clock("08:00"),
        text="No school.",
        subject="Snow day",
    )


def test_a_recipient_that_the_provider_itself_refuses_goes_bad_as_by_an_event(provider: Provider) -> None:
    id_ = enqueue_one()
    provider.fails(RecipientRefused(Cause.INVALID_ADDRESS, Permanence.PERMANENT, "InvalidRecipient"))
    assert deliver(*queued()) == []
    refused = shown(id_)
    assert (refused["status"], refused["reason"]) == ("bounced", "invalid_address")
    email = Credential.of_key("email:ada@example.org")
    assert [item.provider_code for item in history.of(email)] == ["InvalidRecipient"]
    assert not dispatch.ask([_outgoing(id_)])[0].send


def test_a_message_that_is_our_own_fault_blames_nobody(provider: Provider) -> None:
    id_ = enqueue_one()
    provider.fails(MessageRefused(Cause.ACCOUNT_OR_QUOTA, "AccountSendingPaused"))
    assert deliver(*queued()) == []
    assert (shown(id_)["status"], shown(id_)["reason"]) == ("rejected", "account_or_quota")
    assert history.of(Credential.of_key("email:ada@example.org")) == []


def test_a_poisoned_message_fails_alone(provider: Provider) -> None:
    enqueue_one()
    assert deliver("{", *queued(), "[]", '{"id": "x"}') == ["0", "2", "3"]
    assert len(provider.took) == 1


def test_nothing_is_sent_where_the_gate_cannot_be_asked(provider: Provider) -> None:
    id_ = enqueue_one()
    bodies = queued()
    with cut_off(dynamodb.client(), "BatchGetItem", '"credentials"'):
        assert deliver(*bodies) == []  # it is back on its queue
    assert (provider.took, shown(id_)["status"]) == ([], "queued")
    assert deliver(*bodies) == []
    assert shown(id_)["status"] == "sent"


def test_no_word_of_a_message_is_logged(provider: Provider, capsys: pytest.CaptureFixture[str]) -> None:
    enqueue_one()
    provider.fails(MessageRefused(Cause.CONTENT_OR_SIZE, "x"))
    deliver(*queued(), "{")
    logged = capsys.readouterr().out
    assert not any(word in logged for word in ("No school", "Snow", "ada@", "Ada", "+1202"))


# What providers say


def event(kind: Kind, at: str, **changes: Any) -> DeliveryEvent:
    told: dict[str, Any] = {"permanence": None, "cause": None, "event_id": f"{kind} {at}"}
    return delivery_event(
        kind=kind, occurred_at=clock(at), provider_message_id="<provider-1@eu>", **told | changes
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_events_move_a_message_in_whatever_order_they_come(
    provider: Provider, order: tuple[int, ...]
) -> None:
    id_ = enqueue_one()
    deliver(*queued())
    told = [
        event(Kind.DELAYED, "09:02"),
        event(Kind.DELIVERED, "09:05"),
        event(Kind.BOUNCED, "09:09", cause=Cause.MAILBOX_FULL, permanence=Permanence.TRANSIENT),
    ]
    for place in order:
        apply.events([told[place]], clock("11:00"))
    moved = shown(id_)
    assert (moved["status"], moved["reason"]) == ("bounced", "mailbox_full")
    assert moved["times"]["delivered"] == "2026-09-14T09:05:00Z"
    assert {"delayed", "delivered", "bounced", "sent"} <= set(moved["times"])


def test_an_event_that_comes_before_our_own_record_counts(provider: Provider) -> None:
    id_ = enqueue_one()

    def answer() -> Sent:
        apply.events([event(Kind.DELIVERED, "09:05")], clock("09:06"))
        return Sent("ses", "provider-1", None)

    provider.answer = answer
    deliver(*queued())
    assert shown(id_)["status"] == "delivered"


def test_a_bounce_from_where_it_was_forwarded_to_blames_whom_we_sent_to(provider: Provider) -> None:
    enqueue_one()
    deliver(*queued())
    bounced = event(
        Kind.BOUNCED,
        "09:09",
        cause=Cause.INVALID_ADDRESS,
        permanence=Permanence.PERMANENT,
        address="ada@forward.example",
    )
    apply.events([bounced], clock("11:00"))
    [sent_to] = history.of(Credential.of_key("email:ada@example.org"))
    assert sent_to.kind.value == "bounced"
    assert history.of(Credential.of_key("email:ada@forward.example")) == []


def test_another_system_s_message_shows_in_the_history_of_whom_it_went_to() -> None:
    apply.events([event(Kind.DELIVERED, "09:05")], clock("11:00"))  # before the other's word that it was sent
    apply.events([event(Kind.SENT, "09:00")], clock("11:00"))
    apply.events([event(Kind.SENT, "09:00")], clock("11:00"))
    [found] = pages.of_user(ADA.id, 10)
    assert (found.status, found.provider, str(found.credential)) == (
        MessageStatus.DELIVERED,
        "ses",
        "email:ada@example.org",
    )


SHARED = {"channel": Channel.SMS, "address": "+12025550123"}


def test_another_system_s_message_to_a_shared_phone_is_of_the_holder_whom_its_tag_names() -> None:
    told = event(Kind.SENT, "09:00", metadata={"reachable_user": DENNIS.id}, **SHARED)
    apply.events([told], clock("11:00"))
    assert [len(pages.of_user(user.id, 10)) for user in (DENNIS, ADA)] == [1, 0]
    assert last_message(ADA, "phone") is None


@pytest.mark.parametrize("tag", [{}, {"reachable_user": FAR.id}, {"reachable_user": "x"}])
def test_another_system_s_message_to_a_shared_phone_belongs_to_the_phone(tag: dict[str, str]) -> None:
    """Each holder's page shows it; a tag makes it nobody's who does not hold the phone."""
    apply.events([event(Kind.SENT, "09:00", metadata=tag, **SHARED)], clock("11:00"))
    apply.events([event(Kind.DELIVERED, "09:01", **SHARED)], clock("11:00"))
    assert [pages.of_user(user.id, 10) for user in (DENNIS, ADA, FAR)] == [[], [], []]
    for user in (DENNIS, ADA):
        [shown_] = call(profiles, "GET", f"/users/{user.id}/messages", district.manager()).body["items"]
        assert (shown_["status"], shown_["channel"]) == ("delivered", "sms")
        assert last_message(user, "phone") == {
            "channel": "sms",
            "status": "delivered",
            "at": "2026-09-14T09:01:00Z",
        }


def last_message(user: Any, kind: str) -> Any:
    profile = call(profiles, "GET", f"/users/{user.id}", district.manager()).body
    [found] = [one["last_message"] for one in profile["credentials"] if one["kind"] == kind]
    return found


def test_a_tag_that_is_no_id_of_ours_harms_nothing() -> None:
    for tag in ("x", "é", f"{ADA.id}_20269914T080000000_0123456789ab", ""):
        told = event(Kind.SENT, "09:00", metadata={"reachable_id": tag, "reachable_user": tag})
        apply.events([told], clock("11:00"))


class Crash(BaseException):
    """The worker is gone: nothing after it runs, no handler sees it."""


@pytest.mark.parametrize("at_call", range(12))
def test_a_crash_anywhere_sends_at_most_once_and_tells_the_truth(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, at_call: int
) -> None:
    """Whichever call is a worker's last: the queue brings the message again, later than any claim lasts."""
    id_ = enqueue_one()
    [body] = queued()
    outgoing = outbound.read(body)
    now = outgoing.queued_at
    calls = 0

    def crash(model: Any, **_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls > at_call:
            raise Crash

    def answer() -> Sent:
        crash(None)
        return Sent("ses", "1", None)

    provider.answer = answer
    events = dynamodb.client().meta.events
    events.register("before-call.dynamodb", crash, unique_id="crash")
    try:
        send.message(outgoing, dispatch.ask([outgoing])[0], GO, now)
        crashed = False
    except Crash:
        crashed = True
    events.unregister("before-call.dynamodb", crash, unique_id="crash")
    provider.answer = lambda: Sent("ses", "1", None)
    send.message(outgoing, dispatch.ask([outgoing])[0], GO, now + timedelta(hours=1))
    status = shown(id_)["status"]
    assert (status, len(provider.took)) in (("sent", 1), ("uncertain", 0), ("uncertain", 1))
    assert crashed or status == "sent"
