"""The lists of bad credentials: a line for each person whom one no longer reaches, and what to look for."""

from dataclasses import dataclass
from datetime import datetime

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel
from reachable.model.guidance import Guidance
from reachable.model.page import PAGE
from reachable.model.people import School
from reachable.model.status import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCredential:
    """Somebody and a credential of theirs that is bad: a line of the lists of ``schools``.

    ``blocks`` are those in force, newest first. ``shared``: somebody else holds it, too. ``meant`` is the
    domain that may have been meant: found when it is shown, and not kept in the list.
    """

    user_id: str
    sourced_id: str
    name: str
    credential: Credential
    blocks: tuple[Block, ...]
    held_since: datetime
    shared: bool
    schools: tuple[str, ...]
    meant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadSearch:
    """Which lines of the lists are looked for; ``channel`` is one that is closed."""

    school: str | None = None
    class_: str | None = None
    cause: Cause | None = None
    channel: Channel | None = None
    since: datetime | None = None
    limit: int = PAGE
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class BadCredentialShown:
    """A line as its reader may see it: ``newest`` is the newest block, None where they may read none.

    ``open`` is what of this credential is, ``reachable`` by what the person can be reached at all.
    """

    line: BadCredential
    newest: Block | None
    open: tuple[Channel, ...]
    reachable: tuple[Channel, ...]
    guidance: tuple[Guidance, ...]
    schools: tuple[School, ...]
