"""The functions as AWS calls them, and the tables as they lie there."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import boto3
from boto3.dynamodb.types import TypeDeserializer

from functions.delivery_events.app import handler as delivery_events
from functions.dispatch.app import handler as dispatch
from functions.messages.app import handler as messages
from functions.profiles.app import handler as profiles
from functions.reset.app import handler as reset
from functions.sends.app import handler as sends
from functions.unsubscribe.app import handler as unsubscribe
from tests.functions import district
from tests.functions.api import Answer, Handler, call
from tests.functions.conftest import TABLES
from tests.model.posts import Post

CLIENT: Final = {"token_use": "access", "scope": "reachable/sends"}


def post_messages(wishes: Sequence[Mapping[str, Any]], handler: Handler = messages) -> Answer:
    """A client sends messages."""
    return call(handler, "POST", "/messages", CLIENT, {"messages": list(wishes)})


def message(id_: str) -> Answer:
    """A client asks what became of a message."""
    return call(messages, "GET", f"/messages/{id_}", CLIENT)


def check(recipients: Sequence[Mapping[str, str]]) -> Answer:
    """A client asks the gate."""
    return call(sends, "POST", "/sends/check", CLIENT, {"recipients": list(recipients)})


def profile(user_id: str, *below: str) -> Answer:
    """A User Manager looks at a person, their messages, or the events of a credential."""
    return call(profiles, "GET", "/".join(["/users", user_id, *below]), district.manager())


def reset_status(user_id: str, body: Mapping[str, Any], etag: str | None) -> Answer:
    """A User Manager resets."""
    headers = {"if-match": etag} if etag else {}
    return call(reset, "POST", f"/users/{user_id}/reset", district.manager(), dict(body), headers=headers)


def mark_by_hand(user_id: str, body: Mapping[str, Any]) -> Answer:
    """A User Manager marks a credential bad."""
    return call(reset, "POST", f"/users/{user_id}/blocks", district.manager(), dict(body))


def press_unsubscribe(path: str) -> int:
    """A mail program posts as RFC 8058 says."""
    event = {
        "version": "2.0",
        "rawPath": path,
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "requestContext": {"http": {"method": "POST", "path": path}, "stage": "$default"},
        "body": "List-Unsubscribe=One-Click",
    }
    return int(unsubscribe(event, district.CONTEXT)["statusCode"])


def send(bodies: Sequence[str], handler: Handler = dispatch) -> list[int]:
    """The queue ``outbound`` brings these; which fail."""
    records = [
        {
            "messageId": str(place),
            "receiptHandle": "r",
            "body": body,
            "attributes": {},
            "eventSource": "aws:sqs",
        }
        for place, body in enumerate(bodies)
    ]
    return _failed(handler({"Records": records}, district.CONTEXT))


def apply(posts: Sequence[Post], handler: Handler = delivery_events) -> list[int]:
    """The queue ``delivery-events`` brings these; which fail."""
    records = [
        {
            "messageId": str(place),
            "receiptHandle": "r",
            "body": post.body,
            "attributes": {"SentTimestamp": str(round(post.received.timestamp() * 1000))},
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:delivery-events",
            "awsRegion": "us-east-1",
        }
        for place, post in enumerate(posts)
    ]
    return _failed(handler({"Records": records}, district.CONTEXT))


def _failed(answer: Mapping[str, Any]) -> list[int]:
    return [int(one["itemIdentifier"]) for one in answer["batchItemFailures"]]


@cache
def _tables() -> Any:
    return boto3.client("dynamodb")


def empty_tables() -> None:
    """Forget everything."""
    for name, keys in TABLES.items():
        for item in _tables().scan(TableName=name)["Items"]:
            _tables().delete_item(TableName=name, Key={key: item[key] for key in keys})


def partition(credential: str) -> list[dict[str, Any]]:
    """The status and history that lie under a credential."""
    answer = _tables().query(
        TableName="credentials",
        KeyConditionExpression="credential = :c",
        ExpressionAttributeValues={":c": {"S": credential}},
    )
    items = [{name: _plain(value) for name, value in item.items()} for item in answer["Items"]]
    return [item for item in items if not item["item"].startswith("holder#")]


_plain: Final[Callable[[Any], Any]] = TypeDeserializer().deserialize
