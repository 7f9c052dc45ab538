"""The queues ``outbound`` and ``outbound-urgent``: messages on their way out, whole.

Sign-in codes and emergencies have the urgent one, so that they wait behind no newsletter. Beside these queues
and what is parked (`buckets.parked`), a message's words are kept nowhere.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Final

from reachable import aws, settings
from reachable.model.delivery_event import Channel
from reachable.model.errors import ParseError
from reachable.model.message import Outgoing
from reachable.model.send import Purpose
from reachable.rules.pace import MOST_DELAY_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MESSAGE_BYTES: Final = 900_000
"""Of one message as it stands on the queue; SQS takes 1 MiB."""


def _sqs() -> "SQSClient":
    made: SQSClient = aws.client("sqs")
    return made


def written(outgoing: Outgoing) -> str:
    """A message as it stands on the queue: ASCII, since SQS refuses some characters."""
    times = {name: at.isoformat() for name in _TIMES if (at := getattr(outgoing, name)) is not None}
    return json.dumps(asdict(outgoing) | times)


_TIMES: Final = ("queued_at", "expires_at", "resumed_at")


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
            }
            | {name: datetime.fromisoformat(told[name]) for name in _TIMES if told.get(name)}
        )
    except (ValueError, TypeError, KeyError) as problem:
        raise ParseError("outbound", "$", f"no message to send: {type(problem).__name__}") from None


def put(outgoing: Outgoing) -> None:
    """Queue a message.

    Raises:
        botocore's errors where the queue did not take it. Queueing it again is harmless: it is sent once.
    """
    put_back(outgoing, 0)


def put_back(outgoing: Outgoing, delay_seconds: int) -> None:
    """Queue a message on the queue of its purpose, for later."""
    _sqs().send_message(
        QueueUrl=_url(outgoing),
        MessageBody=written(outgoing),
        DelaySeconds=min(delay_seconds, MOST_DELAY_SECONDS),
    )


def _url(outgoing: Outgoing) -> str:
    if outgoing.purpose.is_urgent:
        return settings.text("OUTBOUND_URGENT_QUEUE_URL")
    return settings.text("OUTBOUND_QUEUE_URL")
