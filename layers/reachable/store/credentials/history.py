"""The history of a credential: what happened to it, put once and kept, whatever becomes of its status."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, EventHex, Permanence
from reachable.model.history import Consent, HistoryItem, HistoryKind
from reachable.model.status import Lift
from reachable.model.upstream import Hindrance
from reachable.store import dynamodb
from reachable.store.credentials import keys
from reachable.store.credentials.keys import TABLE
from reachable.store.dynamodb import Item


def record(credential: Credential, item: HistoryItem) -> HistoryItem:
    """Append to the history; the item that stands there. Writing it twice is writing it once. 1 write unit.

    What an event does is decided once: where its item is there already, that counts and not this call's.
    Where it is new, it is the very item that was given.
    """
    table = dynamodb.client()
    put: dict[str, Any] = {"TableName": TABLE, **put_of(credential, item)}
    try:
        dynamodb.beside_transactions(
            lambda: table.put_item(**put, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        )
    except table.exceptions.ConditionalCheckFailedException as known:
        stored: Any = known.response.get("Item", {})
        return _item(dynamodb.of_wire(stored))
    return item


def of(credential: Credential, *, consistent: bool = False) -> list[HistoryItem]:
    """All that ever happened to a credential, newest first by the time at which it occurred. 1 Query."""
    items = dynamodb.query(
        TABLE,
        ConsistentRead=consistent,
        KeyConditionExpression="credential = :c AND begins_with(#i, :e)",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":c": {"S": str(credential)}, ":e": {"S": keys.EVENTS}},
    )
    found = [_item(dynamodb.of_wire(item)) for item in items]
    return sorted(found, key=lambda item: (item.occurred_at, item.hex), reverse=True)


def items(
    credential: Credential, hexes: Iterable[EventHex], *, consistent: bool = False
) -> dict[EventHex, HistoryItem]:
    """The named history items: those that a status's marks lead to. Half a read unit each, or one."""
    wanted = [keys.event(credential, hex_) for hex_ in hexes]
    found = (
        _item(dynamodb.of_wire(item)) for item in dynamodb.batch_get(TABLE, wanted, consistent=consistent)
    )
    return {item.hex: item for item in found}


def put_of(credential: Credential, item: HistoryItem) -> dict[str, Any]:
    """The Put of a history item, on condition that it is not there; the table is still to be named."""
    return {
        "Item": dynamodb.to_wire(
            keys.event(credential, item.hex)
            | {
                "kind": item.kind.value,
                "provider": item.provider,
                "account": item.account,
                "occurred_at": keys.time(item.occurred_at),
                "received_at": keys.time(item.received_at),
                "channel": item.channel and item.channel.value,
                "permanence": item.permanence and item.permanence.value,
                "cause": item.cause and item.cause.value,
                "sent_at": item.sent_at and keys.time(item.sent_at),
                "event_id": item.event_id,
                "provider_message_id": item.provider_message_id,
                "provider_code": item.provider_code,
                "smtp_status": item.smtp_status,
                "diagnostic": item.diagnostic,
                "metadata": dict(item.metadata) or None,
                "moves": item.moves,
                "raw": item.raw,
                "mark": item.mark,
                "lift": item.lift and item.lift.value,
                "by": item.by,
                "note": item.note,
                "consent": item.consent and {"from": item.consent.from_whom, "how": item.consent.how},
                "spelling": item.spelling,
                "hindrance": item.hindrance and item.hindrance.value,
                "retry_after": item.retry_after and keys.time(item.retry_after),
                "incident": item.incident,
            }
        ),
        "ConditionExpression": "attribute_not_exists(credential)",
    }


def _item(item: Item) -> HistoryItem:
    consent = item.get("consent")
    return HistoryItem(
        hex=keys.hex_of(item["item"]),
        kind=HistoryKind(item["kind"]),
        provider=item["provider"],
        account=item.get("account"),
        occurred_at=datetime.fromisoformat(item["occurred_at"]),
        received_at=datetime.fromisoformat(item["received_at"]),
        channel=_word(Channel, item.get("channel")),
        permanence=_word(Permanence, item.get("permanence")),
        cause=_word(Cause, item.get("cause")),
        sent_at=datetime.fromisoformat(item["sent_at"]) if "sent_at" in item else None,
        event_id=item.get("event_id"),
        provider_message_id=item.get("provider_message_id"),
        provider_code=item.get("provider_code"),
        smtp_status=item.get("smtp_status"),
        diagnostic=item.get("diagnostic"),
        metadata=item.get("metadata", {}),
        moves=item.get("moves"),
        raw=item.get("raw"),
        mark=item["mark"],
        lift=_word(Lift, item.get("lift")),
        by=item.get("by"),
        note=item.get("note"),
        consent=Consent(consent["from"], consent["how"]) if consent else None,
        spelling=item.get("spelling"),
        hindrance=_word(Hindrance, item.get("hindrance")),
        retry_after=datetime.fromisoformat(item["retry_after"]) if "retry_after" in item else None,
        incident=item.get("incident"),
    )


def _word[W: StrEnum](word: type[W], value: str | None) -> W | None:
    return None if value is None else word(value)
