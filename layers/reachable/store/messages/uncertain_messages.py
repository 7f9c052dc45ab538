"""Messages of which nobody knows whether they went out: noted, and listed for a person to look into."""

from datetime import datetime

from reachable.model.message import Message, MessageStatus, Moved
from reachable.store import dynamodb
from reachable.store.messages import items, keys, record
from reachable.store.messages.keys import TABLE


def note(message_id: str, now: datetime) -> Moved | None:
    """Note, and list, that nobody knows whether a message went out. 2 write units."""
    moved = record.note(message_id, {MessageStatus.UNCERTAIN: now})
    if moved is not None:
        put(moved.message)
    return moved


def put(message: Message) -> None:
    """List a message of which nobody knows whether it went out; twice is once. 1 write unit."""
    at = message.at[MessageStatus.UNCERTAIN]
    dynamodb.put_if_absent(
        TABLE, keys.uncertain(at, message.id) | {"expires_at": items.end(at, items.RETENTION)}
    )


def page(since: datetime | None, limit: int, after: str | None = None) -> tuple[list[Message], str | None]:
    """Messages of which nobody knows whether they went out, the oldest first; where to go on.

    1 Query and a BatchGetItem. One of which the provider has told since is left out.
    """
    first = after or (keys.time(since) if since else keys.BEFORE_TIMES)
    answer = dynamodb.client().query(
        TableName=TABLE,
        KeyConditionExpression="entity = :e AND #i > :first",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":e": {"S": keys.UNCERTAIN}, ":first": {"S": first}},
        Limit=limit,
    )
    listed = [item["item"]["S"] for item in answer["Items"]]
    records = dynamodb.batch_get(TABLE, [keys.record(keys.message_id_of(item)) for item in listed])
    found = (items.message(dynamodb.of_wire(item)) for item in records)
    still = sorted(
        (message for message in found if message.status is MessageStatus.UNCERTAIN),
        key=lambda message: message.at[MessageStatus.UNCERTAIN],
    )
    return still, listed[-1] if "LastEvaluatedKey" in answer else None
