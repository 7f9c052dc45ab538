"""Who is in a district: users, students, schools, classes, and how they hang together.

Ids are ours: UUIDv5 of the kind and the OneRoster ``sourcedId``, so that the same export always gives the
same ids, and nobody needs a table to translate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from reachable.model.credential import Credential, CredentialKind

_NAMESPACE: Final = UUID("6d2f7a3e-0c1b-5b8e-9d34-5a1f6f0e7c21")


class RosterKind(StrEnum):
    """What an id can name."""

    USER = "user"
    STUDENT = "student"
    SCHOOL = "school"
    CLASS = "class"


def id_of(kind: RosterKind, sourced_id: str) -> str:
    """Our id of a OneRoster record."""
    return str(uuid5(_NAMESPACE, f"{kind}\n{sourced_id}"))


class Role(StrEnum):
    """What a user is in the roster. What somebody may do comes from their token's groups instead."""

    GUARDIAN = "guardian"
    TEACHER = "teacher"
    SCHOOL_STAFF = "school_staff"
    DISTRICT = "district"

    @property
    def is_staff(self) -> bool:
        """Whether this account is one of a member of staff."""
        return self is not Role.GUARDIAN


class AccountStatus(StrEnum):
    """Whether the user has accepted the invitation. The console says "Invitee/Pending" for pending."""

    ACTIVE = "active"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Named:
    """Another record, as a list shows it."""

    id: str
    name: str
    sourced_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """One end of a guardianship: the other person and the relation (``mother``, ``guardian`` ...)."""

    id: str
    name: str
    relation: str
    sourced_id: str


@dataclass(frozen=True, slots=True)
class FormerCredential:
    """A credential that a user had from ``since`` to ``until``, when the roster gave another or none."""

    credential: Credential
    typed: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A guardian or a staff member.

    ``credentials`` are in normal form, ``typed`` is what the roster said of each, for display. ``schools``
    of a guardian are those of the linked students, so that these schools find them; ``works_at`` are the
    schools at which somebody is staff. ``classes`` are those that a teacher teaches. ``label`` is the ready
    SMS label where the phone is shared, else None. ``former`` is known of stored users alone: no export
    tells it.
    """

    id: str
    sourced_id: str
    role: Role
    given_name: str
    family_name: str
    account_status: AccountStatus
    language: str
    credentials: Mapping[CredentialKind, Credential] = field(default_factory=dict)
    typed: Mapping[CredentialKind, str] = field(default_factory=dict)
    schools: tuple[str, ...] = ()
    works_at: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    students: tuple[Link, ...] = ()
    label: str | None = None
    former: tuple[FormerCredential, ...] = ()

    @property
    def name(self) -> str:
        """As people write it."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """A student: no credentials, but guardians who have some."""

    id: str
    sourced_id: str
    given_name: str
    family_name: str
    grade: str | None
    schools: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    guardians: tuple[Link, ...] = ()

    @property
    def name(self) -> str:
        """As people write it."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school of the district."""

    id: str
    sourced_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolClass:
    """A class of a school, with its teachers and students by id."""

    id: str
    sourced_id: str
    title: str
    school: str


type RosterRecord = School | SchoolClass | Student | User
"""What one import writes, and owns, as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The one roster item that the gate reads: how a user can be reached, under 1 KB."""

    user_id: str
    credentials: Mapping[CredentialKind, Credential] = field(default_factory=dict)
    language: str = "en"
    account_status: AccountStatus = AccountStatus.ACTIVE
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A user who has, or had until ``until``, a credential."""

    user_id: str
    sourced_id: str
    name: str
    language: str
    schools: tuple[str, ...]
    since: datetime
    until: datetime | None = None

    def held(self, at: datetime) -> bool:
        """Whether we know that they had it at that time."""
        return self.since <= at and (self.until is None or at < self.until)
