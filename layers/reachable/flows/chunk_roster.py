"""Divide a district by the ids of its records into chunks that can be applied side by side."""

import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import chain
from typing import Any, Final

import orjson

from reachable.buckets import roster as roster_bucket
from reachable.model.people import AccountStatus, RosterKind, RosterRecord, User, id_of
from reachable.oneroster.join import Joined
from reachable.rules import label
from reachable.rules.label import PhoneHolder
from reachable.store.roster.items import EntityId, Row, entity_of
from reachable.store.roster.listing import BUCKETS, Part, part_of

DOMAINS: Final = "domains.json"
"""The object of an import's own that tells of domains."""
_RECORDS_A_CHUNK: Final = 2_500
"""So that a child ends within a minute or two, and one that fails costs little."""
_MOST_CHUNKS: Final = 256


def chunk(joined: Joined, import_id: str, default_language: str) -> str:
    """Put a district's chunks and their list into the bucket, and how many addresses each domain has.

    The list's key.

    Of the records themselves only the packed lines are held.
    """
    rows = joined.rows
    records = len(rows.people) + len(rows.classes) + len(rows.orgs)
    count = min(max(records // _RECORDS_A_CHUNK, 1), _MOST_CHUNKS)
    parts = [Part(BUCKETS * i // count, BUCKETS * (i + 1) // count) for i in range(count)]
    buffers = [BytesIO() for _ in parts]
    packed = [gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0) for buffer in buffers]
    which = [i for i, part in enumerate(parts) for _ in range(part.first, part.end)]
    domains: Counter[str] = Counter()
    for record in _records(joined, default_language):
        if isinstance(record, User):
            domains.update(filter(None, (credential.domain for credential in record.credentials.values())))
        packed[which[part_of(entity_of(record))]].write(line(record))
    chunks: list[dict[str, Any]] = []
    for i, (part, pack, buffer) in enumerate(zip(parts, packed, buffers, strict=True)):
        pack.close()
        key = roster_bucket.work(import_id, f"chunks/{i:04}.jsonl.gz")
        roster_bucket.put(key, buffer.getvalue(), "application/gzip")
        chunks.append({"number": i, "key": key, "first": part.first, "end": part.end})
    listed = roster_bucket.work(import_id, "chunks.json")
    roster_bucket.put_json(listed, chunks)
    roster_bucket.put_json(roster_bucket.work(import_id, DOMAINS), domains)
    return listed


def line(record: RosterRecord) -> bytes:
    """A record as a line of a chunk."""
    row = Row.of(record)
    told = {"kind": row.entity.kind.value, "id": row.entity.id, "record": row.plain}
    if isinstance(record, User):
        told["account_status"] = row.account_status.value
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def rows_of(lines: Iterable[bytes]) -> list[Row]:
    """The rows of a chunk."""
    return [_row(orjson.loads(packed)) for packed in lines]


def _records(joined: Joined, default_language: str) -> Iterator[RosterRecord]:
    labels = _labels(joined, default_language)
    yield from chain(joined.schools(), joined.classes(), joined.students())
    for user in joined.users():
        yield replace(user, label=labels[user.id]) if user.id in labels else user


def _labels(joined: Joined, default_language: str) -> dict[str, str]:
    """The labels of all users who share a phone, by user id."""
    holders: defaultdict[str, list[PhoneHolder]] = defaultdict(list)
    for phone, person, language in joined.phones():
        holders[phone].append(
            PhoneHolder(
                id_of(RosterKind.USER, person.sourced_id), person.given_name, person.family_name, language
            )
        )
    labels: dict[str, str] = {}
    for sharing in holders.values():
        labels |= label.labels(sharing, default_language)
    return labels


def _row(told: dict[str, Any]) -> Row:
    entity = EntityId(RosterKind(told["kind"]), told["id"])
    return Row(entity, told["record"], AccountStatus(told.get("account_status", AccountStatus.ACTIVE)))
