"""What the guard watches: how many of the messages of one half minute bounced for good, by where and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from reachable.model.group import Tally

HALF_MINUTE: Final = timedelta(seconds=30)
_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)

type Cells = Mapping[int, Tally]
"""What was sent in each half minute since 1970, and bounced of it, whenever that was told."""


def cell(at: datetime) -> int:
    """The half minute of a time."""
    return (at - _BEGIN) // HALF_MINUTE


def begins(cell_: int) -> datetime:
    """When a half minute begins."""
    return _BEGIN + cell_ * HALF_MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose bounces are watched: a receiving domain's, a provider account's, or those of one of its codes.

    ``account`` is spelled as in the statistics: ``ses/main``, or ``ses`` where the provider has but one.
    """

    domain: str | None = None
    account: str | None = None
    code: str | None = None

    def __str__(self) -> str:
        if self.domain is not None:
            return f"domain:{self.domain}"
        return f"account:{self.account}" if self.code is None else f"code:{self.account}#{self.code}"


@dataclass(frozen=True, slots=True)
class Past:
    """What was sent in the weeks before, and what of so much usually bounces; in how many weeks it was."""

    sent: int
    bounced: int
    weeks: int

    @property
    def share(self) -> float:
        """The usual share."""
        return min(self.bounced / self.sent, 1.0) if self.sent else 0.0


@dataclass(frozen=True, slots=True)
class Window:
    """Half minutes one after the other, the first to the last, and what they came to."""

    first: int
    last: int
    tally: Tally

    @property
    def begins(self) -> datetime:
        """When it begins."""
        return begins(self.first)

    @property
    def lasts(self) -> timedelta:
        """How long it is."""
        return (self.last - self.first + 1) * HALF_MINUTE


@dataclass(frozen=True, slots=True)
class Leap:
    """A share that has leapt: where, in which window, against which past; since when all may be wrong.

    ``account`` is the provider's by which it goes.
    """

    place: Place
    account: str
    window: Window
    past: Past
    since: datetime

    @property
    def quiets(self) -> Place:
        """Of what nobody is told again: of a domain alone, or of all that goes by the account."""
        return self.place if self.place.domain is not None else Place(account=self.account)


@dataclass(frozen=True, slots=True)
class Open:
    """A leap that was seen, and the incident that was saved of it.

    What was sent from ``since`` to ``until`` is explained by it, whenever that bounces. ``claimed_until`` is
    how long who saw it has to tell of it. ``number``: of how many of the same domain or account.
    """

    quiets: Place
    account: str
    since: datetime
    incident_id: str
    until: datetime
    claimed_until: datetime
    is_told: bool
    number: int = 0

    def counts(self, now: datetime) -> bool:
        """Whether somebody has told of it, or is about to; else it is to be told anew."""
        return self.is_told or now < self.claimed_until

    def explains(self, first: datetime, last: datetime) -> bool:
        """Whether it explains anything of what was sent from the one time to the other."""
        return self.since <= last and first < self.until
