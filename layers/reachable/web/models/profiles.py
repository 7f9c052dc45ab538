"""People: a user, a student, who is signed in, and what happened to a credential."""

from datetime import UTC
from typing import Final, Self

from pydantic import Field, model_validator

from reachable import settings, words
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel, Permanence
from reachable.model.guidance import Code, Guidance
from reachable.model.history import Consent, HistoryItem
from reachable.model.message import LastMessage, MessageStatus
from reachable.model.page import Page
from reachable.model.people import RosterKind, id_of
from reachable.model.profile import BlockShown, CredentialShown, EventShown, Me, StudentShown, UserShown
from reachable.model.status import Block, CredentialStatus, Ground, Lift, time_of
from reachable.model.upstream import Upstream, UpstreamState
from reachable.rules.permissions import Action
from reachable.web.models.fields import Id, Model, NamedOut, Time
from reachable.words import Language

ZONE: Final = settings.optional("TIME_ZONE", UTC, settings.zone)
"""Of the district: the days and times in sentences are those that its people have."""


class LinkOut(Model):
    """A person at the other end of a guardianship."""

    id: str
    sourced_id: str
    name: str
    relation: str


class BlockOut(Model):
    """Why something is, or was, closed. ``until`` and ``lifted_by`` are null while it is in force.

    ``by`` set it by hand; ``by_name`` is null where the roster has no such person.
    """

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
    by_name: str | None
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
            by_name=shown.by_name,
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


class UpstreamOut(Model):
    """How a credential stands on a provider's own list of those that it refuses.

    ``advice`` says in plain words what keeps it there and what to do; null where nothing does.
    """

    provider: str
    account: str
    state: UpstreamState
    at: Time
    retry_after: Time | None
    advice: str | None

    @classmethod
    def of(cls, upstream: Upstream, kind: CredentialKind, language: Language, our_number: str | None) -> Self:
        return cls(
            provider=upstream.provider,
            account=upstream.account,
            state=upstream.state,
            at=upstream.at,
            retry_after=upstream.retry_after,
            advice=words.of_upstream(upstream, kind, language, our_number, zone=ZONE),
        )


class CredentialOut(Model):
    """One credential. ``reason`` says in plain words why it is bad, ``since`` from when.

    Without the extended permission both are told of a bounce alone, and ``last_message``, ``blocks`` and
    ``upstream`` are empty. A ``former`` one the user no longer has: it is told as it was in the time in which
    they had it.
    """

    kind: CredentialKind
    value: str
    typed: str
    status: CredentialStatus
    open: list[Channel]
    reason: str | None
    since: Time | None
    shared: bool
    holders: list[NamedOut]
    other_holders: int
    held_since: Time | None
    held_until: Time | None
    former: bool
    last_message: LastMessageOut | None
    blocks: list[BlockOut]
    upstream: list[UpstreamOut]

    @classmethod
    def of(cls, shown: CredentialShown, language: Language, our_number: str | None) -> Self:
        kind = shown.credential.kind
        return cls(
            kind=kind,
            value=shown.credential.address,
            typed=shown.typed,
            status=CredentialStatus.BAD if shown.bad else CredentialStatus.GOOD,
            open=list(shown.open),
            reason=_reason(shown.newest, kind, language),
            since=time_of(shown.newest.at) if shown.newest else None,
            shared=shown.shared,
            holders=[NamedOut.of(holder) for holder in shown.holders],
            other_holders=shown.other_holders,
            held_since=shown.held_since,
            held_until=shown.held_until,
            former=shown.former,
            last_message=LastMessageOut.of(shown.last_message) if shown.last_message else None,
            blocks=[BlockOut.of(block, kind, language) for block in shown.blocks or ()],
            upstream=[UpstreamOut.of(upstream, kind, language, our_number) for upstream in shown.upstream],
        )


class GuidanceOut(Model):
    """What to do, in plain words; ``credential`` where it is about one.

    ``did_you_mean`` is a receiving domain that many here use, a letter or two from one whose address does not
    exist: to be checked with the family, never applied by itself. The text says so, too.

    Of a complaint, an unsubscribe or a STOP ``wants_no_contact`` is all that is told in `/me` and to viewers
    without the extended permission, whose other codes are ``reset_will_help``, ``fix_sis_first``, ``remind``
    and ``shared``.
    """

    code: Code
    credential: CredentialKind | None
    text: str
    did_you_mean: str | None = None

    @classmethod
    def of(cls, guidance: Guidance, language: Language, our_number: str | None) -> Self:
        return cls(
            code=guidance.code,
            credential=guidance.kind,
            text=words.guidance(guidance, language, our_number, zone=ZONE),
            did_you_mean=guidance.meant,
        )

    @classmethod
    def to_oneself(cls, guidance: Guidance, language: Language, our_number: str | None) -> Self:
        text = words.guidance_to_oneself(guidance, language, our_number, zone=ZONE)
        return cls(code=guidance.code, credential=guidance.kind, text=text)


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
            schools=[NamedOut.of(school) for school in shown.schools],
            students=[
                LinkOut(id=s.id, sourced_id=s.sourced_id, name=s.name, relation=s.relation)
                for s in shown.students
            ],
            credentials=[
                CredentialOut.of(credential, language, our_number) for credential in shown.credentials
            ],
            guidance=[GuidanceOut.of(guidance, language, our_number) for guidance in shown.guidance],
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
                    id=guardian.link.id,
                    sourced_id=guardian.link.sourced_id,
                    name=guardian.link.name,
                    relation=guardian.link.relation,
                    account_status=guardian.account_status.value,
                    reachable=list(guardian.reachable),
                )
                for guardian in shown.guardians
            ],
            schools=[NamedOut.of(school) for school in shown.schools],
            classes=[NamedOut.of_class(class_) for class_ in shown.classes],
            hidden=list(shown.hidden),
        )


class ConsentOut(Model):
    """A person's word that messages may come again: from whom, and how it was given."""

    from_: str = Field(serialization_alias="from")
    how: str

    @classmethod
    def of(cls, consent: Consent) -> Self:
        return cls(from_=consent.from_whom, how=consent.how)


class EventOut(Model):
    """One line of the history of a user's email or phone; ``value`` is the one that it was.

    ``by`` did it; ``by_name`` is null where the roster has no such person. ``incident`` is the reset of many
    of which it is a part.
    """

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
    by_name: str | None
    note: str | None
    consent: ConsentOut | None
    incident: str | None

    @classmethod
    def of(cls, shown: EventShown, kind: CredentialKind, language: Language, our_number: str | None) -> Self:
        item = shown.item
        return cls(
            id=item.hex,
            value=shown.credential.address,
            kind=item.kind.value,
            channel=item.channel,
            permanence=item.permanence,
            cause=item.cause,
            reason=_reason_of_event(item, kind, language, our_number),
            provider_words=item.diagnostic,
            provider=item.provider,
            occurred_at=item.occurred_at,
            sent_at=item.sent_at,
            by=item.by,
            by_name=shown.by_name,
            note=item.note,
            consent=ConsentOut.of(item.consent) if item.consent else None,
            incident=item.incident,
        )


def _reason_of_event(
    item: HistoryItem, kind: CredentialKind, language: Language, our_number: str | None
) -> str | None:
    """Why, of a bounce; of a release, what keeps the address on the provider's list."""
    if item.hindrance is not None:
        until = item.retry_after
        return words.hindrance(
            item.hindrance, item.provider, kind, language, our_number, until=until, zone=ZONE
        )
    return words.reason(None, item.cause, kind, language) if item.cause else None


class EventsOut(Model):
    """A page of a credential's history, newest first."""

    items: list[EventOut]
    next_cursor: str | None

    @classmethod
    def of(
        cls, page: Page[EventShown], kind: CredentialKind, language: Language, our_number: str | None
    ) -> Self:
        items = [EventOut.of(item, kind, language, our_number) for item in page.items]
        return cls(items=items, next_cursor=page.next_cursor)


class AccountOut(Model):
    """One account of who is signed in, with its own credentials, and what to do about them."""

    id: str
    sourced_id: str
    role: str
    name: str
    account_status: str
    credentials: list[CredentialOut]
    guidance: list[GuidanceOut]


class MeOut(Model):
    """Who is signed in: their accounts, what they may do, and their schools and classes.

    `viewer` is the account as which they look and act; null, and `actions` empty, where no account of staff
    or several are proven, or the token has no role of staff. `sees_district`: every school is in scope, and
    `GET /schools` lists them; `schools` are those of the accounts.
    """

    accounts: list[AccountOut]
    viewer: NamedOut | None
    sees_district: bool
    roles: list[str]
    actions: list[Action]
    schools: list[NamedOut]
    classes: list[NamedOut]

    @classmethod
    def of(cls, me: Me, language: Language, our_number: str | None) -> Self:
        return cls(
            accounts=[
                AccountOut(
                    id=account.user.id,
                    sourced_id=account.user.sourced_id,
                    role=account.user.role.value,
                    name=account.user.name,
                    account_status=account.user.account_status.value,
                    credentials=[
                        CredentialOut.of(credential, language, our_number)
                        for credential in account.credentials
                    ],
                    guidance=[
                        GuidanceOut.to_oneself(guidance, language, our_number)
                        for guidance in account.guidance
                    ],
                )
                for account in me.accounts
            ],
            viewer=NamedOut.of(me.viewer) if me.viewer is not None else None,
            sees_district=me.sees_district,
            roles=list(me.roles),
            actions=[Action(action) for action in me.actions],
            schools=[NamedOut.of(school) for school in me.schools],
            classes=[NamedOut.of_class(class_) for class_ in me.classes],
        )


class AcceptIn(Model):
    """The pending account whose invitation is accepted: by our id, or by the roster's ``sourcedId``."""

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
