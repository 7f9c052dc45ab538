"""Files that AWS itself reads: the addresses of an SES import job."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from reachable import aws, settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PREFIX: Final = "upstream/"
"""SES may read below it (infra/storage.yaml), where nothing lies for more than days."""


def put(addresses: Iterable[str]) -> str:
    """Keep a job's file; its ``s3://`` address. Read by SES alone.

    An object of JSON a line: in CSV a comma in a quoted local part would end the address.
    """
    bucket, key = settings.text("RESULTS_BUCKET"), f"{_PREFIX}{uuid4()}.json"
    lines = "".join(f"{json.dumps({'emailAddress': address})}\n" for address in addresses)
    s3: S3Client = aws.client("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=lines.encode(), ContentType="application/x-ndjson")
    return f"s3://{bucket}/{key}"
