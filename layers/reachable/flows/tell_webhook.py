"""Tell the district's webhook of an event, once it takes it (docs/event-webhook.md).

An event may be told twice, late and out of order: its id tells, and the time in it.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from reachable import aws, settings
from reachable.model.errors import ParseError, PutOff
from reachable.queues import event_webhook as queue
from reachable.receivers import event_webhook as receiver
from reachable.rules import event_webhook as rules
from reachable.secrets import event_webhook as secrets

URL: Final = settings.text("EVENT_WEBHOOK_URL")
"""What it may be stands in template.yaml, and why in docs/event-webhook.md."""


class Became(StrEnum):
    """What became of an event."""

    TOLD = "told"
    GONE = "gone"
    """The receiver says that it is there no more: a dead letter."""
    UNREADABLE = "unreadable"
    """None of ours: a dead letter."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message of the queue, ``attempt`` counted from 1."""

    body: str
    receipt: str
    attempt: int


def of(received: Received, now: datetime) -> Became:
    """Tell of an event; what was not taken comes again later, and what never will be is a dead letter.

    A post, and a request of SQS where it was not taken.

    Raises:
        PutOff: it was not taken.
        Unavailable: there is nothing to sign it with.
        botocore's errors: the queue did not answer.
    """
    try:
        told = rules.telling(received.body)
    except ParseError:
        queue.bury(received.body)
        return Became.UNREADABLE
    try:
        is_there = receiver.post(URL, told, secrets.signers(), now)
    except aws.FAILURES as failed:
        asked = failed.seconds if isinstance(failed, PutOff) else None
        seconds = rules.wait_seconds(received.attempt, asked, random.random())  # noqa: S311 - jitter
        queue.put_off(received.receipt, seconds)
        raise
    if not is_there:
        queue.bury(received.body)
        return Became.GONE
    return Became.TOLD
