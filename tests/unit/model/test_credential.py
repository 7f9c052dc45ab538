"""Normal forms of email addresses and phone numbers."""

import pytest

from reachable.model import credential
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Channel
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
    assert str(credential.email(typed)) == key


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
    assert str(credential.phone(typed, "US")) == key


@pytest.mark.parametrize("typed", ["", "ada", "ada@", "@example.org", "ada example.org", "a@b@example.org"])
def test_what_is_no_email_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        credential.email(typed)


@pytest.mark.parametrize("typed", ["", "none", "911", "555-0123", "202-555-0123 x12", "+1 202 555 01234567"])
def test_what_is_no_phone_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        credential.phone(typed, "US")


def test_a_caller_names_a_credential_by_its_kind() -> None:
    assert str(credential.of_typed_key("phone:202 555 0123", "US")) == "phone:+12025550123"
    assert str(credential.of_typed_key("email:Ada@example.org", "US")) == "email:ada@example.org"
    with pytest.raises(InvalidAddress):
        credential.of_typed_key("ada@example.org", "US")


def test_a_stored_key_leads_back_to_its_credential() -> None:
    ada = Credential(CredentialKind.EMAIL, "ada@example.org")
    assert Credential.of_key(str(ada)) == ada


def test_a_phone_takes_texts_and_calls() -> None:
    phone = Credential.of_event(Channel.VOICE, "+12025550123")
    assert phone.kind is CredentialKind.PHONE
    assert phone.channels == (Channel.SMS, Channel.VOICE)
