"""Which messages a batch has, in the order of their ids: put with each record."""

from datetime import datetime
from typing import Any

from reachable.model.message import read_message_id
from reachable.store import dynamodb
from reachable.store.messages import items, keys
from reachable.store.messages.keys import TABLE


def put(batch_id: str, message_id: str, queued_at: datetime) -> None:
    """List a message under its batch; twice is once. 1 write unit."""
    listed = keys.in_batch(batch_id, message_id) | {"expires_at": items.end(queued_at, items.RETENTION)}
    dynamodb.put_if_absent(TABLE, listed)


def page(batch_id: str, limit: int, after: str | None) -> tuple[list[str], bool]:
    """Ids of a batch's messages, and whether there are more. 1 Query."""
    place = keys.in_batch(batch_id, keys.BEFORE_IDS)
    start: dict[str, Any] = (
        {"ExclusiveStartKey": dynamodb.key(**keys.in_batch(batch_id, after))} if after is not None else {}
    )
    answer = dynamodb.client().query(
        TableName=TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e AND #i BETWEEN :first AND :last",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues=dynamodb.to_wire(
            {":e": place["entity"], ":first": place["item"], ":last": keys.AFTER_IDS}
        ),
        Limit=limit,
        **start,
    )
    listed = [item["item"]["S"] for item in answer["Items"]]
    # Counts of before lie there, too.
    return [item for item in listed if read_message_id(item)], "LastEvaluatedKey" in answer
