"""The parked bucket: messages that are held, whole, until somebody decides or their time is over.

<group>/<id of the hold>/<message id>     one message, as it stands on the queue
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from reachable import settings
from reachable.buckets import s3
from reachable.model.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

BUCKET: Final = settings.text("PARKED_BUCKET")


def put(group: str, hold_id: str, message_id: str, body: str) -> None:
    """Park a message; twice is once."""
    s3.put(BUCKET, f"{_folder(group, hold_id)}{message_id}", body.encode(), "application/json")


def first(group: str, hold_id: str) -> list[tuple[str, datetime]]:
    """Some of what is parked under a hold, by message id and since when: up to 1,000."""
    return next(pages(group, hold_id), [])


def pages(group: str, hold_id: str) -> Iterator[list[tuple[str, datetime]]]:
    """All that is parked under a hold, up to 1,000 at a time."""
    folder = _folder(group, hold_id)
    for page in s3.client().get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=folder):
        found = page.get("Contents", [])
        if found:
            yield [(item["Key"].removeprefix(folder), item["LastModified"]) for item in found]


def get(group: str, hold_id: str, message_id: str) -> str | None:
    """A message that is parked; None where it is not any more."""
    try:
        answer = s3.client().get_object(Bucket=BUCKET, Key=f"{_folder(group, hold_id)}{message_id}")
    except s3.client().exceptions.NoSuchKey:
        return None
    return answer["Body"].read().decode()


def delete(group: str, hold_id: str, message_ids: Sequence[str]) -> None:
    """Take messages away, up to 1,000; one that is not there is no fault."""
    folder = _folder(group, hold_id)
    keys: list[ObjectIdentifierTypeDef] = [{"Key": f"{folder}{message_id}"} for message_id in message_ids]
    left = (
        s3.client().delete_objects(Bucket=BUCKET, Delete={"Objects": keys, "Quiet": True}).get("Errors", [])
    )
    if left:
        raise Unavailable(f"{len(left)} parked messages could not be taken away: {left[0].get('Code')}.")


def _folder(group: str, hold_id: str) -> str:
    return f"{quote(group, safe='')}/{hold_id}/"
