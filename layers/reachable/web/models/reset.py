"""Resetting a credential's status, and marking one bad by hand."""

from collections.abc import Iterable
from typing import Self

from pydantic import Field

from reachable import words
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Channel
from reachable.model.history import Consent
from reachable.model.reset import ResetWish
from reachable.model.status import Ground
from reachable.model.upstream import Upstream
from reachable.rules.reset import Decision, ResetOutcome
from reachable.web.models.fields import Model, Note
from reachable.web.models.profiles import UpstreamOut
from reachable.words import Language


class ConsentIn(Model):
    """A person's word that messages may come again."""

    from_: Note = Field(alias="from")
    how: Note


class ResetIn(Model):
    """Which credentials to reset (none named: all), and why. ``consent`` after a complaint or unsubscribe."""

    credentials: list[CredentialKind] | None = Field(default=None, min_length=1, max_length=2)
    note: Note | None = None
    consent: ConsentIn | None = None

    def wish(self, if_match: str | None) -> ResetWish:
        """What the flow does."""
        return ResetWish(
            kinds=self.credentials,
            note=self.note,
            consent=Consent(self.consent.from_, self.consent.how) if self.consent else None,
            if_match=if_match,
        )


class ResetResultOut(Model):
    """What the reset did to one credential; ``detail`` says in plain words what is still to be done.

    ``upstream`` is how it stands on the providers' own lists, as far as it is known: each is asked right
    after a reset, and the profile tells what came of it.
    """

    kind: CredentialKind
    outcome: ResetOutcome
    detail: str | None
    still_blocked: list[Channel]
    upstream: list[UpstreamOut]

    @classmethod
    def of(
        cls,
        kind: CredentialKind,
        decision: Decision,
        upstream: Iterable[Upstream],
        language: Language,
        our_number: str | None,
    ) -> Self:
        advice = [words.advice(need, language, our_number) for need in decision.needs]
        return cls(
            kind=kind,
            outcome=decision.outcome,
            detail=" ".join(advice) or None,
            still_blocked=list(decision.still_blocked),
            upstream=[UpstreamOut.of(listed, kind, language, our_number) for listed in upstream],
        )


class ResetOut(Model):
    """What the reset did, credential by credential."""

    results: list[ResetResultOut]
    etag: str


class MarkIn(Model):
    """A credential to mark bad by hand; without a channel, all of it."""

    credential: CredentialKind
    channel: Channel | None = None
    ground: Ground = Field(default=Ground.MANUAL, json_schema_extra={"enum": ["manual", "unsubscribed"]})
    note: Note


class MarkOut(Model):
    """The profile's etag after the mark."""

    etag: str
