"""What an invitation says, and by what channel it goes: by email where there is one, else by text.

It is for somebody who does not know us yet: it says who writes, what for, and where to sign up. The account
is found by the address that the person proves there, so the email says to use this one.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Channel
from reachable.rules.wording import Language


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation's words; a text has no subject."""

    channel: Channel
    text: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """``{district}`` is the district's name, or who it is in words; ``{url}`` is where to sign up."""

    subject: str
    email: str
    sms: str
    """In letters of the GSM alphabet alone, which has no acute i, o or u."""
    district: str


_WORDS: Final[Mapping[str, _Words]] = {
    Language.EN: _Words(
        subject="Sign up for messages from {district}",
        email="You are invited to get messages from {district} by email and by phone.\n\n"
        "Sign up here, with the email address that this came to:\n{url}\n\n"
        "If you did not expect this invitation, you need not do anything.\n",
        sms="You are invited to get messages from {district}. Sign up: {url}",
        district="your school district",
    ),
    Language.ES: _Words(
        subject="Regístrese para recibir mensajes de {district}",
        email="Le invitamos a recibir mensajes de {district} por correo electrónico y por teléfono.\n\n"
        "Regístrese aquí, con la dirección de correo a la que llegó esta invitación:\n{url}\n\n"
        "Si no esperaba esta invitación, no tiene que hacer nada.\n",
        sms="Le invitamos a recibir mensajes de {district}. Registro: {url}",
        district="su distrito escolar",
    ),
}


def invitation(
    kinds: Container[CredentialKind], language: str, default_language: str, *, district: str, url: str
) -> Invitation | None:
    """The invitation of somebody who has credentials of these kinds; None where there is no way.

    A language that we do not speak gets the district's, else English. ``district`` is its name, empty where
    it is not known.
    """
    words = _WORDS.get(language) or _WORDS.get(default_language) or _WORDS[Language.EN]
    filling = {"district": district or words.district, "url": url}
    if CredentialKind.EMAIL in kinds:
        return Invitation(
            Channel.EMAIL, words.email.format(**filling), subject=words.subject.format(**filling)
        )
    if CredentialKind.PHONE in kinds:
        return Invitation(Channel.SMS, words.sms.format(**filling))
    return None


def seconds_to_next_day(now: datetime) -> int:
    """How long until the next reminder may go: until the next day begins, in UTC. Rounded up."""
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return -((now - tomorrow) // timedelta(seconds=1))
