"""A credential: one email address or one phone number in normal form."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from reachable.model.delivery_event import Channel
from reachable.model.errors import InvalidAddress


class CredentialKind(StrEnum):
    """What a credential is; a user has at most one of each."""

    EMAIL = "email"
    PHONE = "phone"


KIND_OF_CHANNEL = {
    Channel.EMAIL: CredentialKind.EMAIL,
    Channel.SMS: CredentialKind.PHONE,
    Channel.VOICE: CredentialKind.PHONE,
}
CHANNELS_OF_KIND = {
    CredentialKind.EMAIL: (Channel.EMAIL,),
    CredentialKind.PHONE: (Channel.SMS, Channel.VOICE),
}


@dataclass(frozen=True, slots=True, order=True)
class Credential:
    """``email:ada@example.org`` or ``phone:+12025550123``; ``str()`` gives that key."""

    kind: CredentialKind
    address: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.address}"

    @classmethod
    def of_key(cls, key: str) -> Self:
        """The credential that a stored key names; the key is trusted."""
        kind, _, address = key.partition(":")
        return cls(CredentialKind(kind), address)

    @classmethod
    def of_event(cls, channel: Channel, address: str) -> Self:
        """The credential that a delivery event speaks of; dialects give addresses in normal form."""
        return cls(KIND_OF_CHANNEL[channel], address)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """By what this credential can be reached at all."""
        return CHANNELS_OF_KIND[self.kind]


def email(typed: str) -> Credential:
    """The email credential that somebody typed.

    Both parts are lower-cased and the domain IDNA-encoded: no school tells ``Ada@`` from ``ada@``.

    Raises:
        InvalidAddress: it is no deliverable form of an address (RFC 5321, RFC 6531).
    """
    try:
        found = validate_email(typed.strip(), check_deliverability=False)
    except EmailNotValidError as problem:
        raise InvalidAddress("This is not an email address.") from problem
    return Credential(CredentialKind.EMAIL, f"{found.local_part.lower()}@{found.ascii_domain}")


def phone(typed: str, region: str) -> Credential:
    """The phone credential that somebody typed; ``region`` (ISO 3166) reads numbers without a country code.

    Raises:
        InvalidAddress: no such number can exist, or it has an extension, which no text message reaches.
    """
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException as problem:
        raise InvalidAddress("This is not a phone number.") from problem
    if number.extension:
        raise InvalidAddress("This phone number has an extension.")
    # A number that is possible only as a local one (555-0123) lacks the area code: it would reach nobody.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidAddress("This phone number has too few or too many digits.")
    return Credential(
        CredentialKind.PHONE, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    )


def of_typed_key(key: str, region: str) -> Credential:
    """The credential that a caller names as ``email:...`` or ``phone:...``, typed any way.

    Raises:
        InvalidAddress: neither prefix is there, or the address is none.
    """
    kind, _, address = key.partition(":")
    match kind:
        case CredentialKind.EMAIL:
            return email(address)
        case CredentialKind.PHONE:
            return phone(address, region)
        case _:
            raise InvalidAddress("A credential starts with email: or phone:.")
