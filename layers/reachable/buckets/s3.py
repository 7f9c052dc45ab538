"""The S3 client of this room: its timeouts, and objects put and read whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import orjson
from botocore.config import Config

from reachable.model.details import Detail
from reachable.model.errors import NotFound

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@cache
def client() -> "S3Client":
    """The client of this process."""
    return boto3.client(
        "s3",
        config=Config(
            retries={"mode": "standard", "total_max_attempts": 3},
            connect_timeout=2,
            read_timeout=6,  # of each piece of an answer, not of the whole
            signature_version="s3v4",  # what every region takes of a signed address
            # In the region's own host: the global one answers 307 for hours after a bucket is made, where the
            # signature fails.
            s3={"addressing_style": "virtual"},
        ),
    )


@contextmanager
def not_found(detail: Detail | str) -> Iterator[None]:
    """An object that is not there is ``NotFound``; S3 answers 403 where its list may not be read.

    Raises:
        NotFound: so it was.
    """
    try:
        yield
    except client().exceptions.ClientError as problem:
        if problem.response["ResponseMetadata"]["HTTPStatusCode"] not in (403, 404):
            raise
        raise NotFound(detail) from problem


def signed_url(act: str, bucket: str, key: str, within: timedelta) -> str:
    """Where an object may be put or fetched without an AWS account, for a while."""
    return client().generate_presigned_url(
        act, {"Bucket": bucket, "Key": key}, ExpiresIn=int(within.total_seconds())
    )


def get(bucket: str, key: str) -> bytes | None:
    """An object whole; None where it is not there. Its reader may list the bucket, else S3 answers 403."""
    try:
        return client().get_object(Bucket=bucket, Key=key)["Body"].read()
    except client().exceptions.NoSuchKey:
        return None


def put(bucket: str, key: str, body: bytes, content_type: str) -> None:
    """Put an object."""
    client().put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)


def put_json(bucket: str, key: str, value: Any) -> None:
    """Put an object as JSON."""
    put(bucket, key, orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), "application/json")


def get_json(bucket: str, key: str) -> Any:
    """An object that ``put_json`` put."""
    return orjson.loads(client().get_object(Bucket=bucket, Key=key)["Body"].read())
