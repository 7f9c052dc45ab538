"""What a provider says of a message by its own id, and whose message that is, whichever is known first.

Both who says something and who knows whose message it is update the one item of its recipient, and are told
all that stands there then: the second applies what the first could not.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, EventHex, Kind, Permanence
from reachable.model.message import Early, MessageStatus, Pointer
from reachable.model.send import DISPATCHED_BY
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import items, keys
from reachable.store.messages.items import Reasons, Times
from reachable.store.messages.keys import TABLE

_KEPT: Final = timedelta(days=60)
"""For a provider's latest word: it may lie on the queue, then with the dead, then on the queue again."""
_RECIPIENTS_READ: Final = 100
"""What dispatch sends has one recipient: an id of so many others is none of dispatch's."""
_EARLY: Final = "event#"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one recipient of a provider's message, and to what it had come before."""

    message_id: str | None
    sent_at: datetime | None
    at: Times
    reasons: Reasons
    before: frozenset[MessageStatus] = frozenset()


def note_event(
    pointer: Pointer, at: Times, reasons: Reasons, early: Early | None, received_at: datetime
) -> Told:
    """Write down what a provider says of one recipient of a message; all that is known of that. 1 write unit.

    ``early`` is kept until we know whose message it is about. Where it names another address than dispatch
    sent to, somebody forwarded it: then it is all that is told of dispatch's message. 1 read unit more where
    we do not know, of a provider by which dispatch sends.
    """
    kept = {f"{_EARLY}{early.hex}": _event_item(early)} if early else {}
    item, before = _meet(pointer, items.attributes(at, reasons) | kept, {}, received_at)
    forwarded = _dispatched(item) if pointer.provider in DISPATCHED_BY else None
    told = _told(item) if forwarded is None else Told(forwarded, None, at, reasons)
    return replace(told, before=frozenset(items.course(before)[0]))


def link(pointer: Pointer, message_id: str, received_at: datetime) -> Told:
    """Write down whose message another system's is, once; all that was said of it. 1 write unit."""
    return _told(_meet(pointer, {"message": message_id}, {}, received_at)[0])


def link_dispatched(pointer: Pointer, message_id: str, sent_at: datetime) -> tuple[Told, list[Early]]:
    """Write down that dispatch sent a provider's message; all that was said of it, and the early bounces.

    Among those are such as name another address, to which it was forwarded, and whose message is not known
    otherwise. 1 write unit and 1 read unit.
    """
    known = {"message": message_id, "sent_at": keys.time(sent_at), "dispatched": True}
    item, _ = _meet(pointer, {}, known, sent_at)
    others = [recipient for recipient in _recipients(item) if "message" not in recipient]
    return _told(item), [early for recipient in (item, *others) for early in _earlies(recipient)]


def _dispatched(item: Item) -> str | None:
    """The message that dispatch sent under the id of one that nobody claims; None where it sent none."""
    if "message" in item:
        return None
    found = {recipient["message"] for recipient in _recipients(item) if "dispatched" in recipient}
    return found.pop() if len(found) == 1 else None


def _recipients(item: Item) -> list[Item]:
    """All of the same message. Consistent: of two that each write one and read all, one sees the other's."""
    answer = dynamodb.client().query(
        TableName=TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": item["entity"]}},
        Limit=_RECIPIENTS_READ,
    )
    return [dynamodb.of_wire(found) for found in answer["Items"]]


def _meet(pointer: Pointer, first: Item, known: Item, now: datetime) -> tuple[Item, Item]:
    """Both sides update the one item: whoever comes second sees what the first one left.

    The item as that update has left it, and as it was before.
    """
    first = first | {"expires_at": items.end(now, _KEPT)}
    key = keys.pointer(pointer)
    answer = dynamodb.client().update_item(
        TableName=TABLE,
        Key=dynamodb.key(**key),
        ReturnValues="ALL_OLD",
        **items.setting(first, known),
    )
    before = dynamodb.of_wire(answer.get("Attributes", {}))
    return first | before | known | key, before


def _told(item: Item) -> Told:
    sent_at = item.get("sent_at") or item.get(f"{items.AT}{MessageStatus.SENT}")
    at, reasons = items.course(item)
    return Told(
        message_id=item.get("message"),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        at=at,
        reasons=reasons,
    )


def _event_item(early: Early) -> Item:
    told = {name: value for name, value in asdict(early.event).items() if value is not None}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in (told | {"received_at": early.received_at}).items()
    }


def _earlies(item: Item) -> list[Early]:
    return [
        _early(EventHex(name.removeprefix(_EARLY)), kept)
        for name, kept in item.items()
        if name.startswith(_EARLY)
    ]


def _early(hex_: EventHex, item: Item) -> Early:
    told = {name: _READ.get(name, lambda value: value)(value) for name, value in item.items()}
    received_at = told.pop("received_at")
    return Early(hex_, DeliveryEvent(**told), received_at)


_READ: Final[Mapping[str, Any]] = {
    "channel": Channel,
    "kind": Kind,
    "permanence": Permanence,
    "cause": Cause,
    "occurred_at": datetime.fromisoformat,
    "sent_at": datetime.fromisoformat,
    "received_at": datetime.fromisoformat,
}
