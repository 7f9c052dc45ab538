"""The room's face: a provider is its file, and nothing else in the room is one."""

import pytest

from reachable import upstream
from reachable.model.errors import UnknownProvider
from reachable.model.upstream import Account


@pytest.mark.parametrize("provider", ["nobody", "", "_http", "__init__", "ses.x", "../ses", "SES"])
def test_a_provider_that_there_is_not(provider: str) -> None:
    with pytest.raises(UnknownProvider):
        upstream.channel(provider)
    with pytest.raises(UnknownProvider):
        upstream.look(Account(provider), "ada@example.org")
