"""Write an act on one of many credentials: history, status and audit in one transaction, or nothing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reachable.model.history import HistoryItem, Standing
from reachable.model.status import Block, Lifting
from reachable.rules import status as status_rules
from reachable.store import audit
from reachable.store.credentials import staff
from reachable.store.credentials.staff import StaffAct

_HOLDERS_TOLD: Final = 25
"""In the audit: of an address that a whole district shares not all, since a transaction has 100 items."""
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def write(standing: Standing, item: HistoryItem, act: audit.Act, details: Mapping[str, str] = _NONE) -> None:
    """Write an item that moves a register, on condition that the status is as it was read. Where that holds
    something newer, the item is for the history.

    2 write units for each of some four items.

    Raises:
        Changed: something has moved since, or the item stands there already.
    """
    change = status_rules.change_of(item)
    assert isinstance(change, Block | Lifting)  # noqa: S101 - nobody grows a set by hand
    moves = status_rules.join(standing.status, [change]) != standing.status
    staff_act = StaffAct(
        credential=standing.credential,
        seen=standing.status,
        item=item,
        change=change if moves else None,
    )
    records = _records(standing, item, act, details)
    staff.write([staff_act], [put for record in records for put in audit.puts(record)])


def _records(
    standing: Standing, item: HistoryItem, act: audit.Act, details: Mapping[str, str]
) -> list[audit.AuditRecord]:
    """One for each who holds it now; of what nobody holds one that names nobody."""
    holding = [holder.user_id for holder in standing.current[:_HOLDERS_TOLD]]
    user_ids: list[str | None] = [*holding] or [None]
    told = {"credential": standing.credential.kind.value, "moves": item.moves or "", **details}
    return [
        audit.AuditRecord(
            id=item.hex if user_id is None else f"{item.hex}.{user_id}",
            at=item.occurred_at,
            act=act,
            by=item.by or "",
            user_id=user_id,
            details=told | ({"note": item.note} if item.note else {}),
        )
        for user_id in user_ids
    ]
