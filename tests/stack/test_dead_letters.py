"""docs/runbooks/dead-letters.md: its commands, as printed, on the deployed stack."""

import base64
import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.stack import pages
from tests.stack.pages import Ran
from tests.stack.queues import SAMPLES, entry, held
from tools import place
from tools.stack import Stack

_DEAD: Final = "-dead-letters"


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The page's commands, played over dead letters about these addresses, none of which is in the roster."""

    email: str
    phone_of_call: str
    phone_of_log: str
    message_id: str
    ran: Ran


@pytest.fixture(scope="module")
def dead_letters(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> DeadLetters:
    """Some that have died by themselves, and some put where Lambda or SQS would put them."""
    sqs, inbox = stack.aws.sqs, stack.buckets["inbox"]
    for queue in ("delivery-events", "outbound", "outbound-urgent"):
        sqs.purge_queue(QueueUrl=stack.queues[queue + _DEAD])
    email, call, log = f"{uuid4().hex}@example.org", a_phone(), a_phone()
    key = f"webhooks/2026/11/25/postmark/{uuid4()}"
    stack.aws.s3.put_object(Bucket=inbox, Key=key, Body=b"{")  # what the dialect cannot read
    _die(stack, "delivery-events", entry("postmark", inbox=key))
    _die(stack, "outbound", {"poison": email})
    stack.aws.s3.put_object(Bucket=inbox, Key=key, Body=_postmark(email))  # what it can, once it is mended
    _bury(stack, "delivery-events", entry("twilio", body=base64.b64encode(_twilio(call)).decode()))
    _bury(stack, "delivery-events", _sms_log(log))
    since = datetime.now(UTC)
    old = (since - timedelta(days=3)).isoformat()
    _bury(stack, "outbound", {"id": "old", "queued_at": old})
    message_id = _unsent(stack)
    folder = tmp_path_factory.mktemp("dead-letters")
    ran = pages.run("runbooks/dead-letters.md", folder, stack, STAGE=place.NAME, SINCE=f"{since:%FT%T}")
    return DeadLetters(email, call, log, message_id, ran)


def test_looking_tells_each_letter_and_takes_none(dead_letters: DeadLetters) -> None:
    *called, first, asked_1, asked_2, asked_3, second, third = dead_letters.ran.by(
        "outbound look"
    ).splitlines()
    assert first == "delivery-events: look 3, 3 left"
    assert second == "outbound: look 3, 3 left"
    assert third == "outbound-urgent: look 0, 0 left"
    told = "\n".join(called)
    assert "'provider': 'twilio', 'body': 'MessageSid=" in told
    assert '"inbox": "webhooks/2026/11/25/postmark/' in told
    assert '"awslogs"' in told
    messages = asked_1 + asked_2 + asked_3
    assert f"'id': '{dead_letters.message_id}', 'channel': 'sms', 'purpose': 'general'" in messages
    assert "Words of a message" not in messages


def test_the_log_says_why(dead_letters: DeadLetters) -> None:
    printed = dead_letters.ran.by("aws logs filter-log-events")
    tries = [json.loads(line) for line in printed.replace("\t", "\n").splitlines()]
    assert {one["provider"] for one in tries if one["message"] == "delivery_events_unreadable"} >= {
        "postmark"
    }
    assert {one["error"] for one in tries if one["message"] == "message_failed"} >= {"ParseError"}


def test_what_providers_said_counts_once_it_is_put_back(stack: Stack, dead_letters: DeadLetters) -> None:
    assert dead_letters.ran.by("delivery-events redrive") == "delivery-events: redrive 3, 0 left\n"
    told = dead_letters
    asked = [
        {"credential": f"email:{told.email}", "channel": "email"},
        {"credential": f"phone:{told.phone_of_call}", "channel": "sms"},
        {"credential": f"phone:{told.phone_of_log}", "channel": "sms"},
    ]

    def reasons() -> list[str] | None:
        answer = stack.api("POST", "/sends/check", {"recipients": asked}, stack.token("sends")).body
        found = [one["reason"] for one in answer["results"]]
        return found if all(found) else None

    blocked = stack.wait_until(reasons, "the events to be applied")
    assert blocked == ["invalid_address", "invalid_address", "inactive_or_unreachable"]


def test_a_message_that_is_still_news_is_sent_and_the_rest_is_dropped(
    stack: Stack, dead_letters: DeadLetters
) -> None:
    assert dead_letters.ran.by("outbound-urgent redrive") == "outbound-urgent: redrive 0, 0 left\n"
    assert dead_letters.ran.by("outbound redrive") == "outbound: redrive 1, 2 left\n"
    assert dead_letters.ran.by("outbound drop") == "outbound: drop 2, 0 left\n"

    def sent() -> bool:
        path = f"/messages/{dead_letters.message_id}"
        return bool(stack.api("GET", path, token=stack.token("sends")).body["status"] == "sent")

    stack.wait_until(sent, "the message to be sent")


def a_phone() -> str:
    """None of the sample district's, which end at 0199."""
    return f"+1202555{200 + uuid4().int % 9800:04}"


def _postmark(address: str) -> bytes:
    told = json.loads((SAMPLES / "postmark/hard-bounce.json").read_text())
    return json.dumps(told | {"Email": address, "ID": uuid4().int % 10**15, "Metadata": {}}).encode()


def _twilio(number: str) -> bytes:
    told = {
        "MessageSid": f"SM{uuid4().hex}",
        "MessageStatus": "undelivered",
        "ErrorCode": "30005",
        "To": number,
    }
    return urlencode(told).encode()


def _sms_log(number: str) -> dict[str, Any]:
    """With what CloudWatch Logs invokes the function that reads SNS's log."""
    line = json.loads((SAMPLES / "aws_sns_sms/failure-unreachable.json").read_text())
    line["delivery"]["destination"] = number
    line["notification"]["messageId"] = str(uuid4())
    at = int(datetime.now(UTC).timestamp() * 1000)
    lines = [{"id": "1", "timestamp": at, "message": json.dumps(line)}]
    told = json.dumps({"messageType": "DATA_MESSAGE", "logEvents": lines}).encode()
    return {"awslogs": {"data": base64.b64encode(gzip.compress(told)).decode()}}


def _bury(stack: Stack, queue: str, body: dict[str, Any]) -> None:
    stack.aws.sqs.send_message(QueueUrl=stack.queues[queue + _DEAD], MessageBody=json.dumps(body))


def _die(stack: Stack, queue: str, body: dict[str, Any]) -> None:
    """Let the queue's function fail at it until it is a dead letter."""
    sqs, url = stack.aws.sqs, stack.queues[queue]
    kept = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    text = json.dumps(body)
    try:
        sqs.send_message(QueueUrl=url, MessageBody=text)

        def dead() -> bool:
            found = sqs.receive_message(
                QueueUrl=stack.queues[queue + _DEAD], MaxNumberOfMessages=10, VisibilityTimeout=0
            )
            return text in [one["Body"] for one in found.get("Messages", [])]

        stack.wait_until(dead, "the dead letter")
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=dict(kept))


def _unsent(stack: Stack) -> str:
    """The id of a message that is a dead letter."""
    sqs, url = stack.aws.sqs, stack.queues["outbound"]
    with held(stack):
        wish = {
            "sourced_id": "gua-083",
            "channel": "sms",
            "text": "Words of a message",
            "dedup_id": uuid4().hex,
        }
        answer = stack.api("POST", "/messages", {"messages": [wish]}, stack.token("sends"))
        id_ = str(answer.body["results"][0]["id"])

        def found() -> Any:
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
            return next((one for one in answer.get("Messages", []) if id_ in one["Body"]), None)

        letter = stack.wait_until(found, "the message on its queue")
        _bury(stack, "outbound", json.loads(letter["Body"]))
        sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])
    return id_
