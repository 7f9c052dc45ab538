"""The roster bucket: what was uploaded, an import's chunks and results, the rows of the last import, reports.

roster/<name>.zip              uploads; each starts an import
work/<import id>/...           chunks, results, summary, rows: an import's own, expire by the bucket's rule
state/rows.jsonl.gz            the rows of the last import that ended well: what a delta changes
reports/<import id>.json .csv  for people
"""

import gzip
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from tempfile import TemporaryFile
from typing import IO, Any, Final

from reachable import settings
from reachable.buckets import s3

BUCKET: Final = settings.text("ROSTER_BUCKET")
_OF: Final = "of"
STATE: Final = "state/rows.jsonl.gz"

_UPLOAD: Final = re.compile(r"roster/(\d{8}T\d{6}Z-[0-9a-f]{8})\.zip")


def work(import_id: str, name: str) -> str:
    """The key of an object of an import's own."""
    return f"work/{import_id}/{name}"


def upload_key(import_id: str) -> str:
    """Where the upload of an import that has an id already is put; ``import_of_upload`` is its inverse."""
    return f"roster/{import_id}.zip"


def import_of_upload(key: str) -> str | None:
    """The import whose own upload address this is; None of any other object."""
    chosen = _UPLOAD.fullmatch(key)
    return chosen[1] if chosen else None


def upload_url(key: str, within: timedelta) -> str:
    """Where an object may be put without an AWS account, for a while."""
    return s3.signed_url("put_object", BUCKET, key, within)


def download_url(key: str, within: timedelta) -> str:
    """Where an object may be fetched without an AWS account, for a while."""
    return s3.signed_url("get_object", BUCKET, key, within)


def opened(key: str, version: str | None) -> IO[bytes]:
    """An upload as a file on the function's disk; without a version the newest.

    Raises:
        NotFound: it is not there (any more).
    """
    with ExitStack() as on_failure:
        file = on_failure.enter_context(TemporaryFile())
        with s3.not_found("The uploaded file is not in the bucket."):
            extra = {"VersionId": version} if version else None
            s3.client().download_fileobj(BUCKET, key, file, ExtraArgs=extra)
        on_failure.pop_all()  # the caller closes it
    file.seek(0)
    return file


def put_json(key: str, value: Any) -> None:
    """Put an object as JSON."""
    s3.put_json(BUCKET, key, value)


def get_json(key: str) -> Any:
    """An object that ``put_json`` put."""
    return s3.get_json(BUCKET, key)


def put(key: str, body: bytes, content_type: str) -> None:
    """Put an object."""
    s3.put(BUCKET, key, body, content_type)


def put_lines(key: str, lines: Iterable[bytes], of: date) -> None:
    """Put the lines of a day, packed. They go by way of the function's disk: memory holds none of them."""
    with TemporaryFile() as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as packed:
            packed.writelines(lines)
        file.seek(0)
        s3.client().upload_fileobj(file, BUCKET, key, ExtraArgs={"Metadata": {_OF: of.isoformat()}})


def read_lines[T](key: str, use: Callable[[Iterator[bytes]], T]) -> T | None:
    """What ``use`` makes of the lines of an object; None where there is no such object."""
    try:
        body = s3.client().get_object(Bucket=BUCKET, Key=key)["Body"]
    except s3.client().exceptions.NoSuchKey:
        return None
    with gzip.GzipFile(fileobj=body, mode="rb") as lines:
        return use(iter(lines))


def date_of(key: str) -> date:
    """Of what day an object's lines are; of those that a version before has put, when that was."""
    found = s3.client().head_object(Bucket=BUCKET, Key=key)
    told = found["Metadata"].get(_OF)
    return date.fromisoformat(told) if told else found["LastModified"].date()


def copy(source: str, target: str) -> None:
    """Copy within the bucket: the target is the old object or the new one whole, never half of one."""
    s3.client().copy_object(Bucket=BUCKET, Key=target, CopySource={"Bucket": BUCKET, "Key": source})
