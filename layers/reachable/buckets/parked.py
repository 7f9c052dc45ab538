"""The parked bucket: messages that are held, whole, until somebody decides or their time is over.

<id of the hold>/<message id>     one message, as it stands on the queue
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from reachable import aws, settings
from reachable.model.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

BUCKET: Final = settings.text("PARKED_BUCKET")


def _s3() -> "S3Client":
    """Who parks or sweeps has a minute or less: short timeouts, and two tries."""
    made: S3Client = aws.client("s3", attempts=2)
    return made


def put(hold_id: str, message_id: str, body: str) -> None:
    """Park a message; twice is once."""
    key = f"{_folder(hold_id)}{message_id}"
    _s3().put_object(Bucket=BUCKET, Key=key, Body=body.encode(), ContentType="application/json")


def first(hold_id: str) -> list[tuple[str, datetime]]:
    """Some of what is parked under a hold, by message id and since when: up to 1,000."""
    return next(pages(hold_id), [])


def pages(hold_id: str) -> Iterator[list[tuple[str, datetime]]]:
    """All that is parked under a hold, up to 1,000 at a time."""
    folder = _folder(hold_id)
    for page in _s3().get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=folder):
        found = page.get("Contents", [])
        if found:
            yield [(item["Key"].removeprefix(folder), item["LastModified"]) for item in found]


def get(hold_id: str, message_id: str) -> str | None:
    """A message that is parked; None where it is not any more."""
    try:
        answer = _s3().get_object(Bucket=BUCKET, Key=f"{_folder(hold_id)}{message_id}")
    except _s3().exceptions.NoSuchKey:
        return None
    return answer["Body"].read().decode()


def delete(hold_id: str, message_ids: Sequence[str]) -> None:
    """Take messages away, up to 1,000; one that is not there is no fault."""
    folder = _folder(hold_id)
    keys: list[ObjectIdentifierTypeDef] = [{"Key": f"{folder}{message_id}"} for message_id in message_ids]
    left = _s3().delete_objects(Bucket=BUCKET, Delete={"Objects": keys, "Quiet": True}).get("Errors", [])
    if left:
        raise Unavailable(f"{len(left)} parked messages could not be taken away: {left[0].get('Code')}.")


def _folder(hold_id: str) -> str:
    return f"{hold_id}/"
