"""Credentials by key and by channel."""

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Channel


def test_a_stored_key_leads_back_to_its_credential() -> None:
    ada = Credential(CredentialKind.EMAIL, "ada@example.org")
    assert Credential.of_key(str(ada)) == ada


def test_a_phone_takes_texts_and_calls() -> None:
    phone = Credential.of_event(Channel.VOICE, "+12025550123")
    assert phone.kind is CredentialKind.PHONE
    assert phone.channels == (Channel.SMS, Channel.VOICE)
