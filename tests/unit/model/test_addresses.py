"""Normal forms of email addresses and phone numbers."""

import pytest

from reachable.model import addresses
from reachable.model.errors import InvalidAddress


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ada@example.org", "email:ada@example.org"),
        ("  Ada.Reyes@Example.ORG ", "email:ada.reyes@example.org"),
        ("ada@bücher.example.org", "email:ada@xn--bcher-kva.example.org"),
        ("bounce+label@simulator.amazonses.com", "email:bounce+label@simulator.amazonses.com"),
    ],
)
def test_an_email_has_one_normal_form(typed: str, key: str) -> None:
    assert str(addresses.email(typed)) == key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("(202) 555-0123", "phone:+12025550123"),
        ("+1 202-555-0123", "phone:+12025550123"),
        ("202.555.0123", "phone:+12025550123"),
        ("+44 20 7946 0958", "phone:+442079460958"),
    ],
)
def test_a_phone_is_read_in_the_districts_region(typed: str, key: str) -> None:
    assert str(addresses.phone(typed, "US")) == key


@pytest.mark.parametrize("typed", ["", "ada", "ada@", "@example.org", "ada example.org", "a@b@example.org"])
def test_what_is_no_email_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        addresses.email(typed)


@pytest.mark.parametrize("typed", ["", "none", "911", "555-0123", "202-555-0123 x12", "+1 202 555 01234567"])
def test_what_is_no_phone_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        addresses.phone(typed, "US")


def test_a_caller_names_a_credential_by_its_kind() -> None:
    assert str(addresses.of_typed_key("phone:202 555 0123", "US")) == "phone:+12025550123"
    assert str(addresses.of_typed_key("email:Ada@example.org", "US")) == "email:ada@example.org"
    with pytest.raises(InvalidAddress):
        addresses.of_typed_key("ada@example.org", "US")
