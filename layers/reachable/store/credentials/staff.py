"""What staff do to credentials: history, status and audit in one transaction, or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reachable.model.credential import Credential
from reachable.model.details import Detail
from reachable.model.errors import Changed
from reachable.model.history import HistoryItem
from reachable.model.status import Block, Lifting, Status
from reachable.store import dynamodb
from reachable.store.credentials import history, keys, registers
from reachable.store.credentials.keys import TABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAct:
    """What staff do to one credential: ``item`` is its line, ``change`` what moves, if anything does.

    ``seen`` is the status that they decided by.
    """

    credential: Credential
    seen: Status
    item: HistoryItem | None = None
    change: Block | Lifting | None = None


def write(acts: Iterable[StaffAct], audit: Iterable[Mapping[str, Any]]) -> None:
    """Write what staff did to several credentials whole, or not at all; ``audit`` are ready Puts.

    An act without item and change only makes sure that its credential is as it was seen. 2 write units an
    item.

    Raises:
        Changed: a status is no longer what it was when they looked. Nothing is written.
    """
    items: list[Any] = [item for act in acts for item in _items_of(act)]
    items += [{"Put": put} for put in audit]
    table = dynamodb.client()
    try:
        table.transact_write_items(TransactItems=items)
    except table.exceptions.TransactionCanceledException as cancelled:
        if not dynamodb.met_another(cancelled.response):
            raise
        raise Changed(Detail.STATUS_CHANGED) from cancelled


def _items_of(act: StaffAct) -> list[Any]:
    unmoved = registers.unmoved(act.credential, act.seen)
    if act.change is None:
        check = {"Key": dynamodb.key(**keys.status(act.credential))} | unmoved
        if not check["ExpressionAttributeValues"]:
            del check["ExpressionAttributeValues"]
        status: dict[str, Any] = {"ConditionCheck": {"TableName": TABLE} | check}
    else:
        update = registers.update_of(act.credential, act.change)
        both = f"{update['ConditionExpression']} AND {unmoved['ConditionExpression']}"
        merged = {
            part: update[part] | unmoved[part]
            for part in ("ExpressionAttributeNames", "ExpressionAttributeValues")
        }
        status = {"Update": {"TableName": TABLE, **update, **merged, "ConditionExpression": both}}
    put = (
        []
        if act.item is None
        else [{"Put": {"TableName": TABLE, **history.put_of(act.credential, act.item)}}]
    )
    return [status, *put]
