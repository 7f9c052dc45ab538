"""Pages of messages, newest first: a user's, and what other systems sent to an address that several share."""

from collections.abc import Iterable
from datetime import datetime

from reachable.model.credential import Credential
from reachable.model.message import Message
from reachable.store import dynamodb
from reachable.store.messages import items, keys
from reachable.store.messages.keys import TABLE


def of_user(user_id: str, limit: int, before: str | None = None) -> list[Message]:
    """A user's newest messages, newest first; those older than the one with the id ``before``. 1 Query."""
    return _newest(user_id, limit, _before(before))


def of_address(
    credential: Credential, limit: int, before: str | None, until: datetime | None
) -> list[Message]:
    """What other systems sent to a shared address, newest first, ``until`` a time. 1 Query."""
    ends = [_before(before), *([keys.time(until)] if until else [])]
    return _newest(credential.digest, limit, min(ends))


def newest_first(messages: Iterable[Message]) -> list[Message]:
    """As each page is in order."""
    return sorted(messages, key=lambda message: keys.record(message.id)["item"], reverse=True)


def _before(message_id: str | None) -> str:
    return keys.record(message_id)["item"] if message_id else keys.AFTER_TIMES


def _newest(owner: str, limit: int, before: str) -> list[Message]:
    answer = dynamodb.client().query(
        TableName=TABLE,
        KeyConditionExpression="entity = :e AND #i < :before",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":e": {"S": keys.partition(owner)}, ":before": {"S": before}},
        ScanIndexForward=False,
        Limit=limit,
    )
    return [items.message(dynamodb.of_wire(item)) for item in answer["Items"]]
