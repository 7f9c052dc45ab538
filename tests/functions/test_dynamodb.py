"""How the tables are read and written: page after page, again where DynamoDB took only some."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from reachable.model.errors import Unavailable
from reachable.store import dynamodb

pytestmark = pytest.mark.usefixtures("aws")

ITEMS: list[dict[str, Any]] = [{"entity": "e", "item": f"i{n:02}", "n": n} for n in range(30)]
KEYS = [{"entity": "e", "item": one["item"]} for one in ITEMS]


def stored(**request: Any) -> list[dict[str, Any]]:
    of_e = {"KeyConditionExpression": "entity = :e", "ExpressionAttributeValues": {":e": {"S": "e"}}}
    return [dynamodb.of_wire(item) for item in dynamodb.query("roster", **of_e | request)]


def test_a_query_gives_every_page() -> None:
    dynamodb.batch_put("roster", ITEMS)
    assert stored(Limit=7) == ITEMS


def test_more_than_a_request_takes_is_written_and_counted() -> None:
    assert dynamodb.batch_put("roster", ITEMS) == 30
    assert dynamodb.batch_delete("roster", KEYS[1:]) == 29
    assert stored() == ITEMS[:1]


def test_of_an_item_only_what_is_asked_for_is_read() -> None:
    dynamodb.batch_put("roster", ITEMS[:1])
    assert dynamodb.batch_get("roster", [*KEYS[:2], KEYS[0]], attributes=("n",)) == [{"n": {"N": "0"}}]
    assert [dynamodb.of_wire(item) for item in dynamodb.batch_get("roster", KEYS[:1])] == ITEMS[:1]


@pytest.fixture
def left_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often DynamoDB takes nothing of what it is given, from then on; no test waits for it."""
    times = [0]
    monkeypatch.setattr("time.sleep", lambda _: None)

    def nothing(parsed: dict[str, Any], **_: Any) -> None:
        if times[0]:
            times[0] -= 1
            parsed["UnprocessedItems"] = {"roster": [{"PutRequest": {"Item": dynamodb.to_wire(ITEMS[29])}}]}

    dynamodb.client().meta.events.register("after-call.dynamodb.BatchWriteItem", nothing)
    return times


def test_what_was_left_over_is_written_again(left_over: list[int]) -> None:
    left_over[0] = 2
    assert dynamodb.batch_put("roster", ITEMS[:1]) == 1
    assert stored() == [ITEMS[0], ITEMS[29]]


def test_what_is_left_over_each_time_is_told(left_over: list[int]) -> None:
    left_over[0] = 100
    with pytest.raises(Unavailable):
        dynamodb.batch_put("roster", ITEMS[:1])
    assert left_over == [94]


def test_what_is_there_already_is_kept_and_told() -> None:
    assert dynamodb.put_if_absent("roster", ITEMS[0]) is None
    assert dynamodb.put_if_absent("roster", ITEMS[0] | {"n": 7}) == ITEMS[0]
    assert stored() == ITEMS[:1]


def failed(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "UpdateItem")


def test_what_a_transaction_holds_is_written_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    answers: list[Any] = [failed("TransactionConflictException"), failed("TransactionConflictException"), 7]

    def write() -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert dynamodb.beside_transactions(write) == 7
    answers += [failed("ConditionalCheckFailedException"), 7]
    with pytest.raises(ClientError):
        dynamodb.beside_transactions(write)
    assert answers == [7]


@pytest.mark.parametrize(
    ("reasons", "met"),
    [
        (["None", "ConditionalCheckFailed"], True),
        (["TransactionConflict", "None"], True),
        (["ThrottlingError", "None"], False),
        ([], False),
    ],
)
def test_a_transaction_met_another_where_an_item_moved(reasons: list[str], met: bool) -> None:
    assert dynamodb.met_another({"CancellationReasons": [{"Code": one} for one in reasons]}) is met


def test_an_id_longer_than_a_key_should_be_stands_by_its_digest() -> None:
    assert dynamodb.bounded("x" * 200) == "x" * 200
    assert dynamodb.bounded("x" * 201) == (
        "sha256:84a0678c90937f5dcf9994d5866668da6b995109c8ad845410559b48a4ecafed"
    )


# What the tests' own AWS promises


def test_a_refused_transaction_leaves_all_as_it_was() -> None:
    """moto is told how (tests/functions/transactions.py)."""
    client = dynamodb.client()

    def key(name: str) -> dict[str, Any]:
        return {"entity": {"S": "e"}, "item": {"S": name}}

    def there() -> list[Any]:
        found = client.scan(TableName="messages")["Items"]
        return sorted(found, key=lambda item: str(item["item"]["S"]))

    for name in ("changed", "replaced", "deleted"):
        client.put_item(TableName="messages", Item=key(name) | {"is": {"M": {"a": {"L": [{"N": "1"}]}}}})
    before = there()
    writes: list[Any] = [
        {
            "Update": {
                "TableName": "messages",
                "Key": key("changed"),
                "UpdateExpression": "SET #i.a[0] = :two, b = :two",
                "ExpressionAttributeNames": {"#i": "is"},
                "ExpressionAttributeValues": {":two": {"N": "2"}},
            }
        },
        {"Put": {"TableName": "messages", "Item": key("replaced") | {"is": {"S": "new"}}}},
        {"Put": {"TableName": "messages", "Item": key("made")}},
        {"Delete": {"TableName": "messages", "Key": key("deleted")}},
    ]
    check: Any = {
        "ConditionCheck": {
            "TableName": "messages",
            "Key": key("none"),
            "ConditionExpression": "attribute_exists(entity)",
        }
    }
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=[*writes, check])
    assert there() == before

    client.transact_write_items(TransactItems=writes)
    assert [item["item"]["S"] for item in there()] == ["changed", "made", "replaced"]
