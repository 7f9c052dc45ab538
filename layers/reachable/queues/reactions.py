"""The queue ``reactions``: credentials of which something is still to be done, and what is still to be told.

A message names a credential, and what is due is read from the tables, so that one that comes twice, late or
out of order does what is due then, which may be nothing. Where an event could not be published, the record
of the stream comes with it: an event is told from the record's two images, which no table has.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reachable import aws, settings
from reachable.model.credential import Credential
from reachable.model.errors import ParseError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUE_URL: Final = settings.text("REACTIONS_QUEUE_URL")
MOST_DELAY_SECONDS: Final = 900
"""SQS's own limit: who must wait longer comes back meanwhile."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a message asks for: a credential to be looked after, a record of a stream to be told."""

    credential: Credential | None = None
    record: Mapping[str, Any] | None = None


def _sqs() -> "SQSClient":
    made: SQSClient = aws.client("sqs")
    return made


def put(keys: Iterable[str], delay_seconds: int = 0) -> None:
    """Queue credentials by their keys, as they stand in the table; a few at once.

    Raises:
        botocore's errors: the queue did not take all of them. Queueing one twice is harmless.
    """
    _put(({"credential": key} for key in keys), delay_seconds)


def put_records(records: Iterable[Mapping[str, Any]]) -> None:
    """Queue records of a stream that are still to be told; as `put`."""
    _put(({"record": record} for record in records), 0)


def _put(messages: Iterable[Mapping[str, Any]], delay_seconds: int) -> None:
    def put_one(message: Mapping[str, Any]) -> None:
        _sqs().send_message(
            QueueUrl=QUEUE_URL,
            MessageBody=json.dumps(message),
            DelaySeconds=min(delay_seconds, MOST_DELAY_SECONDS),
        )

    aws.side_by_side(put_one, messages)


def read(body: str) -> Due:
    """What a message asks for.

    Raises:
        ParseError: it names no credential and brings no record.
    """
    try:
        told = json.loads(body)
        if "record" in told:
            return Due(record=dict(told["record"]))
        return Due(credential=Credential.of_key(told["credential"]))
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise ParseError("reactions", "$", f"no credential: {type(problem).__name__}") from None
