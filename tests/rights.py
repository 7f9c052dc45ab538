"""What the tests' functions ask of AWS, held against what the template lets each of them ask.

Every call that a handler makes in a test is noted, with the table, queue, bucket and folder it is about. Then
``python -m tests.rights FILE`` names what is used and not granted, and what is granted and used by no test.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any, Final, NamedTuple

from tests.template import FUNCTIONS, folder, listed, statements

FILE: Final = "REACHABLE_RIGHTS"
"""The variable that names the file which the calls are noted in. Unset: none are."""

_ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "s3:HeadObject": ("s3:GetObject",),
    "s3:ListObjectsV2": ("s3:ListBucket",),
    "s3:CopyObject": ("s3:GetObject", "s3:PutObject"),
    "s3:CreateMultipartUpload": ("s3:PutObject",),
    "s3:UploadPart": ("s3:PutObject",),
    "s3:CompleteMultipartUpload": ("s3:PutObject",),
    "s3:DeleteObjects": ("s3:DeleteObject",),
    "sqs:SendMessageBatch": ("sqs:SendMessage",),
    "sfn:StartExecution": ("states:StartExecution",),
    "sfn:DescribeExecution": ("states:DescribeExecution",),
}
"""Calls that IAM knows under another name (docs: Service Authorization Reference)."""
_IN_TRANSACTIONS: Final = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}
_SERVICES: Final = {"pinpoint-sms-voice-v2": "sms-voice", "sesv2": "ses", "stepfunctions": "sfn"}
_NAMES: Final = ("TableName", "QueueUrl", "TopicArn", "SecretId", "Path", "stateMachineArn", "Bucket")
_OF_ALL: Final = "*"
"""What names no resource: a mail, a text, a call."""

EXCUSED: Final[Mapping[tuple[str, ...], str]] = {
    ("sms_log", "s3:PutObject"): "a line over 700 KB: tests/functions/test_webhooks.py shows the same code",
    ("dispatch", "s3:DeleteObject"): "a hold that ends while a worker parks: tests/interleavings",
    ("sweep", "sqs:SendMessage", "Sending.Outputs.OutboundUrgentQueue"): "what a hold of all has parked that "
    "lets no emergency pass: tests/stack/test_parked.py",
    (
        "messages",
        "dynamodb:BatchWriteItem",
        "Storage.Outputs.RosterTable",
    ): "a test changes the roster while messages is at work",
    (
        "messages",
        "sqs:ReceiveMessage",
        "Sending.Outputs.OutboundQueue",
    ): "a test looks into the queue while messages is at work",
    ("messages", "sqs:ReceiveMessage", "Sending.Outputs.OutboundUrgentQueue"): "the same test",
    ("messages", "sqs:DeleteMessage", "Sending.Outputs.OutboundQueue"): "the same test",
    ("imports", "s3:PutObject"): "by whoever has the address that it signs",
    ("incidents", "s3:PutObject", "Storage.Outputs.ResultsBucket"): "a list: by whoever has that address",
    ("unsubscribe", "secretsmanager:GetSecretValue"): "the tests' links are signed in the same process, once",
    ("*", "sqs:ReceiveMessage"): "Lambda's own poller does it, under the function's role",
    ("*", "sqs:DeleteMessage"): "the poller",
    ("*", "sqs:GetQueueAttributes"): "the poller",
    ("reactions", "dynamodb:GetRecords"): "the poller of the stream",
    ("reactions", "dynamodb:GetShardIterator"): "the poller of the stream",
    ("reactions", "dynamodb:DescribeStream"): "the poller of the stream",
    ("reactions", "dynamodb:ListStreams"): "the poller of the stream",
    ("import_roster", "s3:ListBucket"): "without it S3 answers 403 for an object that is not there",
    (
        "reset_incident",
        "dynamodb:Scan",
        "Storage.Outputs.CredentialsTable",
    ): "a test acts while a step is at work",
    ("incidents", "s3:ListBucket"): "the same",
    ("reset_incident", "s3:ListBucket"): "the same",
    (
        "dispatch",
        "sms-voice:SendTextMessage",
    ): "tests/unit/senders sends it: the tests of dispatch send by SNS",
    ("dispatch", "sms-voice:SendVoiceMessage"): "tests/unit/senders sends it",
}


class Right(NamedTuple):
    """One action on one thing: a table, a queue, or a folder of a bucket."""

    function: str
    action: str
    of: str
    folder: str = ""


# While the tests run

_acting: ContextVar[str | None] = ContextVar("_acting", default=None)
"""The function that is at work here, in this thread or in the one that gave it its work."""
_noted: set[Right] = set()


def watch() -> None:
    """Note the calls of every handler from now on."""
    if FILE not in os.environ:
        return
    for function in FUNCTIONS:
        module = import_module(f"functions.{folder(function)}.app")
        module.handler = _watched(folder(function), module.handler)  # type: ignore[attr-defined]
    _hand_down()
    from botocore.client import BaseClient

    ask = BaseClient._make_api_call  # type: ignore[attr-defined]

    def asked(client: Any, operation: str, params: dict[str, Any]) -> Any:
        if function := _acting.get():
            _noted.update(_rights(function, client.meta.service_model.service_name, operation, params))
        return ask(client, operation, params)

    BaseClient._make_api_call = asked  # type: ignore[attr-defined]


def _hand_down() -> None:
    """Let a thread know for which function it works: Python 3.13 gives it no context of who started it."""
    submit, start = ThreadPoolExecutor.submit, Thread.start

    def submitted(
        pool: ThreadPoolExecutor, work: Callable[..., Any], /, *arguments: Any, **named: Any
    ) -> Future[Any]:
        return submit(pool, copy_context().run, work, *arguments, **named)

    def started(thread: Thread) -> None:
        thread.run = partial(copy_context().run, thread.run)  # type: ignore[method-assign]
        start(thread)

    ThreadPoolExecutor.submit = submitted  # type: ignore[method-assign, assignment]
    Thread.start = started  # type: ignore[method-assign, assignment]


def _watched(function: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        with as_function(function):
            return handler(*arguments, **named)

    return call


@contextmanager
def as_function(function: str) -> Iterator[None]:
    """What is asked meanwhile, the function asks; not what other threads ask that it did not start."""
    before = _acting.set(function)
    try:
        yield
    finally:
        _acting.reset(before)


def keep() -> None:
    """Add what was noted to the file, whole: several workers may do so at once."""
    if FILE in os.environ and _noted:
        lines = "".join(json.dumps(right) + "\n" for right in sorted(_noted))
        with Path(os.environ[FILE]).open("ab", buffering=0) as file:
            file.write(lines.encode())


def _rights(function: str, service: str, operation: str, params: Mapping[str, Any]) -> Iterator[Right]:
    if operation == "TransactWriteItems":
        for item in params["TransactItems"]:
            for kind, write in item.items():
                yield Right(function, _IN_TRANSACTIONS[kind], write["TableName"])
        return
    called = f"{_SERVICES.get(service, service)}:{operation}"
    for action in _ACTIONS.get(called, (called,)):
        if "RequestItems" in params:
            yield from (Right(function, action, table) for table in params["RequestItems"])
            continue
        of = next((params[name] for name in _NAMES if name in params), _OF_ALL)
        if operation == "PutEvents":
            of = params["Entries"][0]["EventBusName"]
        key = str(params.get("Key", "")) if service == "s3" and action != "s3:ListBucket" else ""
        if operation == "CopyObject" and action == "s3:GetObject":
            key = params["CopySource"]["Key"]
        yield Right(function, action, of, key.partition("/")[0])
        if "VersionId" in params or params.get("ExtraArgs", {}).get("VersionId"):
            yield Right(function, "s3:GetObjectVersion", of, key.partition("/")[0])


# Afterwards


def granted() -> set[Right]:
    """What the template grants, thing by thing."""
    rights: set[Right] = set()
    for function in FUNCTIONS:
        for statement in statements(function):
            for resource in listed(statement.get("Resource", _OF_ALL)):
                for one in listed(resource):
                    of, part = _thing(str(one))
                    for action in listed(statement["Action"]):
                        rights.add(Right(folder(function), action, of, part))
    return rights


def _thing(resource: str) -> tuple[str, str]:
    """A resource as the template writes it, without what only its ARN has; and the folder in it."""
    found = re.fullmatch(r"(?:\$\{)?([\w.]+?)(?:Arn|Url|Name)?\}?(?:/(?:([\w-]+)/)?\*)?", resource)
    if found and "." in found[1]:
        return found[1], found[2] or ""
    if "/webhooks" in resource:
        return "WEBHOOK_SECRETS", ""
    return _OF_ALL, ""


def used(noted: Iterator[Right]) -> set[Right]:
    """What was noted, by the template's names."""
    return {Right(right.function, right.action, _named(right), right.folder) for right in noted}


def _named(right: Right) -> str:
    """By which of the function's variables it knew the name, and what the template sets that to."""
    for function, properties in FUNCTIONS.items():
        variables = properties.get("Environment", {}).get("Variables", {})
        for variable, value in variables.items():
            if folder(function) == right.function and os.environ.get(variable) == right.of:
                return "WEBHOOK_SECRETS" if variable == "WEBHOOK_SECRETS" else _thing(value)[0]
    return right.of


def missing(uses: set[Right], grants: set[Right]) -> list[Right]:
    """What is used and not granted."""
    return sorted(use for use in uses if not any(_covers(grant, use) for grant in grants))


def idle(uses: set[Right], grants: set[Right]) -> list[Right]:
    """What is granted, and used by no test."""
    return sorted(
        grant
        for grant in grants
        if not {grant[:2], grant[:3], ("*", grant.action)} & EXCUSED.keys()
        and not any(_covers(grant, use) for use in uses)
    )


def _covers(grant: Right, use: Right) -> bool:
    return grant[:2] == use[:2] and grant.of in (use.of, _OF_ALL) and grant.folder in ("", use.folder)


def main(file: str) -> int:
    """Say what does not fit; how much that is."""
    noted = (Right(*json.loads(line)) for line in Path(file).read_text("utf-8").splitlines())
    uses, grants = used(noted), granted()
    wrong = [("used and not granted", right) for right in missing(uses, grants) if right[:3] not in EXCUSED]
    wrong += [("granted, and used by no test", right) for right in idle(uses, grants)]
    for what, right in wrong:
        sys.stdout.write(f"{right.function}: {right.action} of {right.of} {right.folder}: {what}\n")
    sys.stdout.write(f"{len(uses)} rights used, {len(grants)} granted, {len(wrong)} wrong\n")
    return len(wrong)


if __name__ == "__main__":
    import tests.conftest  # noqa: F401 - the names of the tests' tables, queues and buckets

    sys.exit(1 if main(sys.argv[1]) else 0)
