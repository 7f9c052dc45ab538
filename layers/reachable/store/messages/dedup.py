"""Dedup ids: a client that asks again for what it has asked for makes no second message."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reachable.store import dynamodb
from reachable.store.messages import items, keys
from reachable.store.messages.keys import TABLE

_KEPT: Final = timedelta(days=30)
"""For a client that repeats a dedup id."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a dedup id stands for. ``done``: its message has been queued; else that may be repeated."""

    message_id: str
    content: str
    done: bool


def claim(dedup_id: str, message_id: str, content: str, now: datetime) -> Claim:
    """Take a dedup id for a message, or learn which has it. 1 write unit."""
    item = {"message": message_id, "content": content, "expires_at": items.end(now, _KEPT)}
    stored = dynamodb.put_if_absent(TABLE, keys.dedup(dedup_id) | item)
    if stored is None:
        return Claim(message_id, content, done=False)
    return Claim(stored["message"], stored["content"], done="done" in stored)


def done(dedup_ids: Iterable[str]) -> set[str]:
    """Those of these dedup ids whose message has been queued. A read unit each, 100 a request."""
    asked = {keys.dedup(id_)["entity"]: id_ for id_ in dedup_ids}
    found = dynamodb.batch_get(TABLE, map(keys.dedup, asked.values()))
    return {asked[item["entity"]["S"]] for item in found if "done" in item}


def finish(dedup_id: str, message_id: str) -> None:
    """Note that a dedup id's message has been queued, unless it stands for another by now. 1 write unit."""
    table = dynamodb.client()
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**keys.dedup(dedup_id)),
            UpdateExpression="SET done = :done",
            ConditionExpression="#m = :id",
            ExpressionAttributeNames={"#m": "message"},
            ExpressionAttributeValues={":done": {"BOOL": True}, ":id": {"S": message_id}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return
