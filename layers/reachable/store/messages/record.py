"""A message's record: written down once, moved on by what is told of the message, read by its id."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.model.message import Message, Moved
from reachable.store import dynamodb
from reachable.store.messages import items, keys
from reachable.store.messages.items import Reasons, Times
from reachable.store.messages.keys import TABLE


def put(message: Message) -> None:
    """Write down a message. One that is there already may have moved on: it stays as it is. 1 write unit."""
    dynamodb.put_if_absent(TABLE, items.item(message))


def get(message_id: str) -> Message:
    """A message. 1 read unit.

    Raises:
        NotFound: there is none.
    """
    item = dynamodb.get(TABLE, keys.record(message_id))
    if item is None:
        raise NotFound(Detail.NO_SUCH_MESSAGE)
    return items.message(item)


def several(message_ids: Iterable[str]) -> list[Message]:
    """Those of these messages that there are, in no order. A BatchGetItem for each 100, a read unit each."""
    found = dynamodb.batch_get(TABLE, [keys.record(message_id) for message_id in message_ids])
    return [items.message(dynamodb.of_wire(item)) for item in found]


def note(
    message_id: str,
    at: Times,
    reasons: Reasons = MappingProxyType({}),
    *,
    for_good: bool = False,
    only: str = "attribute_exists(entity)",
    comparing: Mapping[str, str] = MappingProxyType({}),
    **known: Any,
) -> Moved | None:
    """Write down to what a message came, and what is known of it by now; that it bounced ``for_good``, too.

    1 write unit.

    The first time of a status counts. None where there is no such message, or where it is not ``only`` so.
    """
    known |= {items.BOUNCED_FOR_GOOD: for_good or None}
    update = items.moving(at, reasons, known)
    update["ExpressionAttributeValues"] |= dynamodb.to_wire(comparing)
    table = dynamodb.client()
    try:
        answer = table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**keys.record(message_id)),
            ConditionExpression=only,
            ReturnValues="ALL_OLD",
            **update,
        )
    except table.exceptions.ConditionalCheckFailedException:
        return None
    return items.moved(dynamodb.of_wire(answer["Attributes"]), at, reasons, known)


def note_tagged(
    message_id: str,
    provider: str,
    provider_message_id: str | None,
    at: Times,
    reasons: Reasons,
    *,
    for_good: bool = False,
) -> Moved | None:
    """As `note`, by an event that carries our tag. 1 write unit.

    A tag proves nothing: it counts only of a message that dispatch is sending, or has sent, by this provider,
    and whose provider's id is this one or not yet known.
    """
    named = provider_message_id and dynamodb.bounded(provider_message_id)
    this_one = " OR provider_message_id = :named" if named else ""
    return note(
        message_id,
        at,
        reasons,
        for_good=for_good,
        only=(
            "attribute_exists(at_sending) AND provider = :by "
            f"AND (attribute_not_exists(provider_message_id){this_one})"
        ),
        comparing={":by": provider} | ({":named": named} if named else {}),
        provider_message_id=named,
    )
