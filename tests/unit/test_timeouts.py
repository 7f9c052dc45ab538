"""A client gives up before its function is stopped: else the caller gets the gateway's error and not our 503.

The gateway waits 30 seconds (docs.aws.amazon.com/apigateway: HTTP API quotas, "Maximum integration timeout").
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from reachable.buckets import parked, s3
from reachable.queues import delivery_events, digests, event_webhook, outbound, reactions
from reachable.receivers import event_webhook as receiver
from reachable.secrets import _documents, _generated
from reachable.senders import _aws
from reachable.store import dynamodb
from reachable.store.runs import step_functions

TEMPLATE: Final = (Path(__file__).parents[2] / "template.yaml").read_text("utf-8")
API_SECONDS: Final = int(re.findall(r"\n    Timeout: (\d+)", TEMPLATE)[0])
"""Of every function that tells none of its own."""
GATEWAY_SECONDS: Final = 30
PAUSES: Final = {1: 0, 2: 1, 3: 3}
"""The most that botocore's standard mode waits between so many attempts: up to 1, 2, 4 ... seconds."""

CLIENTS: Final[dict[str, Callable[[], Any]]] = {
    "dynamodb": dynamodb.client,
    "dynamodb, one attempt": dynamodb.client_of_one_attempt,
    "s3": s3.client,
    "s3, parked": parked._s3,
    "s3, large bodies": delivery_events._s3,
    "sqs, delivery events": delivery_events._sqs,
    "sqs, digests": digests._sqs,
    "sqs, event webhook": event_webhook._sqs,
    "sqs, outbound": outbound._sqs,
    "sqs, reactions": reactions._sqs,
    "secretsmanager": _generated._secrets_manager,
    "ssm": _documents.ssm,
    "stepfunctions": step_functions._client,
}


def _longest(client: Any) -> float:
    config = client.meta.config
    attempts = config.retries["total_max_attempts"]
    return float(attempts * (config.connect_timeout + config.read_timeout) + PAUSES[attempts])


def test_the_gateway_waits_longer_than_the_functions_behind_it() -> None:
    assert API_SECONDS < GATEWAY_SECONDS


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_gives_up_before_the_function_that_calls_it_is_stopped(name: str) -> None:
    assert _longest(CLIENTS[name]()) < API_SECONDS


@pytest.mark.parametrize(
    "names",
    [
        ("ssm", "s3, large bodies", "sqs, delivery events"),  # a webhook, of which all three fail
        ("dynamodb", "dynamodb"),  # a call that reads two tables, the first at the last attempt
    ],
)
def test_what_a_request_asks_in_a_row_ends_before_its_function_is_stopped(names: tuple[str, ...]) -> None:
    assert sum(_longest(CLIENTS[name]()) for name in names) < API_SECONDS


def test_a_provider_that_thinks_long_is_given_up_before_dispatch_is_stopped() -> None:
    [seconds] = re.findall(r"  Dispatch:\n(?:.*\n)*?      Timeout: (\d+)", TEMPLATE)
    assert _longest(_aws.client("sns")) < int(seconds)


def test_an_event_that_nobody_takes_is_put_off_before_its_function_is_stopped() -> None:
    [seconds] = re.findall(r"  EventWebhook:\n(?:.*\n)*?      Timeout: (\d+)", TEMPLATE)
    asked = _longest(CLIENTS["ssm"]()) + _longest(CLIENTS["sqs, event webhook"]())
    assert asked + receiver.CONNECT_SECONDS + receiver.READ_SECONDS < int(seconds)
