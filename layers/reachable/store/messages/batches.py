"""Which messages a batch has, in the order of their ids: put with each record."""

from datetime import datetime

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
    first = keys.in_batch(batch_id, after or keys.BEFORE_IDS)
    answer = dynamodb.client().query(
        TableName=TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e AND #i BETWEEN :first AND :last",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues=dynamodb.to_wire(
            # What comes after an id is its successor: BETWEEN takes both ends.
            {
                ":e": first["entity"],
                ":first": f"{first['item']}\x00" if after else first["item"],
                ":last": keys.AFTER_IDS,
            }
        ),
        Limit=limit,
    )
    listed = [item["item"]["S"] for item in answer["Items"]]
    # Counts of before lie there, too.
    return [item for item in listed if read_message_id(item)], "LastEvaluatedKey" in answer
