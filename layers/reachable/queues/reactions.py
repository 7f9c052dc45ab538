"""The queue ``reactions``: credentials of which something is still to be done outside our tables.

A message names the credential and nothing else: what is due is read from the table, so that one that comes
twice, late or out of order does what is due then, which may be nothing.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from reachable import aws, settings
from reachable.model.credential import Credential
from reachable.model.errors import ParseError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUE_URL: Final = settings.text("REACTIONS_QUEUE_URL")
MOST_DELAY_SECONDS: Final = 900
"""SQS's own limit: who must wait longer comes back meanwhile."""


def _sqs() -> "SQSClient":
    made: SQSClient = aws.client("sqs")
    return made


def put(keys: Iterable[str], delay_seconds: int = 0) -> None:
    """Queue credentials by their keys, as they stand in the table; a few at once.

    Raises:
        botocore's errors: the queue did not take all of them. Queueing one twice is harmless.
    """

    def put_one(key: str) -> None:
        _sqs().send_message(
            QueueUrl=QUEUE_URL,
            MessageBody=json.dumps({"credential": key}),
            DelaySeconds=min(delay_seconds, MOST_DELAY_SECONDS),
        )

    aws.side_by_side(put_one, keys)


def read(body: str) -> Credential:
    """The credential that a message names.

    Raises:
        ParseError: it names none.
    """
    try:
        return Credential.of_key(json.loads(body)["credential"])
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise ParseError("reactions", "$", f"no credential: {type(problem).__name__}") from None
