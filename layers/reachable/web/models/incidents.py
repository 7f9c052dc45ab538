"""Incidents: a reset of many, what it would do, and how far it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import Field, StringConstraints

from reachable import words
from reachable.model import addresses
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel
from reachable.model.incident import (
    Incident,
    IncidentShown,
    IncidentState,
    IncidentWish,
    Line,
    Numbers,
    Outcome,
    Phase,
    Progress,
    Upload,
    Where,
)
from reachable.model.page import Page
from reachable.model.releases import AccountReleases
from reachable.model.status import Ground
from reachable.rules import incident as rules
from reachable.web.models.fields import Id, Model, NamedOut, Note, Time, WithZone
from reachable.words import Language

_PEOPLE: Final = 1000
type _Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class WhereIn(Model):
    """Which events were wrong: those that occurred from `from` until before `to`, and fit all else.

    `to` may be left out: until it is counted. `code` is the provider's own or the SMTP status, `text` stands
    in the diagnostic in any case, `school` is an id or a `sourced_id`. `account` is `default` where a
    provider has one.
    """

    from_: WithZone = Field(alias="from")
    to: WithZone | None = None
    channel: Channel | None = None
    provider: _Text | None = None
    account: _Text | None = None
    domain: _Text | None = None
    cause: Cause | None = None
    code: _Text | None = None
    text: _Text | None = None
    school: Id | None = None

    def to_model(self) -> Where:
        """What the flow looks for.

        Raises:
            InvalidAddress: the domain is none.
        """
        domain = addresses.email(f"anybody@{self.domain}").domain if self.domain is not None else None
        return Where(
            from_=self.from_,
            to=self.to,
            channel=self.channel,
            provider=self.provider,
            account=self.account,
            domain=domain,
            cause=self.cause,
            code=self.code,
            text=self.text,
            school=self.school,
        )


class PersonIn(Model):
    """Somebody, by one of the two."""

    user_id: Id | None = None
    sourced_id: Id | None = None


class IncidentIn(Model):
    """Whom it concerns, said in one way: up to 1,000 `users` (an id or a `sourced_id` each), a `file` of up
    to 100,000, or a window.

    `dry_run`: it is counted, and waits to be started.
    """

    users: list[Id | PersonIn] | None = Field(default=None, min_length=1, max_length=_PEOPLE)
    file: bool = False
    where: WhereIn | None = None
    note: Note | None = None
    dry_run: bool = False

    def to_model(self) -> IncidentWish:
        """What the flow saves."""
        people = None if self.users is None else [_id(person) for person in self.users]
        return IncidentWish(
            people=people,
            file=self.file,
            where=self.where.to_model() if self.where is not None else None,
            note=self.note,
            dry_run=self.dry_run,
        )


def _id(person: str | PersonIn) -> str:
    return person if isinstance(person, str) else person.user_id or person.sourced_id or ""


class WhereOut(Model):
    """A window, as it was asked for or raised."""

    from_: Time = Field(serialization_alias="from")
    to: Time | None
    channel: Channel | None
    provider: str | None
    account: str | None
    domain: str | None
    cause: Cause | None
    code: str | None
    text: str | None
    school: str | None

    @classmethod
    def of(cls, where: Where) -> Self:
        """A window."""
        return cls.model_validate(where, from_attributes=True)


class IncidentOut(Model):
    """An incident in a list, or as an act leaves it; the work goes on by itself.

    Whom it concerns is `where`, or a list of so many people or single events. `actions` are what can be done
    with it now, `times` when it came to each state last. `by` is who asked for it (`system:guard`: a share
    leaped), `started_by` who let it reset or undo; the name beside each is null where the roster has no such
    person. A list is to be put to `upload_url` with an HTTP PUT before `expires_at`; it is counted then by
    itself.
    """

    id: str
    state: IncidentState
    actions: list[str]
    by: str
    by_name: str | None
    started_by: str | None
    started_by_name: str | None
    note: str | None
    where: WhereOut | None
    people: int | None
    events: int | None
    dry_run: bool
    error: str | None
    times: dict[IncidentState, Time]
    upload_url: str | None = None
    expires_at: Time | None = None

    @classmethod
    def of(cls, incident: Incident, now: datetime, upload: Upload | None = None) -> Self:
        """One that was saved, or moved."""
        return cls(
            **_told(incident, rules.may(incident, now)),
            upload_url=upload.url if upload is not None else None,
            expires_at=upload.expires_at if upload is not None else None,
        )


class BecauseOut(Model):
    """What keeps a credential closed that is not of the incident."""

    ground: Ground
    cause: Cause
    reason: str
    since: str


class CandidateOut(Model):
    """A credential, with who holds it; of an unknown user `listed` is what the list says."""

    users: list[NamedOut]
    listed: str | None
    kind: CredentialKind | None
    outcome: Outcome
    cause: Cause | None
    reason: str | None
    since: str | None
    because: list[BecauseOut]

    @classmethod
    def of(cls, line: Line, language: Language) -> Self:
        """A line of the report."""
        kind = CredentialKind(line.kind) if line.kind is not None else None
        cause = Cause(line.cause) if line.cause is not None else None
        return cls(
            users=[NamedOut(id=id_, sourced_id=sourced, name=name) for id_, sourced, name in line.holders],
            listed=line.listed,
            kind=kind,
            outcome=line.outcome,
            cause=cause,
            reason=words.reason(None, cause, kind, language) if cause is not None and kind else None,
            since=line.since,
            because=[
                BecauseOut(
                    ground=Ground(ground),
                    cause=Cause(why),
                    reason=words.reason(Ground(ground), Cause(why), kind, language),
                    since=since,
                )
                for ground, why, since in line.others
                if kind is not None
            ],
        )


class IncidentCountsOut(Model):
    """How many credentials came to which outcome; of those that are reset (of an undo: closed again), how
    many by cause, receiving domain and school. Under `""` are those of none, and of further names.
    """

    outcome: dict[Outcome, int]
    cause: dict[str, int]
    domain: dict[str, int]
    school: dict[str, int]

    @classmethod
    def of(cls, counts: Numbers) -> Self:
        """Of a phase."""
        outcome = {Outcome(name): many for name, many in counts["outcome"].items()}
        rest = {by: dict(counts[by]) for by in ("cause", "domain", "school")}
        return cls(outcome=outcome, **rest)


class IncidentPhaseOut(Model):
    """How far a run, or its undo, is: so many parts of 500 candidates each of so many, and what they came to.

    Examples and whom it left alone are told once it is over, has stopped or failed; all are in the report.
    """

    parts_done: int
    parts: int
    counts: IncidentCountsOut
    examples: list[CandidateOut]
    left_alone: list[CandidateOut]

    @classmethod
    def of(cls, progress: Progress, language: Language) -> Self:
        """What is known of it."""
        return cls(
            parts_done=progress.done,
            parts=progress.chunks,
            counts=IncidentCountsOut.of(progress.counts),
            examples=[CandidateOut.of(line, language) for line in progress.examples],
            left_alone=[CandidateOut.of(line, language) for line in progress.left_alone],
        )


class ReleasesOut(Model):
    """A provider's account: how many addresses are still to be released from its list, and what came of the
    others. Before a run: how many it would ask for.

    `refused`: something keeps them there, and the profile says what. `left_alone`: they are closed again, or
    somebody has reset them since. `ends_at` is about when all is done, null where nobody can tell.
    """

    provider: str
    account: str
    to_come: int
    released: int
    refused: int
    unknown: int
    given_up: int
    left_alone: int
    next_at: Time | None
    ends_at: Time | None

    @classmethod
    def of(cls, account: AccountReleases) -> Self:
        """One account."""
        return cls.model_validate(account, from_attributes=True)


class IncidentShownOut(IncidentOut):
    """An incident by itself.

    `counts`, `examples` (ten) and `left_alone` (the first 200) say what a run would do; they are there once
    it was counted. All of it, by name, is in the report.
    """

    counts: IncidentCountsOut | None
    examples: list[CandidateOut]
    left_alone: list[CandidateOut]
    counting: IncidentPhaseOut | None
    run: IncidentPhaseOut | None
    undo: IncidentPhaseOut | None
    releases: list[ReleasesOut]

    @classmethod
    def of_shown(cls, shown: IncidentShown, language: Language) -> Self:
        """One by itself."""
        phases = {phase: IncidentPhaseOut.of(progress, language) for phase, progress in shown.phases.items()}
        counted = phases.get(Phase.COUNT)
        is_counting = shown.incident.state is IncidentState.COUNTING
        known = counted if counted is not None and not is_counting else None
        return cls(
            **_told(shown.incident, shown.actions),
            counts=known.counts if known else None,
            examples=known.examples if known else [],
            left_alone=known.left_alone if known else [],
            counting=counted if is_counting else None,
            run=phases.get(Phase.RUN),
            undo=phases.get(Phase.UNDO),
            releases=[ReleasesOut.of(account) for account in shown.releases],
        )


class ReportOut(Model):
    """A CSV with a row for each who holds a credential: what was done, or would be, and why not."""

    report_url: str
    expires_at: Time

    @classmethod
    def of(cls, there: Upload) -> Self:
        """Where it is."""
        return cls(report_url=there.url, expires_at=there.expires_at)


class IncidentsOut(Model):
    """Incidents, newest first."""

    items: list[IncidentOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Incident], now: datetime) -> Self:
        """A page."""
        items = [IncidentOut.of(incident, now) for incident in page.items]
        return cls(items=items, next_cursor=page.next_cursor)


def _told(incident: Incident, actions: Sequence[str]) -> dict[str, Any]:
    return {
        "id": incident.id,
        "state": incident.state,
        "actions": list(actions),
        "by": incident.by,
        "by_name": incident.by_name,
        "started_by": incident.started_by,
        "started_by_name": incident.started_by_name,
        "note": incident.note,
        "where": WhereOut.of(incident.where) if incident.where is not None else None,
        "people": incident.people,
        "events": incident.events,
        "dry_run": incident.dry_run,
        "error": incident.error,
        "times": incident.times,
    }
