"""A client lives as long as its process: what one test makes must not reach into the next."""

from collections.abc import Iterator

import pytest

from reachable.senders import _aws


@pytest.fixture(autouse=True)
def own_clients() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    _aws._client.cache_clear()
    _aws._last_used.clear()
