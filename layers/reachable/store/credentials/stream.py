"""The stream of the table ``credentials``: what of a record concerns whom. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reachable.model.bus_event import StatusMoved
from reachable.model.credential import Credential
from reachable.model.history import HistoryKind
from reachable.model.status import GOOD
from reachable.store.credentials import keys, registers


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a credential was written."""

    credential: Credential


@dataclass(frozen=True, slots=True)
class WasReset:
    """A reset was written into a credential's history."""

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
        before, after = (told.get(image) for image in ("OldImage", "NewImage"))
        return StatusMoved(
            credential,
            registers.status(before) if before else GOOD,
            registers.status(after) if after else GOOD,
            datetime.fromtimestamp(told["ApproximateCreationDateTime"], UTC),
        )
    if item.startswith(keys.HOLDERS):
        return Held(credential)
    kind = (told.get("NewImage") or {}).get("kind", {}).get("S")
    if item.startswith(keys.EVENTS) and record["eventName"] == "INSERT" and kind == HistoryKind.RESET:
        return WasReset(credential)
    return None
