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


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        (" Ada@Example.org ", "ada@example.org"),
        ("+12025550123", "12025550123"),
        ("12025550123", "12025550123"),
        ("+ada@example.org", "+ada@example.org"),  # another mailbox than ada@
        ("Ada@München.example", "ada@xn--mnchen-3ya.example"),
        ("ada@xn--mnchen-3ya.example", "ada@xn--mnchen-3ya.example"),
        ("ädä@example.org", "ädä@example.org"),
        ("ada@mün chen", "ada@mün chen"),  # no domain: nobody's address
    ],
)
def test_an_address_is_the_same_however_a_list_spells_it(address: str, plain: str) -> None:
    assert upstream.plain(address) == plain
