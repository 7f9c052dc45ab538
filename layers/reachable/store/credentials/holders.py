"""Who holds a credential, and who held it: what the roster says, by import. ``standing`` with its status."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from reachable.model.credential import Credential
from reachable.model.history import Standing
from reachable.model.people import Holder
from reachable.model.status import GOOD
from reachable.store import dynamodb
from reachable.store.credentials import keys, proofs, registers, upstream
from reachable.store.credentials.keys import TABLE
from reachable.store.dynamodb import Item

_A_PAGE: Final = 25
"""Holders a Query's page."""


def standing(credential: Credential) -> Standing:
    """Status, holders, upstream and proof of a credential in one strongly consistent Query."""
    status, holders, listed, proved_at = GOOD, [], [], None
    for item in dynamodb.query(
        TABLE,
        ConsistentRead=True,
        KeyConditionExpression="credential = :c AND #i BETWEEN :h AND :s",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={
            ":c": {"S": str(credential)},
            ":h": {"S": keys.HOLDERS},
            ":s": {"S": keys.LAST},
        },
    ):
        what = item["item"]["S"]
        if what == keys.STATUS:
            status = registers.status(item)
        elif what.startswith(keys.UPSTREAM):
            listed.append(upstream.of_item(dynamodb.of_wire(item)))
        elif what == keys.PROOF:
            proved_at = proofs.of_item(dynamodb.of_wire(item))
        else:
            holders.append(_holder(dynamodb.of_wire(item)))
    return Standing(credential, status, tuple(holders), tuple(listed), proved_at)


def of(credential: Credential) -> list[Holder]:
    """All who hold or held a credential."""
    return list(standing(credential).holders)


def at(credential: Credential, at: datetime, limit: int, named: str | None) -> list[Holder]:
    """Some of those who held a credential at a time; ``named``, if it is one of them, alone.

    The roster tells since when we know of a holding: before the first that we know it was theirs, too. Read
    page by page until there are so many, so that of one that thousands share not all are read. 1 Query.
    """
    if named is not None:
        known = dynamodb.get(TABLE, keys.holder(credential, named))
        if known is not None and (holder := _holder(known)).held(at):
            return [holder]
    items = dynamodb.query(
        TABLE,
        KeyConditionExpression="credential = :c AND begins_with(#i, :h)",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":c": {"S": str(credential)}, ":h": {"S": keys.HOLDERS}},
        Limit=_A_PAGE,
    )
    found: list[Holder] = []
    later: list[Holder] = []
    for item in items:
        holder = _holder(dynamodb.of_wire(item))
        if holder.held(at):
            found.append(holder)
        elif holder.since > at:
            later.append(holder)
        if len(found) >= limit:
            return found
    first = min((holder.since for holder in later), default=None)
    return found or [holder for holder in later if holder.since == first][:limit]


def schools(held: Iterable[tuple[Credential, str]]) -> dict[tuple[Credential, str], tuple[str, ...]]:
    """The schools of these holders, by credential and user. Half a read unit each, 100 a request."""
    wanted = [keys.holder(credential, user_id) for credential, user_id in held]
    found = dynamodb.batch_get(TABLE, wanted, consistent=False, attributes=("credential", "item", "schools"))
    listed = map(dynamodb.of_wire, found)
    return {
        (Credential.of_key(item["credential"]), keys.user_of(item["item"])): tuple(item["schools"])
        for item in listed
    }


def put(held: Iterable[tuple[Credential, Holder]]) -> int:
    """Write holders, 25 a request, over what was known of them; how many. Used by roster imports alone."""
    return dynamodb.batch_put(TABLE, (_holder_item(credential, holder) for credential, holder in held))


def _holder_item(credential: Credential, holder: Holder) -> Item:
    return keys.holder(credential, holder.user_id) | {
        "sourced_id": holder.sourced_id,
        "name": holder.name,
        "language": holder.language,
        "schools": list(holder.schools),
        "since": keys.time(holder.since),
        "until": holder.until and keys.time(holder.until),
    }


def _holder(item: Item) -> Holder:
    return Holder(
        user_id=keys.user_of(item["item"]),
        sourced_id=item["sourced_id"],
        name=item["name"],
        language=item["language"],
        schools=tuple(item["schools"]),
        since=datetime.fromisoformat(item["since"]),
        until=datetime.fromisoformat(item["until"]) if "until" in item else None,
    )
