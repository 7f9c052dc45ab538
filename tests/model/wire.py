"""AWS at botocore's door: what is sent is counted here, and a process may die at any write.

Tables are moto's, asked without HTTP, which would be most of the time. Queues, buckets and the providers are
lists in memory: nothing else than that a message was put there matters of them. ``ThreadPoolExecutor`` works
in line, so that the n-th write is the same one whenever Hypothesis plays a story again.
"""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from enum import StrEnum
from io import BytesIO
from typing import Any, Final
from unittest.mock import patch

from botocore import xform_name
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.core.exceptions import JsonRESTError
from moto.dynamodb.responses import DynamoHandler

_WRITES: Final = frozenset(
    {
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "BatchWriteItem",
        "TransactWriteItems",
        "SendMessage",
        "SendMessageBatch",
        "PutObject",
        "DeleteObject",
        "SendRawEmail",
        "SendTextMessage",
        "Publish",
        "PutEvents",
    }
)

_KEY_BYTES: Final = 2048
"""DynamoDB's own limit of a partition's key."""


class Crash(BaseException):
    """The process is gone: nothing after it runs, no handler sees it."""


class Answer(StrEnum):
    """What a provider answers to who wants to send."""

    TAKEN = "taken"
    THROTTLED = "throttled"
    LOST = "lost"
    """It took the message, and its answer did not arrive."""
    RECIPIENT_REFUSED = "recipient refused"
    MESSAGE_REFUSED = "message refused"


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a process dies: at its ``write``-th write, before or after that was done."""

    write: int
    after: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What a provider took. ``words`` is the whole of it, headers too."""

    provider: str
    provider_message_id: str
    address: str
    words: str
    at: datetime


@dataclass(slots=True)
class Wire:
    """One AWS. ``answer`` is what providers say to the next sends."""

    answer: Answer = Answer.TAKEN
    sent: list[Sent] = field(default_factory=list)
    outbound: list[str] = field(default_factory=list)
    _objects: dict[str, bytes] = field(default_factory=dict)
    _cut: Cut | None = None
    _writes: int = 0
    _dead: bool = False
    _meanwhile: tuple[int, Callable[[], object]] | None = None
    _calls: int = 0

    def dies(self, act: Callable[[], object], cut: Cut | None) -> bool:
        """Act in a process that dies at this cut; whether it came to that. The next act is a new process."""
        self._cut, self._writes = cut, 0
        try:
            act()
        except Crash:
            return True
        finally:
            self._cut, self._dead = None, False
        return False

    def interrupted(self, act: Callable[[], object], at_call: int, meanwhile: Callable[[], object]) -> bool:
        """Act, and before the n-th call to AWS let another process do something; whether it came so far."""
        self._meanwhile, self._calls = (at_call, meanwhile), 0
        act()
        done, self._meanwhile = self._meanwhile is None, None
        return done

    def call(self, real: Callable[[], Any], service: str, operation: str, request: dict[str, Any]) -> Any:
        """Answer one call of a client."""
        if self._dead:
            raise Crash
        self._calls += 1
        if self._meanwhile is not None and self._calls == self._meanwhile[0]:
            act, self._meanwhile = self._meanwhile[1], None
            act()
        self._writes += operation in _WRITES
        dies = self._cut is not None and operation in _WRITES and self._writes == self._cut.write
        if self._cut is not None and dies and not self._cut.after:
            self._dead = True
            raise Crash
        play = getattr(self, f"_{service.replace('-', '_')}_{operation}", None)
        answer = real() if play is None else play(request)
        if dies:
            self._dead = True
            raise Crash
        return answer

    # Each is named by service and operation, as botocore spells them.

    def _s3_PutObject(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._objects[request["Key"]] = request["Body"]
        return {}

    def _s3_GetObject(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"Body": BytesIO(self._objects[request["Key"]])}

    def _sqs_SendMessage(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.outbound.append(request["MessageBody"])
        return {"MessageId": str(len(self.outbound))}

    def _sqs_SendMessageBatch(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.outbound += [entry["MessageBody"] for entry in request["Entries"]]
        return {"Successful": [{"Id": entry["Id"]} for entry in request["Entries"]], "Failed": []}

    def _ses_SendRawEmail(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        [address] = request["Destinations"]
        if self.answer is Answer.RECIPIENT_REFUSED:
            raise _error("MessageRejected", "Address blacklisted.", "SendRawEmail")
        if self.answer is Answer.MESSAGE_REFUSED:
            raise _error("MessageRejected", "No.", "SendRawEmail")
        mail = message_from_bytes(request["RawMessage"]["Data"])
        text = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
        headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
        return self._take("ses", address, f"{headers}\n\n{text.get_payload()}", "SendRawEmail")

    def _pinpoint_sms_voice_v2_SendTextMessage(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if self.answer is Answer.RECIPIENT_REFUSED:
            reason = {"Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}
            raise _error("ConflictException", "Opted out.", "SendTextMessage", **reason)
        if self.answer is Answer.MESSAGE_REFUSED:
            reason = {"Reason": "MAXIMUM_SIZE_EXCEEDED"}
            raise _error("ValidationException", "No.", "SendTextMessage", **reason)
        address, words = request["DestinationPhoneNumber"], request["MessageBody"]
        return self._take("aws_sms", address, words, "SendTextMessage")

    def _sns_Publish(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if "PhoneNumber" not in request:
            return {"MessageId": "alarm"}
        return self._take("aws_sns_sms", request["PhoneNumber"], request["Message"], "Publish")

    def _take(self, provider: str, address: str, words: str, operation: str) -> dict[str, Any]:
        if self.answer is Answer.THROTTLED:
            raise _error("ThrottlingException", "Slower.", operation)
        id_ = f"{provider}-{len(self.sent)}"
        self.sent.append(Sent(provider, id_, address, words, datetime.now(UTC)))
        if self.answer is Answer.LOST:
            raise ReadTimeoutError(endpoint_url="https://provider.example")
        return {"MessageId": id_}


def _error(code: str, words: str, operation: str, **details: str) -> ClientError:
    told: Any = {
        "Error": {"Code": code, "Message": words},
        "ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {}},
        **details,
    }
    return ClientError(told, operation)


@contextmanager
def plugged_in(current: Callable[[], Wire]) -> Iterator[None]:
    """All clients of this process speak to the current wire; its workers work in line, its clocks agree."""
    # Its stubs do not tell of it; botocore's documentation of events does not either: it is the one door.
    real: Callable[[BaseClient, str, dict[str, Any]], Any] = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
        service = client.meta.service_model.service_name

        def answer() -> Any:
            ask = _ask_table if service == "dynamodb" else real
            return ask(client, operation, request)

        return current().call(answer, service, operation, request)

    with (
        patch.object(BaseClient, "_make_api_call", make_api_call),
        patch.object(ThreadPoolExecutor, "submit", _in_line),
        patch.object(time, "monotonic", time.time),  # time_machine moves the other clocks alone
    ):
        yield


def _ask_table(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
    """What moto's DynamoDB does with a request once it is read, and before its answer is written."""
    key = request.get("Key", {}).get("entity", {}).get("S", "")
    if len(key.encode()) > _KEY_BYTES:  # moto measures keys of puts alone
        raise _error("ValidationException", "The key is too long.", operation)
    handler: Any = DynamoHandler()
    handler.body, handler.region, handler.current_account = request, "us-east-1", "123456789012"
    try:
        return getattr(handler, xform_name(operation))().result
    except JsonRESTError as refused:
        told = json.loads(refused.description)
        code = told["__type"].partition("#")[2]
        error = {"Code": code, "Message": told.get("message") or told.get("Message", "")}
        refusal: Any = client.exceptions.from_code(code)
        raise refusal({"Error": error, **told}, operation) from None


def _in_line(_: ThreadPoolExecutor, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
    done: Future[Any] = Future()
    try:
        done.set_result(act(*args, **kwargs))
    except BaseException as failed:  # noqa: BLE001 - as a pool does: who asks for the result gets it
        done.set_exception(failed)
    return done
