"""The queue ``digests``: of which school, or of the whole district, the week's mails are still to be written.

A message is a part of a week's work: what fails comes again alone, and finds what has been queued meanwhile.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from reachable import aws, settings
from reachable.model.errors import ParseError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUE_URL: Final = settings.text("DIGESTS_QUEUE_URL")


@dataclass(frozen=True, slots=True)
class Due:
    """The mails of the week of ``at`` to the staff of a school; None: to that of the district."""

    school: str | None
    at: datetime


def _sqs() -> "SQSClient":
    made: SQSClient = aws.client("sqs")
    return made


def put(parts: Iterable[Due]) -> None:
    """Queue parts of a week's work, a few at once.

    Raises:
        botocore's errors: the queue did not take all of them. Queueing one twice is harmless.
    """

    def put_one(due: Due) -> None:
        body = json.dumps({"school": due.school, "at": due.at.isoformat()})
        _sqs().send_message(QueueUrl=QUEUE_URL, MessageBody=body)

    aws.side_by_side(put_one, parts)


def read(body: str) -> Due:
    """What `put` has written.

    Raises:
        ParseError: it is none of that.
    """
    try:
        told = json.loads(body)
        return Due(told["school"], datetime.fromisoformat(told["at"]))
    except (ValueError, TypeError, KeyError) as problem:
        raise ParseError("digests", "$", f"no digest to write: {type(problem).__name__}") from None
