"""By what channel an invitation goes: by email where there is one, else by text."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta

from reachable import words
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Channel


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as it goes: by what channel, and what it says. A text has no subject."""

    channel: Channel
    text: str
    subject: str | None = None


def invitation(
    kinds: Container[CredentialKind], language: str, default_language: str, *, district: str, url: str
) -> Invitation | None:
    """The invitation of somebody who has credentials of these kinds; None where there is no way.

    A language that we do not speak gets the district's, else English. ``district`` is its name, empty where
    it is not known.
    """
    said = words.invitation(words.spoken(language, default_language), district=district, url=url)
    if CredentialKind.EMAIL in kinds:
        return Invitation(Channel.EMAIL, said.email, subject=said.subject)
    if CredentialKind.PHONE in kinds:
        return Invitation(Channel.SMS, said.sms)
    return None


def seconds_to_next_day(now: datetime) -> int:
    """How long until the next reminder may go: until the next day begins, in UTC. Rounded up."""
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return -((now - tomorrow) // timedelta(seconds=1))
