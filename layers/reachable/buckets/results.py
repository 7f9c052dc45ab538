"""The results bucket: lists of recipients to check, and the gate's answers to them.

checks/<name>.csv .jsonl [.gz]     what is to be checked, put there by whoever starts a bulk check
work/<execution>/...               the list of its chunks, the chunks, what was counted of each: its own
results/<execution>/<number>.jsonl.gz, summary.json     the answers
"""

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from reachable import settings
from reachable.buckets import s3
from reachable.model.details import Detail
from reachable.model.errors import Meaningless

BUCKET: Final = settings.text("RESULTS_BUCKET")

_BUFFER: Final = 1024**2


@contextmanager
def opened(key: str) -> Iterator[io.BufferedIOBase]:
    """An object's bytes as they come, unpacked where its name ends in ``.gz``; never the whole in memory.

    Raises:
        NotFound: it is not there.
        Meaningless: it is called ``.gz`` and is none, or it ends too early.
    """
    with s3.not_found(Detail.NO_SUCH_OBJECT):
        body = s3.client().get_object(Bucket=BUCKET, Key=key)["Body"]
    # A StreamingBody reads like a raw file, though its stubs do not say so.
    with io.BufferedReader(body, _BUFFER) as packed:  # type: ignore[type-var]
        if not key.endswith(".gz"):
            yield packed
            return
        try:
            yield gzip.GzipFile(fileobj=packed)
        except (gzip.BadGzipFile, EOFError, zlib.error) as damaged:
            raise Meaningless(Detail.NOT_PACKED) from damaged


def put_chunk(execution: str, number: int, lines: Iterable[bytes]) -> str:
    """Put one chunk of the list; its key."""
    key = _work(execution, f"chunks/{number:05}.gz")
    _put_packed(key, lines)
    return key


def chunk(key: str) -> list[bytes]:
    """The lines of a chunk, with their ends."""
    body = s3.client().get_object(Bucket=BUCKET, Key=key)["Body"]
    with gzip.GzipFile(fileobj=body) as lines:
        return lines.readlines()


def put_chunks(execution: str, chunks: list[dict[str, Any]]) -> str:
    """Put the list of a list's chunks, which the state machine reads; its key."""
    key = _work(execution, "chunks.json")
    s3.put_json(BUCKET, key, chunks)
    return key


def put_answers(execution: str, number: int, lines: Iterable[bytes], counted: Mapping[str, int]) -> None:
    """Put the answers to one chunk, and what was counted of them."""
    _put_packed(f"results/{execution}/{number:05}.jsonl.gz", lines)
    s3.put_json(BUCKET, _counted(execution, number), counted)


def counted(execution: str, number: int) -> dict[str, int]:
    """What was counted of the answers to one chunk."""
    counts: dict[str, int] = s3.get_json(BUCKET, _counted(execution, number))
    return counts


def put_summary(execution: str, summary: Mapping[str, Any]) -> str:
    """Put what a whole check gave; its key."""
    key = f"results/{execution}/summary.json"
    s3.put_json(BUCKET, key, summary)
    return key


def _work(execution: str, name: str) -> str:
    return f"work/{execution}/{name}"


def _counted(execution: str, number: int) -> str:
    return _work(execution, f"counted/{number:05}.json")


def _put_packed(key: str, lines: Iterable[bytes]) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as file:
        file.writelines(lines)
    s3.put(BUCKET, key, packed.getvalue(), "application/gzip")
