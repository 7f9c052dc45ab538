"""Who asks: what a token proves, and the staff member it belongs to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reachable.model.credential import Credential


class TokenRole(StrEnum):
    """A group of a token, by our name for it."""

    TEACHER = "teacher"
    SCHOOL_STAFF = "school_staff"
    DISTRICT = "district"
    ROSTERING_ADMINISTRATOR = "rostering_administrator"
    COMMUNICATIONS_ADMINISTRATOR = "communications_administrator"
    USER_MANAGER = "user_manager"
    EXTENDED_HISTORY = "extended_history"


@dataclass(frozen=True, slots=True)
class Token:
    """What a verified access token says.

    ``user_id`` is the account that the issuer names, if it does; ``credentials`` are those that the token
    carries as verified, nothing else. ``signed_in_at`` is when the person signed in, by the issuer's clock; a
    token that is renewed keeps it. ``is_operator``: there was none, IAM let somebody invoke a function.
    """

    subject: str
    roles: frozenset[TokenRole]
    scopes: frozenset[str] = frozenset()
    user_id: str | None = None
    credentials: tuple[Credential, ...] = ()
    signed_in_at: datetime | None = None
    is_operator: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks or acts: a staff user, the sending system ``client:<its id>``, or ``aws:<name>`` where IAM
    let somebody invoke a function.

    ``schools`` and ``classes`` are those that the roster gives a staff user. ``is_client``: a sending system.
    """

    id: str
    roles: frozenset[TokenRole]
    schools: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    is_client: bool = False
