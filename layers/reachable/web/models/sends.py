"""Asking the gate."""

from typing import Self

from pydantic import Field, model_validator

from reachable.model import addresses
from reachable.model.delivery_event import Cause, Channel
from reachable.model.errors import InvalidAddress
from reachable.model.people import RosterKind, id_of
from reachable.model.send import RECIPIENTS_LIMIT, Purpose, Recipient, Refusal, Verdict
from reachable.web.models.fields import Model, Time


class RecipientIn(Model):
    """One recipient: a user, or a credential as ``email:...`` or ``phone:...``."""

    user_id: str | None = Field(default=None, min_length=1, max_length=100)
    sourced_id: str | None = Field(default=None, min_length=1, max_length=255)
    credential: str | None = Field(default=None, min_length=1, max_length=400)
    channel: Channel | None = None
    purpose: Purpose = Purpose.GENERAL

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(way is not None for way in (self.user_id, self.sourced_id, self.credential)) != 1:
            raise ValueError("name the recipient by user_id, sourced_id or credential: by one of them")
        return self

    def recipient(self, region: str) -> Recipient:
        """Whom the gate is asked about; ``region`` (ISO 3166) reads numbers without a country code.

        An address that is none is that recipient's own answer, not the whole call's.
        """
        if self.credential is None:
            user_id = self.user_id or id_of(RosterKind.USER, self.sourced_id or "")
            return Recipient(user_id=user_id, channel=self.channel, purpose=self.purpose)
        try:
            found = addresses.of_typed_key(self.credential, region)
        except InvalidAddress:
            return Recipient(channel=self.channel, purpose=self.purpose, invalid=True)
        return Recipient(credential=found, channel=self.channel, purpose=self.purpose)


class CheckIn(Model):
    """Up to 1,000 recipients."""

    recipients: list[RecipientIn] = Field(min_length=1, max_length=RECIPIENTS_LIMIT)


class AlternativeOut(Model):
    """Another way to the same person that is open."""

    channel: Channel
    credential: str


class VerdictOut(Model):
    """Whether to send. ``open`` is told where no channel was asked for.

    ``exempted``: the purpose passes the block that ``reason`` names.
    """

    send: bool
    channel: Channel | None
    credential: str | None
    reason: Cause | Refusal | None
    since: Time | None
    label: str | None
    open: list[Channel]
    alternatives: list[AlternativeOut]
    exempted: bool

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        return cls.model_construct(
            send=verdict.send,
            channel=verdict.channel,
            credential=verdict.credential and str(verdict.credential),
            reason=verdict.reason,
            since=verdict.since,
            label=verdict.label,
            open=list(verdict.open),
            alternatives=[
                AlternativeOut.model_construct(channel=a.channel, credential=str(a.credential))
                for a in verdict.alternatives
            ],
            exempted=verdict.exempted,
        )


class CheckOut(Model):
    """The verdicts, in the order in which the recipients were named."""

    results: list[VerdictOut]
