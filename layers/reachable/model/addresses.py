"""What somebody typed, as a credential: a module of its own, since its libraries cost a cold start 40 ms.

Events of providers need them for rare addresses only (``providers/_addresses.py``).
"""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from reachable.model import plain_email
from reachable.model.credential import Credential, CredentialKind
from reachable.model.details import Detail
from reachable.model.errors import InvalidAddress


def email(typed: str) -> Credential:
    """The email credential that somebody typed.

    Both parts are lower-cased and the domain IDNA-encoded: no school tells ``Ada@`` from ``ada@``.

    Raises:
        InvalidAddress: it is no deliverable form of an address (RFC 5321, RFC 6531).
    """
    text = typed.strip()
    return Credential(CredentialKind.EMAIL, plain_email.normal_form(text) or _by_library(text))


def _by_library(text: str) -> str:
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise InvalidAddress(Detail.NOT_AN_EMAIL) from None  # its text repeats parts of the address
    return f"{found.local_part.lower()}@{found.ascii_domain}"


def phone(typed: str, region: str) -> Credential:
    """The phone credential that somebody typed; ``region`` (ISO 3166) reads numbers without a country code.

    Raises:
        InvalidAddress: no such number can exist, or it has an extension, which no text message reaches.
    """
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        raise InvalidAddress(Detail.NOT_A_PHONE) from None
    if number.extension:
        raise InvalidAddress(Detail.PHONE_EXTENSION)
    # A number that is possible only as a local one (555-0123) lacks the area code: it would reach nobody.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidAddress(Detail.PHONE_LENGTH)
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
            raise InvalidAddress(Detail.NO_KIND_OF_CREDENTIAL)
