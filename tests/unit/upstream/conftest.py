"""The stand-ins of all providers' lists, and an account of ours that leads to each."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from reachable import aws
from reachable.model.upstream import Account
from tools.stand_ins.server import serving, stand_ins
from tools.stand_ins.stand_in import StandIn


@pytest.fixture(scope="session")
def _served() -> Iterator[tuple[dict[str, StandIn], str]]:
    lists = stand_ins()
    with serving(lists) as url:
        yield lists, url


@pytest.fixture
def lists(_served: tuple[dict[str, StandIn], str]) -> dict[str, StandIn]:
    """Each empty, with no calls yet. One for all tests: what is kept alive of a connection is the
    process's."""
    for list_ in _served[0].values():
        list_.__init__()  # type: ignore[misc]  # begun anew
    return _served[0]


@pytest.fixture
def account(
    _served: tuple[dict[str, StandIn], str], lists: dict[str, StandIn], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Account]]:
    """An account of a provider, with other settings where they are given."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    aws.forget_clients()

    def made(provider: str, **settings: Any) -> Account:
        url = f"{_served[1]}/{provider}"
        return Account(
            provider,
            settings={"base_url": url, "endpoint_url": url, **lists[provider].settings(), **settings},
        )

    yield made
    aws.forget_clients()


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS is asked once: botocore's own tries are seconds apart."""
    monkeypatch.setattr(aws, "client", partial(aws.client, attempts=1, read_seconds=10))
