"""AWS on the wire, where a test needs that it does not answer, or what it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import EndpointConnectionError

from reachable.store import dynamodb


@contextmanager
def cut_off(client: Any, operation: str, *words: str) -> Iterator[None]:
    """Calls of an operation whose body has these words never reach AWS."""

    def fail(params: dict[str, Any], **_: Any) -> None:
        if all(word in str(params["body"]) for word in words):
            raise EndpointConnectionError(endpoint_url=operation)

    name = f"before-call.{_service(client)}.{operation}"
    client.meta.events.register_first(name, fail)
    try:
        yield
    finally:
        client.meta.events.unregister(name, fail)


@contextmanager
def overheard(client: Any, operation: str) -> Iterator[list[dict[str, Any]]]:
    """What is asked of an operation: the parameters of each call."""
    asked: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        asked.append(dict(params))

    name = f"provide-client-params.{_service(client)}.{operation}"
    client.meta.events.register(name, note)
    try:
        yield asked
    finally:
        client.meta.events.unregister(name, note)


@contextmanager
def conflicts(times: int) -> Iterator[None]:
    """So many transactions of DynamoDB find another at work on what they write."""
    client, left = dynamodb.client(), iter(range(times))

    def cancel(**_: Any) -> None:
        if next(left, None) is not None:
            raise client.exceptions.TransactionCanceledException(
                {
                    "Error": {"Code": "TransactionCanceledException", "Message": "x"},
                    "CancellationReasons": [{"Code": "TransactionConflict"}],
                },
                "TransactWriteItems",
            )

    name = "before-call.dynamodb.TransactWriteItems"
    client.meta.events.register_first(name, cancel)
    try:
        yield
    finally:
        client.meta.events.unregister(name, cancel)


def _service(client: Any) -> str:
    return str(client.meta.service_model.service_id.hyphenize())
