"""What a profile shows: values ready to be spelled out, with nothing in them that the viewer may not see."""

from dataclasses import dataclass
from datetime import datetime

from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.guidance import Guidance
from reachable.model.history import HistoryItem
from reachable.model.message import LastMessage
from reachable.model.people import AccountStatus, Link, Named, School, SchoolClass, Student, User
from reachable.model.search import Summary
from reachable.model.status import Block, Lifting
from reachable.model.upstream import Upstream


@dataclass(frozen=True, slots=True)
class BlockShown:
    """A block with what its history item tells, and what lifted it, None while it is in force.

    ``by_name`` is the name of who set it by hand; None where the roster knows none.
    """

    block: Block
    item: HistoryItem | None
    lifting: Lifting | None
    by_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialShown:
    """A credential of a user as the viewer may see it.

    ``holders`` are the others who hold it and whom the viewer may see, ``other_holders`` counts the rest.
    ``newest`` is the newest block in force, None where the viewer may not read it; ``blocks`` are all, those
    lifted too, and None where the viewer has not the extended permission. Of one that the user no longer has
    (``held_until``) all this is of the time in which they had it, and its other holders are nobody's business
    here. ``last_message`` and ``upstream``, how it stands on the providers' own lists, are for viewers with
    the extended permission.
    """

    credential: Credential
    typed: str
    open: tuple[Channel, ...]
    shared: bool
    holders: tuple[Named, ...]
    other_holders: int
    held_since: datetime | None
    newest: Block | None
    held_until: datetime | None = None
    last_message: LastMessage | None = None
    blocks: tuple[BlockShown, ...] | None = None
    upstream: tuple[Upstream, ...] = ()

    @property
    def former(self) -> bool:
        """Whether it is the user's no longer."""
        return self.held_until is not None

    @property
    def bad(self) -> bool:
        """Whether any channel of it is closed."""
        return self.open != self.credential.channels


@dataclass(frozen=True, slots=True, kw_only=True)
class UserShown:
    """A user's profile. ``hidden`` names the lists and fields of which something was left out."""

    user: User
    schools: tuple[School, ...]
    students: tuple[Link, ...]
    credentials: tuple[CredentialShown, ...]
    guidance: tuple[Guidance, ...]
    actions: tuple[str, ...]
    hidden: tuple[str, ...]
    etag: str


@dataclass(frozen=True, slots=True)
class GuardianShown:
    """A guardian in a student's profile: whether they can be reached, and by what."""

    link: Link
    account_status: AccountStatus
    reachable: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentShown:
    """A student's profile. ``hidden`` names the lists of which something was left out."""

    student: Student
    guardians: tuple[GuardianShown, ...]
    schools: tuple[School, ...]
    classes: tuple[SchoolClass, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """One account of who is signed in, with its own credentials, and what to do about them."""

    user: User
    credentials: tuple[CredentialShown, ...]
    guidance: tuple[Guidance, ...]


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in: their accounts, their token's roles, and what a staff account may do and where.

    ``viewer`` is the account as which they look and act: None where no account of staff, or several, are
    proven, or the token has no role of staff.
    """

    accounts: tuple[Account, ...]
    viewer: User | None
    sees_district: bool
    roles: tuple[str, ...]
    actions: tuple[str, ...]
    schools: tuple[School, ...]
    classes: tuple[SchoolClass, ...]


@dataclass(frozen=True, slots=True)
class SummaryShown:
    """A person in a list, by what they can be reached now, and whether a credential of theirs is bad.

    ``schools`` are theirs that the viewer may know of, by name.
    """

    summary: Summary
    reachable: tuple[Channel, ...]
    bad: bool = False
    schools: tuple[School, ...] = ()


@dataclass(frozen=True, slots=True)
class EventShown:
    """What happened, and to which credential: the user's own now, or a former one.

    ``by_name`` is the name of who did it; None where nobody did, or the roster knows none.
    """

    credential: Credential
    item: HistoryItem
    by_name: str | None = None
