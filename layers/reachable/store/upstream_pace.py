"""When a provider's account may be asked next, in the table ``messages``: one line for all who ask.

upstream#<provider>#<account> / pace    the next free turn, and until when it is asked nothing
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from reachable.model.upstream import Account, Limit
from reachable.store import dynamodb
from reachable.store.messages import items
from reachable.store.messages.keys import TABLE

_KEPT: Final = timedelta(days=7)
_TRIES: Final = 5
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_IN_LINE: Final = ("#next + :step", "#next >= :now")
_AFTER_A_PAUSE: Final = (":now + :step", "(attribute_not_exists(#next) OR #next < :now)")


@dataclass(frozen=True, slots=True)
class Closed:
    """An account is asked nothing ``until`` then. ``denied``: it does not know our key."""

    until: datetime
    denied: bool


def closed(account: Account, now: datetime) -> Closed | None:
    """Until when an account is asked nothing; None where it may be asked. 1 read unit."""
    item = dynamodb.get(TABLE, _place(account)) or {}
    until = _time(item.get("closed_until", 0))
    return Closed(until, bool(item.get("denied"))) if until > now else None


def close(account: Account, until: datetime, now: datetime, *, denied: bool) -> None:
    """Ask an account nothing until then: it said so, or does not know our key. 1 write unit."""
    table = dynamodb.client()
    values = {":until": _milliseconds(until - _EPOCH), ":denied": denied, ":end": items.end(now, _KEPT)}
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_place(account)),
            UpdateExpression="SET closed_until = :until, denied = :denied, expires_at = :end",
            ConditionExpression="attribute_not_exists(closed_until) OR closed_until < :until",
            ExpressionAttributeValues=dynamodb.to_wire(values),
        )
    except table.exceptions.ConditionalCheckFailedException:
        return


def take(account: Account, limit: Limit, now: datetime) -> datetime:
    """Take the next turn of an account, which is then nobody else's. 1 write unit, 2 after a pause."""
    step = limit.seconds * 1000 * limit.each // limit.calls
    this_moment = _milliseconds(now - _EPOCH)
    for _ in range(_TRIES):
        for change in (_IN_LINE, _AFTER_A_PAUSE):
            following = _move(account, change, step, this_moment, now)
            if following is not None:
                return _time(following - step)
    return now + timedelta(seconds=limit.seconds)  # many at once: whoever loses comes again


def _move(
    account: Account, change: tuple[str, str], step: int, this_moment: int, now: datetime
) -> int | None:
    """Move the next free turn; None where the condition does not hold."""
    to, condition = change
    table = dynamodb.client()
    try:
        answer = table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_place(account)),
            UpdateExpression=f"SET #next = {to}, expires_at = :end",
            ConditionExpression=condition,
            ExpressionAttributeNames={"#next": "next_turn"},
            ExpressionAttributeValues=dynamodb.to_wire(
                {":step": step, ":now": this_moment, ":end": items.end(now, _KEPT)}
            ),
            ReturnValues="UPDATED_NEW",
        )
    except table.exceptions.ConditionalCheckFailedException:
        return None
    return int(dynamodb.of_wire(answer["Attributes"])["next_turn"])


def _time(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _place(account: Account) -> dict[str, str]:
    return {"entity": f"upstream#{account.provider}#{account.name}", "item": "pace"}
