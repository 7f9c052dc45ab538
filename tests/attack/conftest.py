"""The fixtures of tests/functions, and AWS calls that fail, or whose answer is lost on the way."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from reachable.store import dynamodb
from tests.functions.conftest import aws, silent_audit
from tests.functions.test_messages import provider

__all__ = ["aws", "provider", "silent_audit"]

type Meddle = Callable[..., None]


def _fits(params: dict[str, Any], words: tuple[str, ...]) -> bool:
    body = params.get("body", b"")
    text = body.decode() if isinstance(body, bytes) else str(body)
    return all(word in text for word in words)


@pytest.fixture
def fail(aws: None) -> Iterator[Meddle]:
    """``fail("PutItem", "event#")``: calls whose body has these words never reach DynamoDB."""
    undo: list[tuple[str, Any]] = []

    def register(operation: str, *words: str, times: int = 1) -> None:
        left = [times]

        def before(params: dict[str, Any], **_: Any) -> None:
            if left[0] and _fits(params, words):
                left[0] -= 1
                raise ReadTimeoutError(endpoint_url="dynamodb")

        name = f"before-call.dynamodb.{operation}"
        dynamodb.client().meta.events.register(name, before)
        undo.append((name, before))

    yield register
    for name, handler in undo:
        dynamodb.client().meta.events.unregister(name, handler)


@pytest.fixture
def lose_answer(aws: None) -> Iterator[Meddle]:
    """``lose_answer("PutItem", "hold")``: DynamoDB did it, the answer was lost, botocore sends it again."""
    undo: list[tuple[str, Any]] = []

    def register(operation: str, *words: str, times: int = 1) -> None:
        left = [times]

        def again(request_dict: dict[str, Any], **_: Any) -> Any:
            if left[0] and _fits(request_dict, words):
                left[0] -= 1
                return 0
            return None

        name = f"needs-retry.dynamodb.{operation}"
        dynamodb.client().meta.events.register_first(name, again)
        undo.append((name, again))

    yield register
    for name, handler in undo:
        dynamodb.client().meta.events.unregister(name, handler)
