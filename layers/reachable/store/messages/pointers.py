"""What a provider says of a message by its own id, and whose message that is, whichever is known first.

Both who says something and who knows whose message it is update the one item of its recipient, and are told
all that stands there then: the second applies what the first could not.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, EventHex, Kind, Permanence
from reachable.model.message import Message, MessageStatus
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import items, keys, updates
from reachable.store.messages.items import Reasons, Times
from reachable.store.messages.keys import TABLE

_KEPT: Final = timedelta(days=60)
"""For a provider's latest word: it may lie on the queue, then with the dead, then on the queue again."""
_RECIPIENTS_READ: Final = 100
"""What dispatch sends has one recipient: an id of so many others is none of dispatch's."""
_EARLY: Final = "event#"


@dataclass(frozen=True, slots=True)
class Source:
    """By what a provider names a message; one id may be of many recipients."""

    provider: str
    account: str | None
    message_id: str

    @property
    def entity(self) -> str:
        """The partition of its recipients."""
        return keys.pointers(self.provider, self.account, self.message_id)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one recipient of a provider's message."""

    message_id: str | None
    sent_at: datetime | None
    at: Times
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Early:
    """A bounce that came before we knew whose message it is about: its name, and when we received it."""

    hex: EventHex
    event: DeliveryEvent
    received_at: datetime


def note_event(
    source: Source,
    credential: Credential,
    at: Times,
    reasons: Reasons,
    early: Early | None,
    received_at: datetime,
) -> Told:
    """Write down what a provider says of one recipient of a message; all that is known of that. 1 write unit.

    ``early`` is kept until we know whose message it is about.
    """
    kept = {f"{_EARLY}{early.hex}": _event_item(early)} if early else {}
    return _told(_meet(source, credential, items.attributes(at, reasons) | kept, {}, received_at))


def link(source: Source, credential: Credential, message: Message, received_at: datetime) -> Told:
    """Write down whose message another system's is, once; all that was said of it. 1 write unit."""
    return _told(_meet(source, credential, {"message": message.id}, {}, received_at))


def link_dispatched(
    source: Source, credential: Credential, message_id: str, sent_at: datetime
) -> tuple[Told, list[Early]]:
    """Write down that dispatch sent a provider's message; all that was said of it, and the early bounces.

    Among those are such as name another address, to which it was forwarded, and whose message is not known
    otherwise. 1 write unit and 1 read unit.
    """
    known = {"message": message_id, "sent_at": keys.time(sent_at), "dispatched": True}
    item = _meet(source, credential, {}, known, sent_at)
    others = [recipient for recipient in _recipients(source) if "message" not in recipient]
    return _told(item), [early for recipient in (item, *others) for early in _earlies(recipient)]


def dispatched(source: Source) -> str | None:
    """The message that dispatch sent under this id of a provider's; None where it sent none. 1 read unit."""
    found = {item["message"] for item in _recipients(source) if "dispatched" in item}
    return found.pop() if len(found) == 1 else None


def _recipients(source: Source) -> list[Item]:
    """Consistent: of two that each write one and then read all, one at least sees the other's."""
    answer = dynamodb.client().query(
        TableName=TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": source.entity}},
        Limit=_RECIPIENTS_READ,
    )
    return [dynamodb.of_wire(item) for item in answer["Items"]]


def _meet(source: Source, credential: Credential, first: Item, known: Item, now: datetime) -> Item:
    """Both sides update the one item: whoever comes second sees what the first one left."""
    first = first | {"expires_at": items.end(now, _KEPT)}
    answer = dynamodb.client().update_item(
        TableName=TABLE,
        Key=dynamodb.key(**keys.recipient(source.entity, credential)),
        ReturnValues="ALL_NEW",
        **updates.setting(first, known),
    )
    return dynamodb.of_wire(answer["Attributes"])


def _told(item: Item) -> Told:
    sent_at = item.get("sent_at") or item.get(f"{items.AT}{MessageStatus.SENT}")
    return Told(
        message_id=item.get("message"),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        at=items.times(item),
        reasons=items.reasons(item),
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
