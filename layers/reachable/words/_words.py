"""The form that a language fills: everything that we say to people, once.

``{...}`` are filled in; the two languages name the same ones (tests/unit/words).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel
from reachable.model.details import Detail
from reachable.model.guidance import Because, Code
from reachable.model.message import Dropped
from reachable.model.reset import Need
from reachable.model.roster_problem import ProblemKind
from reachable.model.send import Refusal
from reachable.model.status import Ground
from reachable.model.upstream import Hindrance

type OfKind = Mapping[CredentialKind, str]
"""Words that differ between an email address and a phone number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationTexts:
    """What an invitation says, by email and by text.

    ``{district}`` is the district's name, or who it is in words; ``{url}`` is where to sign up. For somebody
    who does not know us yet: who writes, what for, where to sign up. The account is found by the address that
    the person proves there, so the email says to use this one. ``sms`` has letters of the GSM alphabet alone,
    which has no acute i, o or u.
    """

    subject: str
    email: str
    sms: str
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribing:
    """The page that a mail's link leads to: ``ask`` and ``button`` first, ``done`` after."""

    ask: str
    button: str
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterMail:
    """To whom looks after rosters. Subjects are in ASCII, all that SNS takes."""

    refused_subject: str
    refused: str
    files: str
    unread_subject: str
    unread: str
    report: str
    failed_subject: str
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTexts:
    """The weekly mail to staff of whom messages no longer reach, in parts; it has no addresses.

    ``subject``, ``intro``, ``more`` and ``end`` are a school's. Between them stand its people: ``no`` of what
    does not arrive (``by``, with ``or_`` between two) and, where that may be read, ``since`` when and why.
    The others are the district's, which lists schools. ``{count}`` is a number of people, in ``more`` of
    those for whom there was no room, in ``district_more`` of such schools; the words fit one and many.
    """

    subject: str
    intro: str
    no: str
    by: Mapping[Channel, str]
    or_: str
    since: str
    more: str
    end: str
    district_subject: str
    district_intro: str
    no_school: str
    district_more: str
    district_end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language."""

    by_ground: Mapping[Ground, OfKind]
    """Why a credential is bad, where the person or a member of staff said so: it outranks the cause."""
    by_cause: Mapping[Cause, OfKind]
    """Why it is bad, or why one message failed."""
    not_sent: Mapping[Refusal | Dropped, str]
    """Why a message went to no provider, where no credential is at fault."""
    needs: Mapping[Need, str]
    our_number: str
    """What stands for ``{number}`` where we do not know it."""
    noun: OfKind
    short: OfKind
    elsewhere: OfKind
    """Where else a message may be that was delivered."""
    guidance: Mapping[Code | Because, str]
    """To staff, by the evidence where there is one, else by the code."""
    did_you_mean: str
    """After it, of an address whose domain is a letter or two from ``{domain}``."""
    guidance_to_oneself: Mapping[Code | Because, str]
    """To the person themselves: by the evidence where it has words here, else by the code."""
    hindrances: Mapping[Hindrance, str]
    """What a person must do where a provider's own list keeps an address: ``{provider}`` is its name."""
    label: str
    """Before a text to a shared phone, so that whoever reads it knows whom it is for."""
    invitation: InvitationTexts
    unsubscribing: Unsubscribing
    digest: DigestTexts
    roster_mail: RosterMail
    roster_problems: Mapping[ProblemKind, str]
    """What a Rostering Administrator should do about it."""
    held: str
    """Why a batch, sender or domain is held."""
    details: Mapping[Detail, str]
    """What is told of an error."""
