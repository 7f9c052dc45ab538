"""The newest message to each credential, in an item of its own: exact however many others came after it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.message import LastMessage, Message, MessageStatus
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import items, keys
from reachable.store.messages.keys import TABLE


def tell(message: Message) -> None:
    """Make this the newest message to its credential, or move it there. 1 write unit.

    Of two messages the later counts, and of two statuses of one the higher: in any order, any number of
    times, that gives the same. Nothing is told of one that is still on its way to the provider.
    """
    if message.credential is None or message.status not in _TOLD:
        return
    record = keys.record(message.id)
    table = dynamodb.client()
    last = keys.last(record["entity"], message.credential) | {
        "newest": record["item"],
        "rank": message.status.rank,
        "status": message.status.value,
        "at": keys.time(message.at[message.status]),
        "channel": message.channel.value,
        "expires_at": items.end(message.queued_at, items.RETENTION),
    }
    try:
        table.put_item(
            TableName=TABLE,
            Item=dynamodb.to_wire(last),
            ConditionExpression="attribute_not_exists(entity) OR newest < :n OR (newest = :n AND #r < :r)",
            ExpressionAttributeNames={"#r": "rank"},
            ExpressionAttributeValues=dynamodb.to_wire({":n": last["newest"], ":r": last["rank"]}),
        )
    except table.exceptions.ConditionalCheckFailedException:
        return


_TOLD: Final = frozenset(MessageStatus) - {
    MessageStatus.QUEUED,
    MessageStatus.HELD,
    MessageStatus.DROPPED,
    MessageStatus.SENDING,
}


def of_user(user_id: str, credentials: Iterable[Credential]) -> list[tuple[Credential, LastMessage]]:
    """The newest message to each credential, to this user and by another system to the address; oldest first.

    Half a read unit for each of the two.
    """
    wanted = [
        keys.last(keys.partition(owner), credential)
        for credential in credentials
        for owner in (user_id, credential.digest)
    ]
    found = map(dynamodb.of_wire, dynamodb.batch_get(TABLE, wanted, consistent=False))
    return [_last(item) for item in sorted(found, key=lambda item: item["newest"])]


def _last(item: Item) -> tuple[Credential, LastMessage]:
    last = LastMessage(
        Channel(item["channel"]),
        MessageStatus(item["status"]),
        datetime.fromisoformat(item["at"]),
        keys.time_of(item["newest"]),
        to_address=keys.user_of(item["entity"]) is None,
    )
    return keys.credential_of(item["item"]), last
