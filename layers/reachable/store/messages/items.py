"""What the table ``messages`` holds of a message, how that moves on, and the message back from it. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from reachable import settings
from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.message import Message, MessageStatus, Moved
from reachable.model.send import Purpose
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import keys

RETENTION: Final = timedelta(days=settings.typed("MESSAGE_RETENTION_DAYS", int))

BOUNCED_FOR_GOOD: Final = "bounced_for_good"
"""Set by the very event that says so: to the status another may have brought the record."""
CLAIM: Final = "claim"
"""The mark of the worker that has a message."""
AT: Final = "at_"
"""Before a status: when the message came to it."""
_WHY: Final = "why_"

type Times = Mapping[MessageStatus, datetime]
type Reasons = Mapping[MessageStatus, str]


def item(message: Message) -> Item:
    """The item of a message's record."""
    return (
        keys.record(message.id)
        | {
            "channel": message.channel.value,
            "credential": message.credential and str(message.credential),
            "purpose": message.purpose.value,
            "subject": message.subject,
            "label": message.label,
            "batch_id": message.batch_id,
            "dedup_id": message.dedup_id,
            "provider": message.provider,
            "provider_message_id": message.provider_message_id,
            "expires_at": end(message.queued_at, RETENTION),
        }
        | attributes(message.at, message.reasons)
    )


def message(item: Item) -> Message:
    """The message of a record's item."""
    at, why = course(item)
    return Message(
        id=keys.message_id_of(item["item"]),
        user_id=keys.user_of(item["entity"]),
        channel=Channel(item["channel"]),
        purpose=Purpose(item["purpose"]),
        queued_at=keys.time_of(item["item"]),
        credential=Credential.of_key(item["credential"]) if "credential" in item else None,
        subject=item.get("subject"),
        label=item.get("label"),
        batch_id=item.get("batch_id"),
        dedup_id=item.get("dedup_id"),
        provider=item.get("provider"),
        provider_message_id=item.get("provider_message_id"),
        segments=item.get("segments"),
        label_adds_segment=item.get("label_adds_segment", False),
        exempted=item.get("exempted"),
        claim=item.get(CLAIM),
        at=at,
        reasons=why,
    )


def moving(at: Times, why: Reasons, known: Mapping[str, Any]) -> dict[str, Any]:
    """The update of a record: of a status the first time and reason count, the rest is set."""
    return setting(attributes(at, why), _given(known))


def moved(before: Item, at: Times, why: Reasons, known: Mapping[str, Any]) -> Moved:
    """The message as that update has left it."""
    after = attributes(at, why) | before | _given(known)
    return Moved(message(after), before.get(BOUNCED_FOR_GOOD, False), frozenset(course(before)[0]))


def _given(known: Mapping[str, Any]) -> Item:
    return {name: value for name, value in known.items() if value is not None}


def setting(first: Item, known: Item) -> dict[str, Any]:
    """An update that sets ``first`` where they are not set yet, and ``known`` whatever they were.

    Such updates come to the same in whatever order they are made.
    """
    sets = [f"#f{i} = if_not_exists(#f{i}, :f{i})" for i, _ in enumerate(first)]
    sets += [f"#k{i} = :k{i}" for i, _ in enumerate(known)]
    named = [(f"f{i}", *pair) for i, pair in enumerate(first.items())]
    named += [(f"k{i}", *pair) for i, pair in enumerate(known.items())]
    return {
        "UpdateExpression": f"SET {', '.join(sets)}",
        "ExpressionAttributeNames": {f"#{short}": name for short, name, _ in named},
        "ExpressionAttributeValues": dynamodb.to_wire({f":{short}": value for short, _, value in named}),
    }


def attributes(at: Times, why: Reasons) -> Item:
    """To what statuses a message came and why, as its item has them."""
    return {f"{AT}{status}": keys.time(time) for status, time in at.items()} | {
        f"{_WHY}{status}": reason for status, reason in why.items()
    }


def course(item: Item) -> tuple[Times, Reasons]:
    """When a message came to each status, and why, of an item that has such attributes."""
    at = {name.removeprefix(AT): value for name, value in item.items() if name.startswith(AT)}
    why = {name.removeprefix(_WHY): value for name, value in item.items() if name.startswith(_WHY)}
    return (
        {MessageStatus(status): datetime.fromisoformat(time) for status, time in at.items()},
        {MessageStatus(status): reason for status, reason in why.items()},
    )


def end(now: datetime, kept: timedelta) -> int:
    """When an item ends that is kept so long, in seconds since 1970, as DynamoDB takes it."""
    return int((now + kept).timestamp())
