"""A client lives as long as its process: what one test makes must not reach into the next."""

from collections.abc import Iterator

import pytest

from reachable import aws
from reachable.senders import _aws


@pytest.fixture(autouse=True)
def own_clients() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    aws.forget_clients()
    _aws._last_used.clear()
