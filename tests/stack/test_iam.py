"""Each function has its own rights and no others: asked of the policies, and tried as they are enforced."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import uuid4

import pytest

from tools import place
from tools.stack import Stack

TRY: Final = """
import boto3
from botocore.exceptions import ClientError

def handler(event, _context):
    client = boto3.client(event["service"])
    try:
        getattr(client, event["call"])(**event["arguments"])
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    return "done"
"""
"""A function that tries what it is told to, under the role that it is given."""

ITEM: Final = {"credential": {"S": "email:nobody@example.org"}, "item": {"S": "status"}}
DENIED: Final = "AccessDeniedException"
READS: Final = ("GetItem", "Query", "Scan", "BatchGetItem")
WRITES: Final = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")


@pytest.mark.parametrize("function", ["sends", "check_recipients"])
@pytest.mark.parametrize("table", ["credentials", "roster", "audit"])
@pytest.mark.parametrize("action", WRITES)
def test_the_gate_may_not_write(stack: Stack, function: str, table: str, action: str) -> None:
    assert _decision(stack, function, f"dynamodb:{action}", _table(stack, table)) == "implicitDeny"


@pytest.mark.parametrize("table", ["credentials", "roster", "audit"])
@pytest.mark.parametrize("action", READS + WRITES)
def test_the_webhooks_may_not_touch_a_table(stack: Stack, table: str, action: str) -> None:
    assert _decision(stack, "webhooks", f"dynamodb:{action}", _table(stack, table)) == "implicitDeny"


@pytest.mark.parametrize("action", ["Scan", "DeleteItem", "DeleteTable"])
@pytest.mark.parametrize("table", ["credentials", "audit"])
@pytest.mark.parametrize(
    "function",
    [
        "webhooks",
        "delivery_events",
        "sends",
        "check_recipients",
        "profiles",
        "reset",
        "imports",
        "messages",
        "dispatch",
        "unsubscribe",
        "import_roster",
        "pre_token",
    ],
)
def test_nobody_may_delete_or_scan_history(stack: Stack, function: str, table: str, action: str) -> None:
    assert _decision(stack, function, f"dynamodb:{action}", _table(stack, table)) == "implicitDeny"


def test_what_a_function_is_for_it_may(stack: Stack) -> None:
    """Else the refusals above would prove nothing."""
    for function, action, table in (
        ("sends", "BatchGetItem", "credentials"),
        ("check_recipients", "BatchGetItem", "roster"),
        ("delivery_events", "UpdateItem", "credentials"),
        ("profiles", "Query", "roster"),
        ("reset", "PutItem", "audit"),
    ):
        assert _decision(stack, function, f"dynamodb:{action}", _table(stack, table)) == "allowed"


type Attempt = Callable[..., str]


@pytest.fixture
def attempt_as(stack: Stack) -> Iterator[Callable[[str], Attempt]]:
    """A throw-away function under a deployed function's role, which says how an AWS call ended."""
    made: list[str] = []

    def under_role_of(function: str) -> Attempt:
        name = f"attempt-{uuid4()}"
        stack.aws.functions.create_function(
            FunctionName=name,
            Role=_role(stack, function),
            Runtime="python3.13",
            Handler="attempt.handler",
            Code={"ZipFile": _zipped("attempt.py", TRY)},
            Timeout=30,
        )
        made.append(name)
        return lambda service, call, **arguments: _invoke(stack, name, service, call, arguments)

    yield under_role_of
    for name in made:
        stack.aws.functions.delete_function(FunctionName=name)


def test_under_its_enforced_role_the_gate_reads_and_cannot_write(
    stack: Stack, attempt_as: Callable[[str], Attempt]
) -> None:
    table, attempt = stack.tables["credentials"], attempt_as("sends")
    assert attempt("dynamodb", "batch_get_item", RequestItems={table: {"Keys": [ITEM]}}) == "done"
    assert attempt("dynamodb", "put_item", TableName=table, Item=ITEM) == DENIED
    assert attempt("dynamodb", "delete_item", TableName=table, Key=ITEM) == DENIED


def test_under_their_enforced_role_the_webhooks_send_and_cannot_read(
    stack: Stack, attempt_as: Callable[[str], Attempt]
) -> None:
    attempt = attempt_as("webhooks")
    for table in stack.tables.values():
        assert attempt("dynamodb", "get_item", TableName=table, Key=ITEM) == DENIED
    object_ = {"Bucket": stack.buckets["inbox"], "Key": "webhooks/attempt"}
    assert attempt("s3", "put_object", **object_) == "done"
    assert attempt("s3", "get_object", **object_) == "AccessDenied"
    secrets = f"/reachable/{place.NAME}/webhooks"
    assert attempt("ssm", "get_parameters_by_path", Path=secrets, Recursive=True) == "done"
    assert attempt("ssm", "get_parameter", Name=f"{secrets}/twilio/default") == DENIED
    assert attempt("ssm", "put_parameter", Name=f"{secrets}/twilio/default", Value="x") == DENIED


def test_under_its_enforced_role_a_bulk_check_reads_lists_and_writes_answers(
    stack: Stack, attempt_as: Callable[[str], Attempt]
) -> None:
    attempt, bucket = attempt_as("check_recipients"), stack.buckets["results"]
    stack.aws.s3.put_object(Bucket=bucket, Key="checks/attempt", Body=b"")
    for call, folder, ended in (
        ("get_object", "checks", "done"),
        ("put_object", "checks", "AccessDenied"),
        ("put_object", "work", "done"),
        ("get_object", "work", "done"),
        ("put_object", "results", "done"),
        ("get_object", "results", "AccessDenied"),
        ("delete_object", "checks", "AccessDenied"),
    ):
        assert attempt("s3", call, Bucket=bucket, Key=f"{folder}/attempt") == ended, (call, folder)
    assert attempt("s3", "list_objects_v2", Bucket=bucket) == "AccessDenied"


def _invoke(stack: Stack, name: str, service: str, call: str, arguments: Mapping[str, Any]) -> str:
    event = {"service": service, "call": call, "arguments": arguments}
    answer = stack.aws.functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    return str(json.loads(answer["Payload"].read()))


def _zipped(name: str, text: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, text)
    return archive.getvalue()


def _decision(stack: Stack, function: str, action: str, resource: str) -> str:
    answer = stack.aws.iam.simulate_principal_policy(
        PolicySourceArn=_role(stack, function), ActionNames=[action], ResourceArns=[resource]
    )
    return answer["EvaluationResults"][0]["EvalDecision"]


def _role(stack: Stack, function: str) -> str:
    return stack.aws.functions.get_function_configuration(FunctionName=stack.functions[function])["Role"]


def _table(stack: Stack, name: str) -> str:
    return stack.aws.dynamodb.describe_table(TableName=stack.tables[name])["Table"]["TableArn"]
