"""The stream of the table ``messages``: a record of it as a message that moved. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reachable.model.bus_event import MessageMoved
from reachable.store import dynamodb
from reachable.store.messages import items, keys


def of_record(record: Mapping[str, Any]) -> MessageMoved | None:
    """A message as it was and is; None where the record is of something else, or it has reached its end.

    Raises:
        KeyError, TypeError, AttributeError, ValueError: it is no record of this table.
    """
    told = record["dynamodb"]
    key = dynamodb.of_wire(told["Keys"])
    if not keys.is_record(key["entity"], key["item"]) or "NewImage" not in told:
        return None
    before, after = told.get("OldImage"), dynamodb.of_wire(told["NewImage"])
    return MessageMoved(
        items.message(dynamodb.of_wire(before)) if before else None,
        items.message(after),
        datetime.fromtimestamp(told["ApproximateCreationDateTime"], UTC),
    )
