"""Requests and answers of the API: the edge where JSON becomes our values and back."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from reachable import words
from reachable.model import addresses
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel, Permanence
from reachable.model.errors import InvalidAddress
from reachable.model.guidance import Code, Guidance
from reachable.model.history import Consent
from reachable.model.message import LastMessage, MessageStatus
from reachable.model.people import AccountStatus, Role, RosterKind, School, SchoolClass, id_of
from reachable.model.profile import (
    BlockShown,
    CredentialShown,
    EventShown,
    HistoryPage,
    Me,
    StudentShown,
    SummaryPage,
    UserShown,
)
from reachable.model.reset import ResetWish
from reachable.model.search import Wish
from reachable.model.send import RECIPIENTS_LIMIT, Purpose, Recipient, Refusal, Verdict
from reachable.model.status import Block, CredentialStatus, Ground, Lift, time_of
from reachable.rules.reset import Decision, Outcome
from reachable.web.paging import PAGE, PAGE_LIMIT
from reachable.words import Language

type Time = Annotated[
    datetime,
    PlainSerializer(lambda at: at.astimezone(UTC).isoformat().replace("+00:00", "Z"), return_type=str),
]
"""RFC 3339 in UTC."""
type Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


type Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Model(BaseModel):
    """Strict about names, and never changed. What is wrong is told by its place: errors end in logs."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class NamedOut(Model):
    """Another record by id and name."""

    id: str
    sourced_id: str
    name: str


class LinkOut(Model):
    """A person at the other end of a guardianship."""

    id: str
    sourced_id: str
    name: str
    relation: str


class BlockOut(Model):
    """Why something is, or was, closed. ``until`` and ``lifted_by`` are null while it is in force."""

    ground: Ground
    channels: list[Channel]
    cause: Cause
    permanence: Permanence | None
    reason: str
    provider_words: str | None
    provider: str
    since: Time
    until: Time | None
    by: str | None
    note: str | None
    lifted_by: Lift | None

    @classmethod
    def of(cls, shown: BlockShown, kind: CredentialKind, language: Language) -> Self:
        block, item, lifting = shown.block, shown.item, shown.lifting
        return cls(
            ground=block.register.ground,
            channels=list(block.channels),
            cause=block.cause,
            permanence=block.permanence,
            reason=words.reason(block.register.ground, block.cause, kind, language),
            provider_words=item.diagnostic if item else None,
            provider=block.provider,
            since=time_of(block.at),
            until=time_of(lifting.at) if lifting else None,
            by=item.by if item else None,
            note=item.note if item else None,
            lifted_by=lifting.by if lifting else None,
        )


def _reason(block: Block | None, kind: CredentialKind, language: Language) -> str | None:
    return words.reason(block.register.ground, block.cause, kind, language) if block else None


class LastMessageOut(Model):
    """The newest message to a credential: how it stands, and since when."""

    channel: Channel
    status: MessageStatus
    at: Time

    @classmethod
    def of(cls, message: LastMessage) -> Self:
        return cls(channel=message.channel, status=message.status, at=message.at)


class CredentialOut(Model):
    """One credential. ``reason`` says in plain words why it is bad; ``blocks`` is for extended viewers.

    A ``former`` one the user no longer has: it is told as it was in the time in which they had it.
    """

    kind: CredentialKind
    value: str
    typed: str
    status: CredentialStatus
    open: list[Channel]
    reason: str | None
    shared: bool
    holders: list[NamedOut]
    other_holders: int
    held_since: Time | None
    held_until: Time | None
    former: bool
    last_message: LastMessageOut | None
    blocks: list[BlockOut]

    @classmethod
    def of(cls, shown: CredentialShown, language: Language) -> Self:
        kind = shown.credential.kind
        return cls(
            kind=kind,
            value=shown.credential.address,
            typed=shown.typed,
            status=CredentialStatus.BAD if shown.bad else CredentialStatus.GOOD,
            open=list(shown.open),
            reason=_reason(shown.newest, kind, language),
            shared=shown.shared,
            holders=[NamedOut(id=one.id, sourced_id=one.sourced_id, name=one.name) for one in shown.holders],
            other_holders=shown.other_holders,
            held_since=shown.held_since,
            held_until=shown.held_until,
            former=shown.former,
            last_message=LastMessageOut.of(shown.last_message) if shown.last_message else None,
            blocks=[BlockOut.of(block, kind, language) for block in shown.blocks or ()],
        )


class GuidanceOut(Model):
    """What to do, in plain words; ``credential`` where it is about one."""

    code: Code
    credential: CredentialKind | None
    text: str

    @classmethod
    def of(cls, one: Guidance, language: Language, our_number: str | None) -> Self:
        return cls(code=one.code, credential=one.kind, text=words.guidance(one, language, our_number))


class UserOut(Model):
    """A user's profile, as far as the viewer may see it; ``hidden`` names what was left out of."""

    id: str
    sourced_id: str
    name: str
    role: str
    account_status: str
    language: str
    schools: list[NamedOut]
    students: list[LinkOut]
    credentials: list[CredentialOut]
    guidance: list[GuidanceOut]
    actions: list[str]
    hidden: list[str]
    etag: str

    @classmethod
    def of(cls, shown: UserShown, language: Language, our_number: str | None) -> Self:
        user = shown.user
        return cls(
            id=user.id,
            sourced_id=user.sourced_id,
            name=user.name,
            role=user.role.value,
            account_status=user.account_status.value,
            language=user.language,
            schools=_schools(shown.schools),
            students=[
                LinkOut(id=s.id, sourced_id=s.sourced_id, name=s.name, relation=s.relation)
                for s in shown.students
            ],
            credentials=[CredentialOut.of(one, language) for one in shown.credentials],
            guidance=[GuidanceOut.of(one, language, our_number) for one in shown.guidance],
            actions=list(shown.actions),
            hidden=list(shown.hidden),
            etag=shown.etag,
        )


class GuardianOut(Model):
    """A student's guardian, and by what they can be reached."""

    id: str
    sourced_id: str
    name: str
    relation: str
    account_status: str
    reachable: list[Channel]


class StudentOut(Model):
    """A student's profile; ``hidden`` names the lists of which something was left out."""

    id: str
    sourced_id: str
    name: str
    grade: str | None
    guardians: list[GuardianOut]
    schools: list[NamedOut]
    classes: list[NamedOut]
    hidden: list[str]

    @classmethod
    def of(cls, shown: StudentShown) -> Self:
        student = shown.student
        return cls(
            id=student.id,
            sourced_id=student.sourced_id,
            name=student.name,
            grade=student.grade,
            guardians=[
                GuardianOut(
                    id=one.link.id,
                    sourced_id=one.link.sourced_id,
                    name=one.link.name,
                    relation=one.link.relation,
                    account_status=one.account_status.value,
                    reachable=list(one.reachable),
                )
                for one in shown.guardians
            ],
            schools=_schools(shown.schools),
            classes=_classes(shown.classes),
            hidden=list(shown.hidden),
        )


def _schools(schools: Iterable[School]) -> list[NamedOut]:
    return [NamedOut(id=one.id, name=one.name, sourced_id=one.sourced_id) for one in schools]


def _classes(classes: Iterable[SchoolClass]) -> list[NamedOut]:
    return [NamedOut(id=one.id, name=one.title, sourced_id=one.sourced_id) for one in classes]


class EventOut(Model):
    """One line of the history of a user's email or phone; ``value`` is the one that it was."""

    id: str
    value: str
    kind: str
    channel: Channel | None
    permanence: Permanence | None
    cause: Cause | None
    reason: str | None
    provider_words: str | None
    provider: str
    occurred_at: Time
    sent_at: Time | None
    by: str | None
    note: str | None

    @classmethod
    def of(cls, shown: EventShown, kind: CredentialKind, language: Language) -> Self:
        item = shown.item
        return cls(
            id=item.hex,
            value=shown.credential.address,
            kind=item.kind.value,
            channel=item.channel,
            permanence=item.permanence,
            cause=item.cause,
            reason=words.reason(None, item.cause, kind, language) if item.cause else None,
            provider_words=item.diagnostic,
            provider=item.provider,
            occurred_at=item.occurred_at,
            sent_at=item.sent_at,
            by=item.by,
            note=item.note,
        )


class EventsOut(Model):
    """A page of a credential's history, newest first."""

    items: list[EventOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: HistoryPage, kind: CredentialKind, language: Language) -> Self:
        items = [EventOut.of(item, kind, language) for item in page.items]
        return cls(items=items, next_cursor=page.next_cursor)


class AccountOut(Model):
    """One account of who is signed in."""

    id: str
    sourced_id: str
    role: str
    name: str
    account_status: str
    credentials: list[CredentialOut]


class MeOut(Model):
    """Who is signed in: their accounts, what they may do, and their schools and classes."""

    accounts: list[AccountOut]
    roles: list[str]
    actions: list[str]
    schools: list[NamedOut]
    classes: list[NamedOut]

    @classmethod
    def of(cls, me: Me, language: Language) -> Self:
        return cls(
            accounts=[
                AccountOut(
                    id=account.user.id,
                    sourced_id=account.user.sourced_id,
                    role=account.user.role.value,
                    name=account.user.name,
                    account_status=account.user.account_status.value,
                    credentials=[CredentialOut.of(one, language) for one in account.credentials],
                )
                for account in me.accounts
            ],
            roles=list(me.roles),
            actions=list(me.actions),
            schools=_schools(me.schools),
            classes=_classes(me.classes),
        )


class SummaryOut(Model):
    """A person in a list: no addresses, only by what they can be reached."""

    id: str
    sourced_id: str
    name: str
    role: str | None
    grade: str | None
    account_status: str | None
    reachable: list[Channel]


class _Search(Model):
    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    school: Id | None = None
    class_: Id | None = Field(default=None, alias="class")
    limit: int = Field(default=PAGE, ge=1, le=PAGE_LIMIT)
    cursor: Annotated[str, StringConstraints(max_length=500)] | None = None


class UserSearchIn(_Search):
    """Users by `q`: the beginnings of names, or one full email address or phone number typed any way.

    `q` may be empty beside a filter.
    """

    role: Role | None = None
    status: CredentialStatus | None = None
    account_status: AccountStatus | None = None

    def wish(self) -> Wish:
        """What the flow looks for."""
        return Wish(
            kind=RosterKind.USER,
            q=self.q,
            school=self.school,
            class_=self.class_,
            role=self.role,
            status=self.status,
            account_status=self.account_status,
            limit=self.limit,
            cursor=self.cursor,
        )


class StudentSearchIn(_Search):
    """Students by the beginnings of their names; `q` may be empty beside a filter."""

    def wish(self) -> Wish:
        """What the flow looks for."""
        return Wish(
            kind=RosterKind.STUDENT,
            q=self.q,
            school=self.school,
            class_=self.class_,
            limit=self.limit,
            cursor=self.cursor,
        )


class ListOut(Model):
    """A list of schools or classes, whole."""

    items: list[NamedOut]
    next_cursor: str | None = None

    @classmethod
    def of_schools(cls, schools: Iterable[School]) -> Self:
        """Schools by name."""
        return cls(items=_schools(schools))

    @classmethod
    def of_classes(cls, classes: Iterable[SchoolClass]) -> Self:
        """Classes by title."""
        return cls(items=_classes(classes))


class _Person(Model):
    """Somebody by our id, or by the roster's ``sourcedId``."""

    user_id: Id | None = None
    sourced_id: Id | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.user_id is None) == (self.sourced_id is None):
            raise ValueError("name the person by user_id or by sourced_id: by one of them")
        return self

    @property
    def id(self) -> str:
        """Our id."""
        return self.user_id or id_of(RosterKind.USER, self.sourced_id or "")


class AcceptIn(_Person):
    """The pending account whose invitation is accepted."""


class DirectIn(_Person):
    """A direct invoke of ``profiles``: whose profile, or whose events of a credential; ``as`` who asks."""

    as_: Note = Field(alias="as")
    events: CredentialKind | None = None
    limit: int = Field(default=PAGE, ge=1, le=PAGE_LIMIT)
    cursor: Annotated[str, StringConstraints(max_length=500)] | None = None


class SummariesOut(Model):
    """A page of people."""

    items: list[SummaryOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: SummaryPage) -> Self:
        return cls(
            items=[
                SummaryOut(
                    id=one.summary.id,
                    sourced_id=one.summary.sourced_id,
                    name=one.summary.name,
                    role=one.summary.role,
                    grade=one.summary.grade,
                    account_status=one.summary.account_status,
                    reachable=list(one.reachable),
                )
                for one in page.items
            ],
            next_cursor=page.next_cursor,
        )


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


class DirectResetIn(_Person, ResetIn):
    """A direct invoke of ``reset``: the route's body, whose, and ``as`` who does it."""

    as_: Note = Field(alias="as")
    if_match: str | None = None


class ResetResultOut(Model):
    """What the reset did to one credential; ``detail`` says in plain words what is still to be done."""

    kind: CredentialKind
    outcome: Outcome
    detail: str | None
    still_blocked: list[Channel]
    upstream: list[str]

    @classmethod
    def of(cls, kind: CredentialKind, decision: Decision, language: Language, our_number: str | None) -> Self:
        advice = [words.advice(need, language, our_number) for need in decision.needs]
        return cls(
            kind=kind,
            outcome=decision.outcome,
            detail=" ".join(advice) or None,
            still_blocked=list(decision.still_blocked),
            upstream=[],
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


class DirectMarkIn(_Person, MarkIn):
    """A direct invoke of ``reset`` that marks by hand: the route's body, whose, and ``as`` who does it."""

    as_: Note = Field(alias="as")


class RecipientIn(Model):
    """One recipient: a user, or a credential as ``email:...`` or ``phone:...``."""

    user_id: str | None = Field(default=None, min_length=1, max_length=100)
    sourced_id: str | None = Field(default=None, min_length=1, max_length=255)
    credential: str | None = Field(default=None, min_length=1, max_length=400)
    channel: Channel | None = None
    purpose: Purpose = Purpose.GENERAL

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(one is not None for one in (self.user_id, self.sourced_id, self.credential)) != 1:
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
