"""That somebody signed in with a credential that was bad: the newest sign-in, for staff who look at it.

It moves no register. What opens a credential by itself is a line of the history instead.
"""

from datetime import datetime
from typing import Any

from reachable.model.credential import Credential
from reachable.store import dynamodb
from reachable.store.credentials import keys
from reachable.store.credentials.keys import TABLE
from reachable.store.dynamodb import Item


def learn(credential: Credential, at: datetime) -> None:
    """Keep when somebody signed in, unless a later time is known. 1 write unit."""
    update: dict[str, Any] = {
        "TableName": TABLE,
        "Key": dynamodb.key(**keys.proof(credential)),
        "UpdateExpression": "SET #at = :at",
        "ConditionExpression": "attribute_not_exists(#at) OR #at < :at",
        "ExpressionAttributeNames": {"#at": "at"},
        "ExpressionAttributeValues": {":at": {"S": keys.time(at)}},
    }
    table = dynamodb.client()
    try:
        table.update_item(**update)
    except table.exceptions.ConditionalCheckFailedException:
        return


def of_item(item: Item) -> datetime:
    """The time that an item tells."""
    return datetime.fromisoformat(item["at"])
