"""The wire of the harness: every AWS call of every client passes here, and behind it stands moto.

Before each call an act hands over and the clock goes on a little. What would send a message is answered by a
provider that writes down what it took.
"""

import email
import pickle
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.policy import default as modern
from io import BytesIO
from typing import Any, Final, override

import pytest
import time_machine
from boto3.dynamodb.types import TypeDeserializer
from botocore.client import BaseClient
from moto.backends import get_backend

from tests.interleavings import schedule
from tests.interleavings.schedule import Call

ACCOUNT: Final = "123456789012"
"""moto's."""

type Item = dict[str, Any]

CALL_SECONDS: Final = 0.3
"""How long a call takes: a few of them cross a second, to which marks are cut."""
_KEPT: Final = frozenset({"secretsmanager", "ssm"})
"""What a process asks once and keeps: it is no part of a race, and of the first run alone."""
_NUMBERS: Final = ("messages/guard#", "messages/stats#", "messages/providers")
"""What only counts, or notes whom it heard. It decides no status, so nobody hands over there."""
_PARTITIONS: Final = {
    "credentials": "credential",
    "roster": "entity",
    "messages": "entity",
    "audit": "subject",
}
_READS: Final = frozenset(
    {"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems", "GetObject", "ListObjectsV2"}
    | {"GetQueueUrl", "GetQueueAttributes"}
)
_deserialize: Final = TypeDeserializer().deserialize


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the provider took: our tag, to whom, its words, and the id that the provider gave it."""

    tag: str | None
    address: str
    words: str
    unsubscribe_url: str | None
    provider_id: str
    at: datetime

    @property
    def dedup_id(self) -> str:
        """The tests' messages begin with it."""
        return self.words.split()[0]


@dataclass(slots=True)
class Provider:
    """Stands where SES and End User Messaging stand, and takes all."""

    took: list[Taken] = field(default_factory=list)

    def answer(self, operation: str, request: Mapping[str, Any]) -> dict[str, str] | None:
        """What it answers; None of a call that sends nothing."""
        provider_id = f"provider-{len(self.took) + 1}"
        match operation:
            case "SendRawEmail":
                mail = email.message_from_bytes(request["RawMessage"]["Data"], policy=modern)
                url = mail["List-Unsubscribe"]
                [address] = request["Destinations"]
                tags = {tag["Name"]: tag["Value"] for tag in request.get("Tags", [])}
                words = str(mail["Subject"])
                taken = (tags.get("reachable_id"), address, words, url and url.strip("<>"))
            case "SendTextMessage" | "SendVoiceMessage":
                tag = request.get("Context", {}).get("reachable_id")
                taken = (tag, request["DestinationPhoneNumber"], request["MessageBody"], None)
            case "Publish" if "PhoneNumber" in request:
                taken = (None, request["PhoneNumber"], request["Message"], None)
            case _:
                return None
        self.took.append(Taken(*taken, provider_id, datetime.now(UTC)))
        return {"MessageId": provider_id}


@dataclass(slots=True)
class Wire:
    """What is plugged in: the clock and the provider."""

    clock: time_machine.Traveller
    provider: Provider = field(default_factory=Provider)

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.shift(timedelta(seconds=seconds))


@contextmanager
def plugged(now: datetime) -> Iterator[Wire]:
    """Put the wire between every client and moto, and have pools do one thing after the other."""
    real: Any = vars(BaseClient)["_make_api_call"]

    def call(client: Any, operation: str, request: dict[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        if service not in _KEPT and not _is_of_numbers(asked := _call(service, operation, request)):
            schedule.before(asked)
            wire.pass_(CALL_SECONDS)
        answer = wire.provider.answer(operation, request)
        return real(client, operation, request) if answer is None else answer

    with pytest.MonkeyPatch.context() as patch, time_machine.travel(now, tick=False) as clock:
        wire = Wire(clock)
        patch.setattr(BaseClient, "_make_api_call", call)
        patch.setattr(ThreadPoolExecutor, "submit", _at_once)
        patch.setattr(time, "monotonic", lambda: 0.0)  # nobody is late, nothing kept is old
        yield wire


def _at_once(_: ThreadPoolExecutor, act: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
    done: Future[Any] = Future()
    try:
        done.set_result(act(*args, **named))
    except Exception as error:  # noqa: BLE001 - who asks for the result gets it
        done.set_exception(error)
    return done


def _call(service: str, operation: str, request: Mapping[str, Any]) -> Call:
    """What a call touches: partitions of tables, queues, buckets, the provider."""
    match service:
        case "dynamodb":
            places = set(_places(request))
        case "sqs":
            queue = request["QueueUrl"].rpartition("/")[2]
            if operation == "SendMessage":  # two may come in any order
                one = f"{queue} {request['MessageBody']}"
                return Call(f"sqs.SendMessage {queue}", frozenset({queue}), frozenset({one}))
            places = {f"{queue} {request.get('ReceiptHandle', '')}".strip()}  # a receipt is one worker's own
        case "s3":
            return _of_s3(operation, request)
        case _:
            places = {service}
    touched = frozenset(places)
    words = f"{service}.{operation} {', '.join(place.partition(' ')[0] for place in sorted(touched))}"
    return Call(words, reads=touched) if operation in _READS else Call(words, writes=touched)


def _is_of_numbers(call: Call) -> bool:
    places = call.reads | call.writes
    return bool(places) and all(place.startswith(_NUMBERS) for place in places)


def _of_s3(operation: str, request: Mapping[str, Any]) -> Call:
    """Two may put or take away other objects in any order; who lists sees what the bucket has."""
    bucket = request["Bucket"]
    keys = [one["Key"] for one in request.get("Delete", {}).get("Objects", [])] or [request.get("Key")]
    objects = frozenset(f"{bucket} {key}" for key in keys if key)
    words = f"s3.{operation} {bucket}"
    match operation:
        case "GetObject":
            return Call(words, reads=objects)
        case "PutObject" | "DeleteObjects":
            return Call(words, reads=frozenset({bucket}), writes=objects)
        case _:
            return Call(words, writes=frozenset({bucket}))


def _places(request: Any, table: str = "") -> Iterator[str]:
    """The partitions that a request of DynamoDB names, wherever in it."""
    match request:
        case {"TableName": str(named), **rest}:
            yield from _places(rest, named)
        case {"KeyConditionExpression": str(), "ExpressionAttributeValues": dict(values)}:
            yield from (f"{table}/{value['S']}" for value in values.values() if "S" in value)
        case {"RequestItems": dict(tables)}:
            for named, inner in tables.items():
                yield from _places(inner, named)
        case dict():
            for name, value in request.items():
                if name == _PARTITIONS.get(table) and "S" in value:
                    yield f"{table}/{value['S']}"
                else:
                    yield from _places(value, table)
        case list():
            for value in request:
                yield from _places(value, table)
        case _:
            return


# What lies behind it


def items(table: str, partitions: str = "", *sorts: str) -> Iterator[Item]:
    """Items in plain values, read past the wire: those whose keys begin so."""
    for partition, within in _backends("dynamodb")["us-east-1"].tables[table].items.items():
        if partition.value.startswith(partitions):
            for sort, item in within.items():
                if not sorts or sort.value.startswith(sorts):
                    wired = item.to_json()["Attributes"]
                    yield {name: _deserialize(value) for name, value in wired.items()}


def waiting(queue: str, *, later: bool = False) -> list[str]:
    """The bodies that wait on a queue, read past the wire; ``later``: those too that nobody can see yet."""
    queues = _backends("sqs")["us-east-1"].queues
    if queue not in queues:
        return []
    there = (one for one in queues[queue]._messages if one.id not in queues[queue].deleted_messages)
    return [one.body for one in there if later or (one.visible and not one.delayed)]


def parked() -> list[str]:
    """The keys of what is parked, read past the wire."""
    return list(_backends("s3")["aws"].buckets["parked"].keys)


def _backends(service: str) -> Any:
    """What moto keeps for a service, by region."""
    backend: Any = get_backend
    return backend(service)[ACCOUNT]


_LOCKS: Final = (type(threading.Lock()), type(threading.RLock()), threading.Condition)


class Snapshot:
    """All that lies in moto's tables, queues and buckets."""

    def __init__(self) -> None:
        self._locks: list[object] = []
        self._kept = {
            (service, region): self._freeze(backend)
            for service in ("dynamodb", "sqs", "s3")
            for region, backend in _backends(service).items()
        }

    def restore(self) -> None:
        """Have it lie there again."""
        for (service, region), kept in self._kept.items():
            _backends(service)[region] = self._thaw(kept)

    def _freeze(self, backend: object) -> bytes:
        locks, written = self._locks, BytesIO()

        class Pickler(pickle.Pickler):
            @override
            def persistent_id(self, obj: Any) -> int | None:
                if not isinstance(obj, _LOCKS):
                    return None
                locks.append(obj)
                return len(locks) - 1

        Pickler(written).dump(backend)
        return written.getvalue()

    def _thaw(self, kept: bytes) -> Any:
        locks = self._locks

        class Unpickler(pickle.Unpickler):
            @override
            def persistent_load(self, pid: Any) -> object:
                return locks[pid]

        return Unpickler(BytesIO(kept)).load()
