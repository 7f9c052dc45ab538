"""The table ``messages``: each message, and what became of it. Never its words.

    user#<id>         / <queued at>#<message id>          a message, with a time for each status
    dedup#<dedup id>  / message                           which message a dedup id made, and of what content
    provider#<provider>#<provider message id> / message   whose it is, and the events that came before we knew
    uncertain         / <at>#<message id>                 those of which nobody knows whether they went out

A message's id tells its user and time, so it leads to its record without an index. Statuses only ever gain
times: whatever order events come in, the record is the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from reachable import settings
from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.model.message import Message, MessageStatus, read_message_id
from reachable.model.send import Alternative, Purpose
from reachable.store import dynamodb
from reachable.store.dynamodb import Item

TABLE: Final = settings.text("MESSAGES_TABLE")
RETENTION_DAYS: Final = settings.typed("MESSAGE_RETENTION_DAYS", int)

_POINTERS_KEPT: Final = timedelta(days=30)
"""For a provider's latest word, and for a client that repeats a dedup id."""
_MESSAGE: Final = "message"
_UNCERTAIN: Final = "uncertain"
_AT: Final = "at_"
_WHY: Final = "why_"


def _place(id_: str) -> dict[str, str]:
    read = read_message_id(id_)
    if read is None:
        raise NotFound(Detail.NO_SUCH_MESSAGE)
    user_id, queued_at = read
    return {"entity": f"user#{user_id}", "item": f"{_time(queued_at)}#{id_}"}


def _dedup(dedup_id: str) -> dict[str, str]:
    return {"entity": f"dedup#{dedup_id}", "item": _MESSAGE}


def _pointer(provider: str, provider_message_id: str) -> dict[str, str]:
    return {"entity": f"provider#{provider}#{provider_message_id}", "item": _MESSAGE}


# What a client asks for


@dataclass(frozen=True, slots=True)
class Claim:
    """What a dedup id stands for. ``done``: its message has been queued; else that may be repeated."""

    message_id: str
    content: str
    new: bool
    done: bool


def claim_dedup(dedup_id: str, message_id: str, content: str, now: datetime) -> Claim:
    """Take a dedup id for a message, or learn which has it. 1 write unit."""
    item = _dedup(dedup_id) | {
        "message": message_id,
        "content": content,
        "expires_at": _end(now, _POINTERS_KEPT),
    }
    table = dynamodb.client()
    try:
        table.put_item(
            TableName=TABLE,
            Item=dynamodb.to_wire(item),
            ConditionExpression="attribute_not_exists(entity)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except table.exceptions.ConditionalCheckFailedException as taken:
        stored: Any = taken.response.get("Item", {})
        return Claim(stored["message"]["S"], stored["content"]["S"], new=False, done="done" in stored)
    return Claim(message_id, content, new=True, done=False)


def finish_dedup(claims: Mapping[str, Claim], now: datetime) -> None:
    """Note that these have been queued, by dedup id. 25 a request."""
    end = _end(now, _POINTERS_KEPT)
    dynamodb.batch_put(
        TABLE,
        (
            _dedup(dedup_id)
            | {"message": claim.message_id, "content": claim.content, "expires_at": end, "done": True}
            for dedup_id, claim in claims.items()
        ),
    )


def put(messages: Iterable[Message]) -> None:
    """Write down new messages. 25 a request."""
    dynamodb.batch_put(TABLE, map(_item, messages))


def put_once(message: Message) -> None:
    """Write down a message that may be there already, and may have moved on: then nothing is changed.

    1 write unit.
    """
    table = dynamodb.client()
    try:
        table.put_item(
            TableName=TABLE,
            Item=dynamodb.to_wire(_item(message)),
            ConditionExpression="attribute_not_exists(entity)",
        )
    except table.exceptions.ConditionalCheckFailedException:
        return


# What dispatch does


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whether a message was this worker's to send or to stop. If not, ``message`` is how it stands."""

    ours: bool
    message: Message | None


def claim_sending(message_id: str, credential: Credential, label: str | None, now: datetime) -> Claimed:
    """Claim a message before the call that sends it: whoever comes second must not send. 1 write unit."""
    return _claim(message_id, MessageStatus.SENDING, now, credential=str(credential), label=label)


def stop(
    message_id: str, status: MessageStatus, now: datetime, *, why: str | None = None, **known: Any
) -> Claimed:
    """Write down that a message is not sent, or not yet, unless somebody has begun to. 1 write unit."""
    return _claim(message_id, status, now, why=why, **known)


def _claim(message_id: str, status: MessageStatus, now: datetime, **known: Any) -> Claimed:
    """``message`` is None where there is no record of it."""
    table = dynamodb.client()
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_place(message_id)),
            ConditionExpression=(
                "attribute_exists(entity) AND attribute_not_exists(at_sending) "
                "AND attribute_not_exists(at_dropped) AND attribute_not_exists(at_blocked)"
            ),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **_coming_to(status, now, **known),
        )
    except table.exceptions.ConditionalCheckFailedException as refused:
        stored: Any = refused.response.get("Item")
        return Claimed(ours=False, message=_message(dynamodb.of_wire(stored)) if stored else None)
    return Claimed(ours=True, message=None)


def _coming_to(
    status: MessageStatus, at: datetime, *, why: str | None = None, **known: Any
) -> dict[str, Any]:
    """The update of a record that came to a status: its first time and reason count, the rest is set."""
    values = {name: value for name, value in known.items() if value is not None}
    names = {"#at": f"{_AT}{status}"} | {f"#{name}": name for name in values}
    sets = ["#at = if_not_exists(#at, :at)"] + [f"#{name} = :{name}" for name in values]
    if why is not None:
        names["#why"] = f"{_WHY}{status}"
        values["why"] = why
        sets.append("#why = if_not_exists(#why, :why)")
    return {
        "UpdateExpression": f"SET {', '.join(sets)}",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": dynamodb.to_wire(
            {f":{name}": value for name, value in values.items()} | {":at": _time(at)}
        ),
    }


def release_sending(message_id: str) -> None:
    """Give a claim back: the provider did not take the message. 1 write unit."""
    dynamodb.client().update_item(
        TableName=TABLE,
        Key=dynamodb.key(**_place(message_id)),
        UpdateExpression="REMOVE at_sending",
    )


def note(
    message_id: str, status: MessageStatus, at: datetime, *, why: str | None = None, **known: Any
) -> Message | None:
    """Write down that a message came to a status, and what is known of it by now; how it stands then.

    The first time of a status counts. None where there is no such message. 1 write unit.
    """
    table = dynamodb.client()
    try:
        answer = table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_place(message_id)),
            ConditionExpression="attribute_exists(entity)",
            ReturnValues="ALL_NEW",
            **_coming_to(status, at, why=why, **known),
        )
    except table.exceptions.ConditionalCheckFailedException:
        return None
    return _message(dynamodb.of_wire(answer["Attributes"]))


def note_uncertain(message_id: str, now: datetime) -> None:
    """Note, and list, that nobody knows whether a message went out. 2 write units."""
    note(message_id, MessageStatus.UNCERTAIN, now)
    dynamodb.batch_put(
        TABLE,
        [
            {
                "entity": _UNCERTAIN,
                "item": f"{_time(now)}#{message_id}",
                "expires_at": _end(now, timedelta(days=RETENTION_DAYS)),
            }
        ],
    )


# What providers say, by their own ids


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider said of one of its messages: statuses with their time and why."""

    at: Mapping[MessageStatus, datetime]
    reasons: Mapping[MessageStatus, str]
    message_ids: frozenset[str]


def note_event(
    provider: str, provider_message_id: str, status: MessageStatus, at: datetime, why: str | None
) -> Said:
    """Write down what a provider says of a message of its own; all that is known of that. 1 write unit."""
    return _meet(provider, provider_message_id, _coming_to(status, at, why=why), at)


def link(provider: str, provider_message_id: str, message_ids: Iterable[str], now: datetime) -> Said:
    """Write down whose message a provider's id is; what was said of it before. 1 write unit."""
    whose = {
        "UpdateExpression": "ADD message_ids :ids",
        "ExpressionAttributeValues": {":ids": {"SS": sorted(message_ids)}},
    }
    return _meet(provider, provider_message_id, whose, now)


def _meet(provider: str, provider_message_id: str, update: Mapping[str, Any], now: datetime) -> Said:
    """Both sides update the one item: whoever comes second sees what the first one left."""
    keep = "#end = if_not_exists(#end, :end)"
    expression = update["UpdateExpression"]
    expression = f"{expression}, {keep}" if expression.startswith("SET ") else f"SET {keep} {expression}"
    end = {":end": {"N": str(_end(now, _POINTERS_KEPT))}}
    answer = dynamodb.client().update_item(
        TableName=TABLE,
        Key=dynamodb.key(**_pointer(provider, provider_message_id)),
        UpdateExpression=expression,
        ExpressionAttributeNames={"#end": "expires_at", **update.get("ExpressionAttributeNames", {})},
        ExpressionAttributeValues={**update["ExpressionAttributeValues"], **end},
        ReturnValues="ALL_NEW",
    )
    item = dynamodb.of_wire(answer["Attributes"])
    return Said(_times(item), _reasons(item), frozenset(item.get("message_ids", ())))


# Reading


def get(message_id: str) -> Message:
    """A message. 1 read unit.

    Raises:
        NotFound: there is none.
    """
    found = dynamodb.batch_get(TABLE, [_place(message_id)])
    if not found:
        raise NotFound(Detail.NO_SUCH_MESSAGE)
    return _message(dynamodb.of_wire(found[0]))


def of_user(user_id: str, limit: int, before: str | None = None) -> list[Message]:
    """A user's newest messages, newest first; from the one ``before`` on. 1 Query."""
    start: Any = {"ExclusiveStartKey": dynamodb.key(**_place(before))} if before else {}
    answer = dynamodb.client().query(
        TableName=TABLE,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": f"user#{user_id}"}},
        ScanIndexForward=False,
        Limit=limit,
        **start,
    )
    return [_message(dynamodb.of_wire(item)) for item in answer["Items"]]


def uncertain(
    since: datetime | None, limit: int, after: str | None = None
) -> tuple[list[Message], str | None]:
    """Messages of which nobody knows whether they went out, the oldest first; where to go on.

    1 Query and a BatchGetItem. One of which the provider has told since is left out.
    """
    first = after or (_time(since) if since else "0")
    answer = dynamodb.client().query(
        TableName=TABLE,
        KeyConditionExpression="entity = :e AND #i > :first",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":e": {"S": _UNCERTAIN}, ":first": {"S": first}},
        Limit=limit,
    )
    items = [item["item"]["S"] for item in answer["Items"]]
    keys = [_place(item.partition("#")[2]) for item in items]
    found = (_message(dynamodb.of_wire(item)) for item in dynamodb.batch_get(TABLE, keys))
    still = sorted(
        (one for one in found if one.status is MessageStatus.UNCERTAIN),
        key=lambda one: one.at[MessageStatus.UNCERTAIN],
    )
    return still, items[-1] if "LastEvaluatedKey" in answer else None


# Items


def _item(message: Message) -> Item:
    return _place(message.id) | {
        "channel": message.channel.value,
        "credential": message.credential and str(message.credential),
        "purpose": message.purpose.value,
        "subject": message.subject,
        "label": message.label,
        "batch_id": message.batch_id,
        "dedup_id": message.dedup_id,
        "provider": message.provider,
        "provider_message_id": message.provider_message_id,
        "expires_at": _end(message.queued_at, timedelta(days=RETENTION_DAYS)),
        **{f"{_AT}{status}": _time(at) for status, at in message.at.items()},
        **{f"{_WHY}{status}": why for status, why in message.reasons.items()},
    }


def _message(item: Item) -> Message:
    id_ = item["item"].partition("#")[2]
    return Message(
        id=id_,
        user_id=item["entity"].partition("#")[2],
        channel=Channel(item["channel"]),
        purpose=Purpose(item["purpose"]),
        queued_at=datetime.fromisoformat(item["item"].partition("#")[0]),
        credential=Credential.of_key(item["credential"]) if "credential" in item else None,
        subject=item.get("subject"),
        label=item.get("label"),
        batch_id=item.get("batch_id"),
        dedup_id=item.get("dedup_id"),
        provider=item.get("provider"),
        provider_message_id=item.get("provider_message_id"),
        segments=item.get("segments"),
        label_adds_segment=item.get("label_adds_segment", False),
        exempted=item.get("exempted"),
        alternatives=tuple(
            Alternative(Channel(one["channel"]), Credential.of_key(one["credential"]))
            for one in item.get("alternatives", ())
        ),
        at=_times(item),
        reasons=_reasons(item),
    )


def _times(item: Item) -> dict[MessageStatus, datetime]:
    return {
        MessageStatus(name.removeprefix(_AT)): datetime.fromisoformat(value)
        for name, value in item.items()
        if name.startswith(_AT)
    }


def _reasons(item: Item) -> dict[MessageStatus, str]:
    return {
        MessageStatus(name.removeprefix(_WHY)): value for name, value in item.items() if name.startswith(_WHY)
    }


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _end(now: datetime, kept: timedelta) -> int:
    return int((now + kept).timestamp())
