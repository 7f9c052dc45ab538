"""The stream of the table ``credentials``: what of a record concerns whom. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from reachable.model.bus_event import StatusMoved
from reachable.model.credential import Credential
from reachable.model.history import HistoryKind
from reachable.model.status import Status
from reachable.rules import status as status_rules
from reachable.store.credentials import keys, registers


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a credential was written."""

    credential: Credential


@dataclass(frozen=True, slots=True)
class WasReset:
    """A reset was written into a credential's history, of no incident: what that lifts its run releases."""

    credential: Credential


def of_record(record: Mapping[str, Any]) -> StatusMoved | Held | WasReset | None:
    """What a record tells; None where nothing follows from it.

    Raises:
        KeyError, TypeError, AttributeError, ValueError: it is no record of this table.
    """
    told = record["dynamodb"]
    item: str = told["Keys"]["item"]["S"]
    credential = Credential.of_key(told["Keys"]["credential"]["S"])
    if item == keys.STATUS:
        before, after = (registers.status(told.get(image) or {}) for image in ("OldImage", "NewImage"))
        at = datetime.fromtimestamp(told["ApproximateCreationDateTime"], UTC)
        return None if _is_mere_delivery(before, after) else StatusMoved(credential, before, after, at)
    if item.startswith(keys.HOLDERS):
        return Held(credential)
    image = told.get("NewImage") or {}
    kind = image.get("kind", {}).get("S")
    if item.startswith(keys.EVENTS) and record["eventName"] == "INSERT" and kind == HistoryKind.RESET:
        return None if "incident" in image else WasReset(credential)
    return None


def _is_mere_delivery(before: Status, after: Status) -> bool:
    """Whether a message arrived and opened nothing: where deliveries are kept, nearly every record."""
    only_delivered = replace(before, delivered=after.delivered) == after != before
    return only_delivered and status_rules.blocks(before) == status_rules.blocks(after)
