"""Who unsubscribes is told so only once it is written."""

from typing import Any

import pytest

from tests.functions import district
from tests.functions.test_messages import Provider
from tests.functions.test_unsubscribe import grounds, sent, visit


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


@pytest.mark.parametrize(("operation", "word"), [("PutItem", "event#"), ("UpdateItem", "unsubscribed@email")])
def test_nobody_is_told_that_they_are_unsubscribed_where_nothing_was_written(
    provider: Provider, fail: Any, operation: str, word: str
) -> None:
    token = sent(provider)
    fail(operation, word)
    answer = visit("POST", token)
    assert grounds() == []  # the table did not take it
    assert answer["statusCode"] == 503, "The mail program is told 200 and never asks again."
