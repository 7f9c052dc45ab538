"""One function's AWS, played by moto: the tables, buckets and queue of the template."""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from math import inf
from threading import RLock
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import boto3
import pytest
import time_machine
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws
from moto.core import responses as moto_responses
from moto.core.base_backend import BaseBackend
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.utils import method_names_from_class

from reachable import aws as reachable_aws
from reachable import settings
from reachable.buckets import s3
from reachable.flows import decide_hold, domains, guard, note_providers, release
from reachable.secrets import _generated, account_names, event_webhook, webhooks
from reachable.secrets import upstream as upstream_secrets
from reachable.store import dynamodb, statistics
from reachable.store.roster import bad_lists
from tests.builders import clock
from tests.functions import clocks, district, transactions

TABLES = {
    "credentials": ("credential", "item"),
    "roster": ("entity", "item"),
    "audit": ("subject", "item"),
    "messages": ("entity", "item"),
}
BUCKETS = ("inbox", "roster-files", "results", "parked")


_SESSION = boto3.Session()
"""One for all tests: moto would have each make its own, a tenth of a test's time, and all are alike."""
DYNAMODB_LOCAL = os.environ.get("REACHABLE_DYNAMODB")
"""Where AWS's own DynamoDB Local listens, to be asked in moto's place (tools/dynamodb_local.py)."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fresh AWS with our tables, buckets and queue in it."""
    if DYNAMODB_LOCAL:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", DYNAMODB_LOCAL)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", uuid4().hex)  # it keeps the tables of each key apart
    beside: Any = {"core": {"mock_credentials": False, "passthrough": {"urls": [f"{DYNAMODB_LOCAL}.*"]}}}
    with (
        mock_aws(config=beside),
        patch.object(BotocoreStubber, "process_request", _one_at_a_time),
        transactions.put_back_by_item(),
    ):
        _forget_clients()
        monkeypatch.setattr(decide_hold, "_AT_ONCE_SECONDS", inf)  # on a slow machine, too
        monkeypatch.setattr(release, "_LOOKS_FOR_SECONDS", inf)
        if not DYNAMODB_LOCAL:
            monkeypatch.setattr(boto3, "DEFAULT_SESSION", _SESSION)
        for name, (partition, sort) in TABLES.items():
            dynamodb.client().create_table(
                TableName=name,
                KeySchema=[
                    {"AttributeName": partition, "KeyType": "HASH"},
                    {"AttributeName": sort, "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[
                    {"AttributeName": partition, "AttributeType": "S"},
                    {"AttributeName": sort, "AttributeType": "S"},
                ],
                BillingMode="PAY_PER_REQUEST",
            )
        for bucket in BUCKETS:
            s3.client().create_bucket(Bucket=bucket)
        for secret in ("unsubscribe", "event-ids"):
            _client("secretsmanager").create_secret(Name=secret, SecretString="k" * 64)
        for queue in ("delivery-events", "outbound", "outbound-urgent", "alarms"):
            _client("sqs").create_queue(QueueName=queue)
        topic = _client("sns").create_topic(Name="alarms")["TopicArn"]
        queue_arn = "arn:aws:sqs:us-east-1:123456789012:alarms"
        _client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
        yield
        if DYNAMODB_LOCAL:
            for name in TABLES:
                dynamodb.client().delete_table(TableName=name)
    _forget_clients()


@pytest.fixture
def at_nine(aws: None) -> Iterator[time_machine.Traveller]:
    """The district is there, and all happens at 09:00, unless a test moves the clock or an act waits."""
    district.settle()
    with clocks.held_at(clock("09:00")) as traveller, clocks.turns_held():
        yield traveller


@pytest.fixture
def bus(aws: None) -> None:
    """The event bus and the queue of what the streams' function could not do."""
    _client("events").create_event_bus(Name="reachable-test")
    _client("sqs").create_queue(QueueName="reactions")


@pytest.fixture
def state_machine(aws: None) -> None:
    """The state machine of incidents' runs, which moto keeps and does not run."""
    machine = _client("stepfunctions").create_state_machine(
        name="reset-incident", definition="{}", roleArn="arn:aws:iam::123456789012:role/reset"
    )
    assert machine["stateMachineArn"] == settings.text("RESET_STATE_MACHINE_ARN")


@pytest.fixture
def silent_audit(aws: None) -> Iterator[None]:
    """DynamoDB does not take what is for the table ``audit``."""

    def refuse(params: Mapping[str, Any], **_: Any) -> None:
        if '"audit"' in str(params["body"]):
            raise ReadTimeoutError(endpoint_url="audit")

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb", refuse)
    yield
    events.unregister("before-call.dynamodb", refuse)


# moto finds out for each request anew which addresses and methods its services have: a fifteenth of the time.
moto_responses.method_names_from_class = cache(method_names_from_class)  # type: ignore[attr-defined]
BaseBackend.urls = property(cache(BaseBackend.urls.__get__))  # type: ignore[assignment, method-assign]

_answer = BotocoreStubber.process_request
_answering = RLock()


def _one_at_a_time(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
    """AWS does each write whole; in the middle of one of moto's, another thread's finds its way.

    Between a condition and its write, or to an object's bytes that a second put has just closed.
    """
    with _answering:
        return _answer(stubber, request)


@cache
def _client(service: str) -> Any:
    make: Any = boto3.client
    return make(service)


def _forget_clients() -> None:
    """Clients live as long as their process; those of a test must not reach into the next one's AWS."""
    reachable_aws.forget_clients()
    s3.client.cache_clear()
    _generated.key.cache_clear()
    upstream_secrets.forget()
    webhooks.forget()
    event_webhook.forget()
    bad_lists._days_noted.clear()
    statistics._full.clear()
    guard.forget()
    domains.forget()
    note_providers.forget()
    account_names.forget()
