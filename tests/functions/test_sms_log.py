"""The sms_log function: every line of a subscription filter's batch is kept on the queue."""

import base64
import gzip
import json
from typing import Any

import boto3
import pytest

from functions.sms_log.app import handler
from reachable.queues import delivery_events
from tests.builders import clock

pytestmark = pytest.mark.usefixtures("aws")

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/delivery-events"


def logged(*lines: str, kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    """What CloudWatch Logs invokes the function with."""
    at = int(clock("09:00").timestamp() * 1000)
    told = {
        "messageType": kind,
        "logEvents": [{"id": str(i), "timestamp": at, "message": line} for i, line in enumerate(lines)],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(told).encode())).decode()}}


def queued() -> list[delivery_events.Entry]:
    messages = boto3.client("sqs").receive_message(QueueUrl=QUEUE, MaxNumberOfMessages=10)
    return [delivery_events.read(one["Body"], clock("10:00")) for one in messages.get("Messages", [])]


def test_each_line_is_an_entry_of_its_own() -> None:
    handler(logged('{"a": 1}', "no JSON"), None)
    entries = queued()
    assert sorted(entry.body for entry in entries) == [b"no JSON", b'{"a": 1}']
    assert {(entry.provider, entry.received_at) for entry in entries} == {("aws_sns_sms", clock("09:00"))}


def test_a_probe_of_the_subscription_brings_nothing() -> None:
    handler(logged("x", kind="CONTROL_MESSAGE"), None)
    assert queued() == []


def test_where_the_queue_does_not_take_it_the_call_fails_so_that_it_comes_again() -> None:
    boto3.client("sqs").delete_queue(QueueUrl=QUEUE)
    with pytest.raises(boto3.client("sqs").exceptions.QueueDoesNotExist):
        handler(logged("x"), None)
