"""DynamoDB for the tables' modules: the wire form, batches, and keys made of what others wrote.

Why the client and not the resource: the resource doubles the client's CPU (docs/decisions.md).
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from reachable import aws
from reachable.model.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Item = dict[str, Any]
"""An item in plain Python values."""
type WireItem = dict[str, Any]
"""An item as the API spells it: ``{"name": {"S": "..."}}``."""
type Key = Mapping[str, str]
"""A primary key: partition and sort value by attribute name."""

BATCH_GET_LIMIT: Final = 100
BATCH_WRITE_LIMIT: Final = 25
ID_LIMIT: Final = 200
"""Characters of somebody else's id that stand in a key as they are (DynamoDB takes 2,048 bytes of a key)."""
_ATTEMPTS: Final = 6

_serialize: Final = TypeSerializer().serialize
_deserialize: Final = TypeDeserializer().deserialize


def client() -> "DynamoDBClient":
    """The client of this process."""
    made: DynamoDBClient = aws.client("dynamodb", read_seconds=2)
    return made


def to_wire(item: Mapping[str, Any]) -> WireItem:
    """The wire form of an item; values that are None are left out."""
    return {name: _serialize(value) for name, value in item.items() if value is not None}


def of_wire(item: Mapping[str, Any]) -> Item:
    """The plain form of an item: numbers without a fraction as int, sets as set."""
    return {name: _plain(_deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value


def key(**parts: str) -> WireItem:
    """A primary key in wire form."""
    return {name: {"S": value} for name, value in parts.items()}


def beside_transactions[A](write: Callable[[], A]) -> A:
    """What a write answers, once more where a transaction has its item: that is over in milliseconds.

    botocore repeats what is throttled, not this.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return write()
        except ClientError as failed:
            if failed.response["Error"].get("Code") != "TransactionConflictException":
                raise
            pause(attempt)
    return write()


def met_another(cancelled: Mapping[str, Any]) -> bool:
    """Whether a transaction was cancelled since an item has moved, or another transaction is moving it."""
    reasons = {reason.get("Code") for reason in cancelled.get("CancellationReasons", [])}
    return bool(reasons & {"ConditionalCheckFailed", "TransactionConflict"})


def client_of_one_attempt() -> "DynamoDBClient":
    """For what must not be done twice: an answer that is lost makes botocore repeat the write."""
    made: DynamoDBClient = aws.client("dynamodb", attempts=1, read_seconds=2)
    return made


def bounded(id_: str) -> str:
    """Somebody else's id as a part of a key: a longer one by its SHA-256, so that none is too long."""
    return id_ if len(id_) <= ID_LIMIT else f"sha256:{sha256(id_.encode(errors='surrogatepass')).hexdigest()}"


def get(table: str, key_: Key) -> Item | None:
    """The item with that key, strongly consistent; None where there is none. 1 read unit.

    Raises:
        Unavailable: as `batch_get`.
    """
    found = get_wire(table, key_)
    return None if found is None else of_wire(found)


def get_wire(table: str, key_: Key) -> WireItem | None:
    """As `get`, in wire form."""
    found = _get_all(table, [key(**key_)], {"ConsistentRead": True})
    return found[0] if found else None


def batch_get(
    table: str, keys: Iterable[Key], *, consistent: bool = True, attributes: Sequence[str] = ()
) -> list[WireItem]:
    """The items with those keys that exist, in no order, in wire form; requests of 100 run side by side.

    A key asked for twice is read once. Costs half a read unit a key, one where ``consistent``.

    Raises:
        Unavailable: keys were still unprocessed after several attempts (the table is throttled).
    """
    wanted = list({tuple(sorted(k.items())): k for k in keys}.values())
    chunks = [[key(**k) for k in chunk] for chunk in batched(wanted, BATCH_GET_LIMIT, strict=False)]
    request: dict[str, Any] = {"ConsistentRead": consistent}
    if attributes:
        request["ProjectionExpression"] = ", ".join(f"#a{i}" for i, _ in enumerate(attributes))
        request["ExpressionAttributeNames"] = {f"#a{i}": name for i, name in enumerate(attributes)}
    found = aws.side_by_side(lambda chunk: _get_all(table, chunk, request), chunks)
    return [item for items in found for item in items]


def _get_all(table: str, keys: list[WireItem], request: Mapping[str, Any]) -> list[WireItem]:
    items: list[WireItem] = []
    for attempt in range(_ATTEMPTS):
        asked: Any = {**request, "Keys": keys}
        answer = client().batch_get_item(RequestItems={table: asked})
        items += answer["Responses"].get(table, [])
        left = answer["UnprocessedKeys"].get(table)
        if not left:
            return items
        keys = list(left["Keys"])
        pause(attempt)
    raise Unavailable("The table did not answer for every key.")


def put_if_absent(table: str, item: Mapping[str, Any]) -> Item | None:
    """Put an item where there is none; the one that is there already, else None. 1 write unit."""
    partition = next(iter(item))
    try:
        client().put_item(
            TableName=table,
            Item=to_wire(item),
            ConditionExpression=f"attribute_not_exists({partition})",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except client().exceptions.ConditionalCheckFailedException as taken:
        stored: Any = taken.response.get("Item", {})
        return of_wire(stored)
    return None


def add(table: str, key_: Key, numbers: Mapping[str, int], end: int, **only: str) -> Item:
    """Add to an item's numbers, the first time to nought; what stood there before, nothing where it is new.

    It ends when it was first told to. 1 write unit; tried once, since what went unanswered may be added.
    """
    names = {f"#{i}": name for i, name in enumerate(numbers)}
    values = {f":{i}": number for i, number in enumerate(numbers.values())}
    added = ", ".join(f"#{i} :{i}" for i in range(len(numbers)))
    answer = client_of_one_attempt().update_item(
        TableName=table,
        Key=key(**key_),
        UpdateExpression=f"ADD {added} SET #end = if_not_exists(#end, :end)",
        ExpressionAttributeNames={**names, "#end": "expires_at"},
        ExpressionAttributeValues=to_wire({**values, ":end": end}),
        ReturnValues="ALL_OLD",
        **only,  # type: ignore[arg-type]  # the stubs know no further names of one type
    )
    return of_wire(answer.get("Attributes", {}))


def batch_put(table: str, items: Iterable[Mapping[str, Any]]) -> int:
    """Put plain items, 25 a request, one request after the other; how many write requests items were put.

    Raises:
        Unavailable: items were still unprocessed after several attempts.
    """
    return _write_all(table, ({"PutRequest": {"Item": to_wire(item)}} for item in items))


def batch_delete(table: str, keys: Iterable[Key]) -> int:
    """Delete items by key, 25 a request; how many.

    Raises:
        Unavailable: keys were still unprocessed after several attempts.
    """
    return _write_all(table, ({"DeleteRequest": {"Key": key(**k)}} for k in keys))


def _write_all(table: str, requests: Iterable[dict[str, Any]]) -> int:
    written = 0
    for chunk in batched(requests, BATCH_WRITE_LIMIT, strict=False):
        left: list[Any] = list(chunk)
        for attempt in range(_ATTEMPTS):
            answer = client().batch_write_item(RequestItems={table: left})
            left = answer["UnprocessedItems"].get(table, [])
            if not left:
                break
            pause(attempt)
        else:
            raise Unavailable("The table did not take every item.")
        written += len(chunk)
    return written


def query(table: str, **request: Any) -> Iterator[WireItem]:
    """Every item of a Query, page after page, in wire form."""
    return _pages(client().query, table, request)


def last(table: str, entity: str, limit: int, before: str | None = None) -> Iterator[Item]:
    """The last items of an ``entity``, the last first; of those before the item ``before``. One Query."""
    start: Any = {"ExclusiveStartKey": key(entity=entity, item=before)} if before else {}
    answer = client().query(
        TableName=table,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": entity}},
        ScanIndexForward=False,
        Limit=limit,
        **start,
    )
    return map(of_wire, answer["Items"])


def scan(table: str, **request: Any) -> Iterator[WireItem]:
    """Every item of a table that a filter lets through, page after page, in wire form. It reads them all."""
    return _pages(client().scan, table, request)


def _pages(ask: Callable[..., Any], table: str, request: Mapping[str, Any]) -> Iterator[WireItem]:
    start: dict[str, Any] = {}
    while True:
        page = ask(TableName=table, **request, **start)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def pause(attempt: int) -> None:
    """Wait a little before a next attempt, longer after each, with full jitter."""
    time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter, not a secret
