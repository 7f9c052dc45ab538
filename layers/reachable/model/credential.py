"""A credential: one email address or one phone number in normal form."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Self

from reachable.model.delivery_event import Channel


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
    def domain(self) -> str | None:
        """The receiving domain of an email address; None of a phone number."""
        return self.address.rpartition("@")[2] if self.kind is CredentialKind.EMAIL else None

    @property
    def digest(self) -> str:
        """32 hex digits that stand for it where no address may stand: in an id, in a message's key."""
        return sha256(str(self).encode()).hexdigest()[:32]

    @property
    def channels(self) -> tuple[Channel, ...]:
        """By what this credential can be reached at all."""
        return CHANNELS_OF_KIND[self.kind]
