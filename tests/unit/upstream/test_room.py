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


@pytest.mark.parametrize(
    ("account", "many"),
    [
        (Account("ses", settings={}), 10_000),  # by a job
        (Account("ses", settings={"tenant": "north"}), 1),  # a job knows no tenants
        (Account("sendgrid"), 500),
        (Account("postmark"), 50),
        (Account("resend"), 100),
        (Account("brevo"), 1),
        (Account("mandrill"), 1),
    ],
)
def test_how_many_addresses_one_request_takes_off(account: Account, many: int) -> None:
    assert upstream.bulk(account) == many
