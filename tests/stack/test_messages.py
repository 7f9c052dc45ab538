"""Messages on the deployed stack: enqueued over the API, sent by SES and SNS, stopped by the gate."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

import jwt
import pytest

from reachable.model.delivery_event import Channel
from reachable.model.message import Outgoing
from reachable.model.send import Purpose
from tests.stack.people import Person
from tools import webhook_posts
from tools.stack import Stack

ENDED = {"sent", "delivered", "bounced", "blocked", "rejected", "uncertain", "failed", "complained"}


@pytest.fixture(scope="module")
def guardian(stack: Stack) -> Person:
    return Person(stack, stack.users["guardian"].user_id)


@pytest.fixture(autouse=True)
def _good(stack: Stack, guardian: Person) -> None:
    """Whatever a test left behind."""
    consent = {"from": "A test", "how": "by itself"}
    stack.api("POST", f"/users/{guardian.user_id}/reset", {"consent": consent}, guardian.staff)


def send(stack: Stack, **wish: Any) -> str:
    told = {"dedup_id": uuid4().hex, "text": "No school tomorrow."} | wish
    answer = stack.api("POST", "/messages", {"messages": [told]}, stack.token("sends"))
    assert answer.status == 202, answer.body
    [result] = answer.body["results"]
    assert result["outcome"] == "queued", result
    return str(result["id"])


def ended(stack: Stack, id_: str, *statuses: str) -> dict[str, Any]:
    """The message, once it has come to one of these."""

    def told() -> dict[str, Any] | None:
        shown: dict[str, Any] = stack.api("GET", f"/messages/{id_}", token=stack.token("sends")).body
        return shown if shown["status"] in (statuses or ENDED) else None

    return stack.wait_until(told, "the message to end")


def mails(stack: Stack) -> str:
    return str(stack.call("GET", f"{stack.endpoint_url}/_ministack/ses/messages", None, {}).body)


def texts(stack: Stack) -> str:
    return str(stack.call("GET", f"{stack.endpoint_url}/_ministack/sns/sms-messages", None, {}).body)


def test_an_email_goes_out_and_its_delivery_is_shown(stack: Stack, guardian: Person) -> None:
    subject = f"Snow day {uuid4().hex}"
    id_ = send(stack, user_id=guardian.user_id, channel="email", subject=subject, html="<p>No school.</p>")
    told = ended(stack, id_, "delivered")
    assert (told["provider"], told["credential"]) == ("ses", f"email:{guardian.address('email')}")
    assert subject in mails(stack)

    def is_last() -> bool:
        last = guardian.credential("email")["last_message"]
        return (last["status"], last["channel"]) == ("delivered", "email")

    stack.wait_until(is_last, "the credential's last message")
    listed = stack.api("GET", f"/users/{guardian.user_id}/messages?limit=1", token=guardian.staff).body
    assert [one["id"] for one in listed["items"]] == [id_]


def test_a_text_to_a_shared_phone_starts_with_whom_it_is_for(stack: Stack) -> None:
    words = uuid4().hex
    id_ = send(stack, user_id=stack.users["shared_guardian"].user_id, channel="sms", text=words)
    told = ended(stack, id_)
    assert (told["status"], told["provider"], told["segments"]) == ("sent", "aws_sns_sms", 1)
    assert f"{told['label']}{words}" in texts(stack)


def test_what_bounced_between_enqueue_and_send_is_stopped(stack: Stack, guardian: Person) -> None:
    """The queues' workers are held back meanwhile."""
    sources = stack.aws.functions.list_event_source_mappings(FunctionName=stack.functions["dispatch"])[
        "EventSourceMappings"
    ]
    for source in sources:
        stack.aws.functions.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    try:
        words = uuid4().hex
        id_ = send(stack, user_id=guardian.user_id, channel="sms", text=words)
        number = guardian.address("phone")
        fields = {"MessageStatus": "undelivered", "ErrorCode": "30005", "To": number}
        assert webhook_posts.twilio(stack, fields).status == 200
        stack.wait_until(lambda: guardian.when_bad("phone"), "the phone to go bad")
    finally:
        for source in sources:
            stack.aws.functions.update_event_source_mapping(UUID=source["UUID"], Enabled=True)
    told = ended(stack, id_)
    assert (told["status"], told["reason"]) == ("blocked", "invalid_address")
    assert {one["channel"] for one in told["alternatives"]} == {"email"}
    assert words not in texts(stack)


def test_a_bounce_of_our_own_mail_moves_the_message_and_the_next_is_stopped(stack: Stack) -> None:
    staff = stack.token("user_manager")
    found = stack.api("POST", "/users/search", {"q": "bounce@simulator.amazonses.com"}, staff).body["items"]
    user_id = found[0]["id"]
    stack.api("POST", f"/users/{user_id}/reset", {}, staff)
    someone = Person(stack, user_id)
    batch_id = uuid4().hex
    first = send(stack, user_id=user_id, channel="email", subject="Hello", batch_id=batch_id)
    bounced = ended(stack, first, "bounced")
    assert bounced["reason"] == "invalid_address"

    def counted() -> bool:
        shown = stack.api("GET", f"/batches/{batch_id}", token=stack.token("sends")).body
        return bool(shown["counts"].get("bounced_for_good") == 1)

    stack.wait_until(counted, "the bounce to be counted")
    stack.wait_until(lambda: someone.when_bad("email"), "the status, which moves after the message")
    stopped = ended(stack, send(stack, user_id=user_id, channel="email", subject="Hello"))
    assert stopped["status"] == "blocked"
    stack.api("POST", f"/users/{user_id}/reset", {}, staff)
    again = ended(stack, send(stack, user_id=user_id, channel="email", subject="Hello"), "bounced")
    assert again["status"] == "bounced"
    stack.wait_until(lambda: someone.when_bad("email"), "the status")
    stack.api("POST", f"/users/{user_id}/reset", {}, staff)


def test_a_dedup_id_sends_once(stack: Stack, guardian: Person) -> None:
    wish = {"user_id": guardian.user_id, "channel": "sms", "text": uuid4().hex, "dedup_id": uuid4().hex}
    machine = stack.token("sends")
    first = stack.api("POST", "/messages", {"messages": [wish, wish]}, machine).body["results"]
    again = stack.api("POST", "/messages", {"messages": [wish]}, machine).body["results"]
    assert [one["outcome"] for one in first + again] == ["queued", "duplicate", "duplicate"]
    ended(stack, first[0]["id"])
    assert texts(stack).count(wish["text"]) == 1


def test_a_poisoned_message_ends_as_a_dead_letter(stack: Stack) -> None:
    sqs, queue = stack.aws.sqs, stack.queues["outbound"]
    kept = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    poison = json.dumps({"poison": uuid4().hex})
    try:
        sqs.send_message(QueueUrl=queue, MessageBody=poison)

        def dead() -> bool:
            found = sqs.receive_message(
                QueueUrl=stack.queues["outbound-dead-letters"], MaxNumberOfMessages=10, VisibilityTimeout=0
            )
            return poison in [one["Body"] for one in found.get("Messages", [])]

        stack.wait_until(dead, "the dead letter")
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=dict(kept))


def test_500_messages_are_queued_in_one_call(stack: Stack, guardian: Person) -> None:
    wish = {"user_id": guardian.user_id, "channel": "sms", "text": "x"}
    wishes = [wish | {"user_id": "nobody", "dedup_id": f"{uuid4().hex}"} for _ in range(480)]
    wishes += [wish | {"dedup_id": uuid4().hex} for _ in range(20)]
    answer = stack.api("POST", "/messages", {"messages": wishes}, stack.token("sends"))
    assert [one["outcome"] for one in answer.body["results"]] == ["refused"] * 480 + ["queued"] * 20
    too_many = stack.api("POST", "/messages", {"messages": [*wishes, wishes[0]]}, stack.token("sends"))
    assert too_many.status == 400


def _signing_key(stack: Stack) -> str:
    """The emulator shows no header of a mail, so the link is signed here as it is there."""
    function = stack.aws.functions.get_function_configuration(FunctionName=stack.functions["unsubscribe"])
    arn = function["Environment"]["Variables"]["UNSUBSCRIBE_SECRET_ARN"]
    return stack.aws.secretsmanager.get_secret_value(SecretId=arn)["SecretString"]


def test_who_unsubscribes_by_the_link_of_a_mail_gets_no_more_mail(stack: Stack) -> None:
    staff = stack.token("user_manager")
    someone = Person(stack, stack.users["pending_guardian"].user_id)
    id_ = send(stack, user_id=someone.user_id, channel="email", subject="News")
    ended(stack, id_, "delivered", "sent")
    token = jwt.encode({"sub": id_, "aud": "unsubscribe"}, _signing_key(stack), "HS256")
    url = f"{stack.api_url}/unsubscribe/{token}"
    assert stack.call("GET", url, None, {}).status == 200
    assert someone.check("email")["send"] is True
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert stack.call("POST", url, b"List-Unsubscribe=One-Click", form).status == 200
    assert (someone.check("email")["send"], someone.check("email")["reason"]) == (False, "opt_out")
    assert stack.call("POST", f"{url[:-3]}xxx", b"", form).status == 404
    consent = {"consent": {"from": "A test", "how": "by itself"}}
    stack.api("POST", f"/users/{someone.user_id}/reset", consent, staff)
    assert someone.check("email")["send"] is True


def test_a_batch_says_what_became_of_its_messages(stack: Stack, guardian: Person) -> None:
    batch_id, machine = uuid4().hex, stack.token("sends")
    for _ in range(2):
        ended(stack, send(stack, user_id=guardian.user_id, channel="sms", batch_id=batch_id))

    def counted() -> bool:
        told = stack.api("GET", f"/batches/{batch_id}", token=machine).body
        return (told["state"], told["counts"]) == ("running", {"queued": 2, "sent": 2})

    stack.wait_until(counted, "both to be counted")
    assert stack.api("POST", f"/batches/{batch_id}/resume", token=machine).status == 409
    assert stack.api("GET", "/batches/nobody", token=machine).status == 404
    communications = stack.token("communications_administrator")
    assert stack.api("GET", f"/batches/{batch_id}", token=communications).status == 200
    assert stack.api("GET", f"/batches/{batch_id}", token=guardian.staff).status == 403


def test_what_the_queue_brings_ten_times_at_once_is_sent_once(stack: Stack, guardian: Person) -> None:
    words = uuid4().hex
    id_ = send(stack, user_id=guardian.user_id, channel="sms", text=words)
    told = stack.api("GET", f"/messages/{id_}", token=stack.token("sends")).body
    again = Outgoing(
        id=id_,
        user_id=guardian.user_id,
        channel=Channel.SMS,
        purpose=Purpose.GENERAL,
        queued_at=datetime.fromisoformat(told["times"]["queued"]),
        text=words,
    )
    for _ in range(10):
        stack.aws.sqs.send_message(QueueUrl=stack.queues["outbound"], MessageBody=outbound_body(again))
    ended(stack, id_, "sent")

    def quiet() -> bool:
        counts = stack.aws.sqs.get_queue_attributes(
            QueueUrl=stack.queues["outbound"], AttributeNames=["ApproximateNumberOfMessages"]
        )["Attributes"]
        return counts["ApproximateNumberOfMessages"] == "0"

    stack.wait_until(quiet, "the queue to be worked off")
    assert texts(stack).count(words) == 1


def outbound_body(outgoing: Outgoing) -> str:
    """As it stands on the queue."""
    return json.dumps(asdict(outgoing) | {"queued_at": outgoing.queued_at.isoformat()})


def test_a_pending_account_is_reminded_once_a_day(stack: Stack, guardian: Person) -> None:
    user_id = stack.users["pending_guardian"].user_id
    path = f"/users/{user_id}/reminders"
    first, second = (stack.api("POST", path, token=guardian.staff) for _ in range(2))
    assert first.status in {202, 429}  # 429 on a stack that was tested today
    assert (second.status, second.headers["content-type"]) == (429, "application/problem+json")
    assert 0 < int(second.headers["retry-after"]) <= 24 * 3600
    listed = stack.api("GET", f"/users/{user_id}/messages?limit=200", token=guardian.staff).body["items"]
    [invitation] = [one for one in listed if one["purpose"] == "invitation"]
    assert ended(stack, invitation["id"])["status"] in {"sent", "delivered"}
    assert stack.api("POST", f"/users/{guardian.user_id}/reminders", token=guardian.staff).status == 409


def test_what_is_left_of_a_batch_that_bounces_is_held_until_somebody_decides(
    stack: Stack, guardian: Person
) -> None:
    batch_id, machine = uuid4().hex, stack.token("sends")
    stack.aws.dynamodb.put_item(  # what 100 messages before it left behind
        TableName=stack.tables["messages"],
        Item={
            "entity": {"S": f"counts#{batch_id}#0"},
            "item": {"S": "whole"},
            "sent": {"N": "100"},
            "bounced_for_good": {"N": "11"},
        },
    )
    words = uuid4().hex
    held = ended(
        stack,
        send(stack, user_id=guardian.user_id, channel="sms", text=words, batch_id=batch_id),
        "held",
        "sent",
    )
    assert (held["status"], "sending" in held["times"]) == ("held", False)
    told = stack.api("GET", f"/batches/{batch_id}", token=machine).body
    assert (told["state"], told["why"]) == ("held", "11 of the last 100 messages bounced for good")
    communications = stack.token("communications_administrator")
    dropped = stack.api("POST", f"/batches/{batch_id}/drop", token=communications)
    assert (dropped.status, dropped.body["state"]) == (200, "dropped")
    later = send(stack, user_id=guardian.user_id, channel="sms", text=words, batch_id=batch_id)
    assert ended(stack, later, "dropped", "sent")["status"] == "dropped"
    assert words not in texts(stack)
