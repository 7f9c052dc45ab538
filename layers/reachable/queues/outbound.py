"""The queue ``outbound``: messages on their way out, whole. Nowhere else are their words kept."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

from reachable import settings
from reachable.model.delivery_event import Channel
from reachable.model.errors import ParseError, Unavailable
from reachable.model.message import Outgoing
from reachable.model.send import Purpose

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MESSAGE_BYTES: Final = 900_000
"""Of one message as it stands on the queue; SQS takes 1 MiB a message and a request."""
MOST_DELAY_SECONDS: Final = 900
"""SQS's own limit."""
_REQUEST_MESSAGES: Final = 10
_ATTEMPTS: Final = 4


@cache
def _sqs() -> "SQSClient":
    return boto3.client(
        "sqs",
        config=Config(
            retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=2, read_timeout=5
        ),
    )


def written(outgoing: Outgoing) -> str:
    """A message as it stands on the queue: ASCII, since SQS refuses some characters."""
    return json.dumps(asdict(outgoing) | {"queued_at": outgoing.queued_at.isoformat()})


def read(body: str) -> Outgoing:
    """The message that ``written`` gave.

    Raises:
        ParseError: it is none.
    """
    try:
        told = json.loads(body)
        return Outgoing(
            **told
            | {
                "channel": Channel(told["channel"]),
                "purpose": Purpose(told["purpose"]),
                "queued_at": datetime.fromisoformat(told["queued_at"]),
            }
        )
    except (ValueError, TypeError, KeyError) as problem:
        raise ParseError("outbound", "$", f"no message to send: {type(problem).__name__}") from problem


def put(outgoing: Iterable[Outgoing]) -> None:
    """Queue messages, up to 10 a request.

    Raises:
        Unavailable: the queue did not take every one. Queueing all again is harmless: each is sent once.
    """
    for request in _requests([written(one) for one in outgoing]):
        left = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(request)]
        for attempt in range(_ATTEMPTS):
            answer = _sqs().send_message_batch(QueueUrl=_url(), Entries=left)  # type: ignore[arg-type]
            failed = {one["Id"] for one in answer.get("Failed", [])}
            left = [one for one in left if one["Id"] in failed]
            if not left:
                break
            time.sleep(0.1 * 2**attempt)
        else:
            raise Unavailable("The queue did not take every message.")


def put_back(outgoing: Outgoing, delay_seconds: int) -> None:
    """Queue a message once more, for later."""
    _sqs().send_message(
        QueueUrl=_url(),
        MessageBody=written(outgoing),
        DelaySeconds=min(delay_seconds, MOST_DELAY_SECONDS),
    )


def _requests(bodies: Sequence[str]) -> Iterable[list[str]]:
    request: list[str] = []
    size = 0
    for body in bodies:
        if request and (len(request) == _REQUEST_MESSAGES or size + len(body) > MESSAGE_BYTES):
            yield request
            request, size = [], 0
        request.append(body)
        size += len(body)
    if request:
        yield request


def _url() -> str:
    return settings.text("OUTBOUND_QUEUE_URL")
