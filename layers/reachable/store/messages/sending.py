"""Who may send a message, or stop it: of several workers that have it, one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from reachable.model.credential import Credential
from reachable.model.message import Dropped, Message, MessageStatus
from reachable.store import dynamodb
from reachable.store.messages import items, keys
from reachable.store.messages.items import CLAIM
from reachable.store.messages.keys import TABLE


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whether a message was this worker's to send or to stop; how it stands. None: it has no record."""

    ours: bool
    message: Message | None


def claim(
    message_id: str, provider: str, credential: Credential, label: str | None, now: datetime
) -> Claimed:
    """Claim a message before the call that sends it: whoever comes second must not send. 1 write unit.

    By which provider and to whom is written with the claim: a bounce can come before the send call returns.
    """
    known = {"provider": provider, "credential": str(credential), "label": label}
    return stop(message_id, MessageStatus.SENDING, now, **known)


def stop(
    message_id: str, status: MessageStatus, now: datetime, *, why: str | None = None, **known: Any
) -> Claimed:
    """Write down that a message is not sent, or not yet, unless somebody has begun to. 1 write unit.

    It bears a mark of its own: where the answer is lost and botocore writes it again, it finds itself.
    """
    mark = uuid4().hex
    table = dynamodb.client()
    try:
        answer = table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**keys.record(message_id)),
            ConditionExpression=(
                "attribute_exists(entity) AND attribute_not_exists(at_sending) "
                "AND attribute_not_exists(at_sent) "
                "AND attribute_not_exists(at_uncertain) AND attribute_not_exists(at_dropped) "
                "AND attribute_not_exists(at_blocked) AND attribute_not_exists(at_rejected)"
            ),
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **items.moving({status: now}, {status: why} if why else {}, known | {CLAIM: mark}),
        )
    except table.exceptions.ConditionalCheckFailedException as refused:
        left: Any = refused.response.get("Item", {})
        stored = dynamodb.of_wire(left)
        return Claimed(stored.get(CLAIM) == mark, items.message(stored) if stored else None)
    return Claimed(ours=True, message=items.message(dynamodb.of_wire(answer["Attributes"])))


def drop(message_id: str, why: Dropped, now: datetime) -> Claimed:
    """Write down that a message is not sent any more, unless somebody has begun to. 1 write unit."""
    return stop(message_id, MessageStatus.DROPPED, now, why=why.value)


def release(claimed: Message) -> bool:
    """Give a claim back: the provider did not take the message. False: others have judged it meanwhile.

    1 write unit.
    """
    table = dynamodb.client()
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**keys.record(claimed.id)),
            UpdateExpression="REMOVE at_sending, label",
            ConditionExpression="#c = :ours AND attribute_not_exists(at_uncertain)",
            ExpressionAttributeNames={"#c": CLAIM},
            ExpressionAttributeValues={":ours": {"S": claimed.claim or ""}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return False
    return True
