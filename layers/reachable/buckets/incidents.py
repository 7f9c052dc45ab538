"""Incidents in the results bucket: whom each may concern, and what became of them.

uploads/<incident id>.csv                    a list of people, put there by whoever asks; it starts the count
resets/<incident id>/people.jsonl.gz events.jsonl.gz    a list, as it was read, or as it came with the request
resets/<incident id>/chunks.json, chunks/<number>.gz    the candidates, a chunk of them each
resets/<incident id>/<phase>/<number>.gz     what a chunk came to, a line a candidate
resets/<incident id>/<phase>.json .csv .ids.gz    what all came to: for the API, for people; whom that names
resets/<incident id>/releases.json           how far the providers' lists are
"""

import gzip
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import batched
from typing import Any, Final

import orjson

from reachable.buckets import s3
from reachable.buckets.results import BUCKET
from reachable.model.details import Detail
from reachable.model.errors import NotFound

CHUNK: Final = 500
"""Candidates: a run of a chunk takes seconds, and a stop is heeded within it."""
_UPLOAD: Final = re.compile(r"uploads/([^/]+)\.csv")


def upload_url(incident_id: str, within: timedelta) -> str:
    """Where a list of people may be put without an AWS account, for a while."""
    return s3.signed_url("put_object", BUCKET, f"uploads/{incident_id}.csv", within)


def incident_of_upload(key: str) -> str | None:
    """The incident whose list of people an object is; None of any other."""
    found = _UPLOAD.fullmatch(key)
    return found[1] if found else None


def uploaded(incident_id: str) -> bytes:
    """The list of people that was put there.

    Raises:
        NotFound: it is not there.
    """
    body = s3.get(BUCKET, f"uploads/{incident_id}.csv")
    if body is None:
        raise NotFound(Detail.NO_SUCH_OBJECT)
    return body


def put_people(incident_id: str, ids: Iterable[str]) -> None:
    """Keep a list of people: what is put to the upload's address again changes nothing of it."""
    _put_lines(_key(incident_id, "people.jsonl.gz"), ids)


def people(incident_id: str) -> list[str] | None:
    """The list of people; None where it has not been read yet."""
    packed = s3.get(BUCKET, _key(incident_id, "people.jsonl.gz"))
    return None if packed is None else _unpacked(packed)


def put_events(incident_id: str, lines: Iterable[Any]) -> None:
    """Keep a list of single events."""
    _put_lines(_key(incident_id, "events.jsonl.gz"), lines)


def events(incident_id: str) -> list[Any]:
    """The list of single events."""
    return _lines(_key(incident_id, "events.jsonl.gz"))


def put_candidates(incident_id: str, candidates: Iterable[Any]) -> int:
    """Put the candidates, chunk by chunk, and the list of the chunks, which the state machine reads; how
    many chunks."""
    numbers: list[dict[str, int]] = []
    for number, some in enumerate(batched(candidates, CHUNK, strict=False)):
        _put_lines(_chunk(incident_id, number), some)
        numbers.append({"number": number})
    s3.put_json(BUCKET, chunks_key(incident_id), numbers)
    return len(numbers)


def chunks_key(incident_id: str) -> str:
    """Where the list of the chunks lies."""
    return _key(incident_id, "chunks.json")


def chunks(incident_id: str) -> list[dict[str, int]]:
    """The chunks by number; none before they are put down."""
    found = s3.get(BUCKET, chunks_key(incident_id))
    return [] if found is None else list(orjson.loads(found))


def candidates(incident_id: str, number: int) -> list[Any]:
    """The candidates of a chunk."""
    return _lines(_chunk(incident_id, number))


def put_judged(incident_id: str, phase: str, number: int, lines: Iterable[Any]) -> None:
    """Put what a chunk came to; done again, it is put anew."""
    _put_lines(_judged(incident_id, phase, number), lines)


def judged(incident_id: str, phase: str) -> Iterator[list[Any]]:
    """What the chunks came to, one after the other; nothing of one that is not done."""
    for chunk in chunks(incident_id):
        yield judged_chunk(incident_id, phase, chunk["number"])


def judged_chunk(incident_id: str, phase: str, number: int) -> list[Any]:
    """What a chunk came to; nothing where it is not done."""
    packed = s3.get(BUCKET, _judged(incident_id, phase, number))
    return [] if packed is None else _unpacked(packed)


def put_summary(incident_id: str, phase: str, summary: Any, report: bytes, named: Iterable[str]) -> None:
    """Put what all came to: the summary for the API, the report for people, and the ids of whom it names."""
    _put_lines(_key(incident_id, f"{phase}.ids.gz"), named)
    s3.put(BUCKET, _key(incident_id, f"{phase}.csv"), report, "text/csv; charset=utf-8")
    s3.put_json(BUCKET, _key(incident_id, f"{phase}.json"), summary)


def named(incident_id: str, phase: str) -> list[str]:
    """The ids of whom a report names."""
    return _lines(_key(incident_id, f"{phase}.ids.gz"))


def summary(incident_id: str, phase: str) -> Any | None:
    """What all came to; None where that is not known yet."""
    found = s3.get(BUCKET, _key(incident_id, f"{phase}.json"))
    return None if found is None else orjson.loads(found)


def report_url(incident_id: str, phase: str, within: timedelta) -> str:
    """Where the report may be fetched without an AWS account, for a while."""
    return s3.signed_url("get_object", BUCKET, _key(incident_id, f"{phase}.csv"), within)


def put_releases(incident_id: str, releases: Any) -> None:
    """Keep how far the providers' lists are."""
    s3.put_json(BUCKET, _key(incident_id, "releases.json"), releases)


def releases(incident_id: str) -> Any | None:
    """How far the providers' lists are; None where nobody has begun."""
    found = s3.get(BUCKET, _key(incident_id, "releases.json"))
    return None if found is None else orjson.loads(found)


def _key(incident_id: str, name: str) -> str:
    return f"resets/{incident_id}/{name}"


def _chunk(incident_id: str, number: int) -> str:
    return _key(incident_id, f"chunks/{number:05}.gz")


def _judged(incident_id: str, phase: str, number: int) -> str:
    return _key(incident_id, f"{phase}/{number:05}.gz")


def _put_lines(key: str, lines: Iterable[Any]) -> None:
    body = b"\n".join(map(orjson.dumps, lines))
    s3.put(BUCKET, key, gzip.compress(body, compresslevel=1, mtime=0), "application/gzip")


def _lines(key: str) -> list[Any]:
    packed = s3.get(BUCKET, key)
    if packed is None:
        raise NotFound(Detail.NO_SUCH_OBJECT)
    return _unpacked(packed)


def _unpacked(packed: bytes) -> list[Any]:
    return [orjson.loads(line) for line in gzip.decompress(packed).splitlines()]
