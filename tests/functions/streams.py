"""The tables' streams: what moved while something was done, as Lambda brings it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from functions.reactions.app import handler as reactions
from reachable.store import dynamodb
from tests.functions.district import CONTEXT

type Records = list[dict[str, Any]]
type _Images = dict[tuple[str, ...], Mapping[str, Any]]


@contextmanager
def moved(table: str = "credentials") -> Iterator[Records]:
    """The records of what is written meanwhile, there when it is over: one an item, from first to last."""
    before = _images(table)
    records: Records = []
    yield records
    after = _images(table)
    for key in sorted({**before, **after}):
        old, new = before.get(key), after.get(key)
        if old != new:
            records.append(_record(table, old, new))


@contextmanager
def reacting() -> Iterator[None]:
    """What is written meanwhile comes by the stream."""
    with moved() as records:
        yield
    if records:
        reactions({"Records": records}, CONTEXT)


def _images(table: str) -> _Images:
    names = ("credential", "item") if table == "credentials" else ("entity", "item")
    return {tuple(item[name]["S"] for name in names): item for item in dynamodb.scan(table)}


def _record(table: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> dict[str, Any]:
    image = new or old or {}
    names = ("credential", "item") if table == "credentials" else ("entity", "item")
    told: dict[str, Any] = {
        "Keys": {name: image[name] for name in names},
        "ApproximateCreationDateTime": datetime.now(UTC).timestamp(),
    }
    if old is not None:
        told["OldImage"] = old
    if new is not None:
        told["NewImage"] = new
    return {
        "eventID": f"{table}-{sorted(str(part) for part in told['Keys'].values())}",
        "eventName": "MODIFY" if old and new else "INSERT" if new else "REMOVE",
        "eventSource": "aws:dynamodb",
        "dynamodb": told,
    }
