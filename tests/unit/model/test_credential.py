"""Credentials by key, by channel and by digest."""

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Channel

ADA = Credential(CredentialKind.EMAIL, "ada@example.org")
PHONE = Credential(CredentialKind.PHONE, "+12025550123")


@pytest.mark.parametrize(
    ("key", "credential"), [("email:ada@example.org", ADA), ("phone:+12025550123", PHONE)]
)
def test_a_stored_key_and_its_credential_lead_to_each_other(key: str, credential: Credential) -> None:
    assert Credential.of_key(key) == credential
    assert str(credential) == key


@pytest.mark.parametrize(
    ("channel", "address", "credential"),
    [
        (Channel.EMAIL, "ada@example.org", ADA),
        (Channel.SMS, "+12025550123", PHONE),
        (Channel.VOICE, "+12025550123", PHONE),
    ],
)
def test_an_event_speaks_of_a_credential_of_its_channel_s_kind(
    channel: Channel, address: str, credential: Credential
) -> None:
    assert Credential.of_event(channel, address) == credential


def test_a_phone_takes_texts_and_calls() -> None:
    assert PHONE.channels == (Channel.SMS, Channel.VOICE)
    assert ADA.channels == (Channel.EMAIL,)


def test_a_digest_stays_since_records_are_stored_by_it() -> None:
    assert ADA.digest == "6cb3f567e1c3cf302a56cae2a8efd209"
    assert PHONE.digest == "55a7f42158ed6c6b99f7bb7bd791e6a4"


@pytest.mark.parametrize(
    ("key", "domain"), [("email:ada@example.org", "example.org"), ("phone:+12025550123", None)]
)
def test_an_email_address_alone_has_a_receiving_domain(key: str, domain: str | None) -> None:
    assert Credential.of_key(key).domain == domain
