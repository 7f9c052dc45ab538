"""How a credential stands on the providers' own lists: the newest that was learned of each, by time.

What came of each release is a line of the history, too; this is what the profile shows, and what says that a
release is done.
"""

from datetime import datetime
from typing import Any, Final

from reachable.model.credential import Credential
from reachable.model.status import Mark
from reachable.model.upstream import Hindrance, Upstream, UpstreamState
from reachable.store import dynamodb
from reachable.store.credentials import keys
from reachable.store.credentials.keys import TABLE
from reachable.store.dynamodb import Item

_MAYBE: Final = ("retry_after", "hindrance", "listed_at", "listed_in", "released_at")
"""What goes where the newest does not tell it."""


def learn(credential: Credential, learned: Upstream) -> bool:
    """Keep what was learned, unless more is known already: of a newer reset, or later; whether it was.

    1 write unit.
    """
    values = dynamodb.to_wire(_attributes(learned))
    gone = [name for name in _MAYBE if name not in values]
    removed = f" REMOVE {', '.join(f'#{name}' for name in gone)}" if gone else ""
    update: dict[str, Any] = {
        "TableName": TABLE,
        "Key": dynamodb.key(**keys.upstream(credential, learned.provider, learned.account)),
        "UpdateExpression": f"SET {', '.join(f'#{name} = :{name}' for name in values)}{removed}",
        "ConditionExpression": (
            "attribute_not_exists(#at) OR #answers < :answers OR (#answers = :answers AND #at <= :at)"
        ),
        "ExpressionAttributeNames": {f"#{name}": name for name in (*values, *gone)},
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
    }
    table = dynamodb.client()
    try:
        table.update_item(**update)
    except table.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _attributes(learned: Upstream) -> Item:
    return {
        "state": learned.state.value,
        "at": keys.time(learned.at),
        "retry_after": learned.retry_after and keys.time(learned.retry_after),
        "hindrance": learned.hindrance and learned.hindrance.value,
        "answers": learned.answers,
        "tries": learned.tries,
        "listed_at": learned.listed_at and keys.time(learned.listed_at),
        "listed_in": learned.listed_in,
        "released_at": learned.released_at and keys.time(learned.released_at),
    }


def of_item(item: Item) -> Upstream:
    """What an item tells."""
    provider, account = keys.account_of(item["item"])
    return Upstream(
        provider=provider,
        account=account,
        state=UpstreamState(item["state"]),
        at=datetime.fromisoformat(item["at"]),
        retry_after=_time(item, "retry_after"),
        hindrance=Hindrance(item["hindrance"]) if "hindrance" in item else None,
        answers=Mark(item["answers"]),
        tries=item["tries"],
        listed_at=_time(item, "listed_at"),
        listed_in=item.get("listed_in"),
        released_at=_time(item, "released_at"),
    )


def _time(item: Item, name: str) -> datetime | None:
    return datetime.fromisoformat(item[name]) if name in item else None
