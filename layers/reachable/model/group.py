"""What is held together: a batch, sender, receiving domain, or all. Its counts, and what was said of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from reachable.model.delivery_event import Channel

PARKED_FOR: Final = timedelta(days=30)
"""How long a message that is held is parked; then it is dropped."""
ALL: Final = "all"
"""The group that every message is a part of: the switch by which ops stop all sending."""


class HoldState(StrEnum):
    """What somebody, or the rule, said of a group.

    ``dropped``: what was held is not sent. ``cancelled``: nothing more of a batch is, urgent or not.
    """

    HELD = "held"
    RESUMED = "resumed"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Tally:
    """Messages sent, and those of them that bounced for good."""

    sent: int
    bounced: int

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.sent + other.sent, self.bounced + other.bounced)


NOTHING: Final = Tally(0, 0)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What became of what had been parked, once somebody had decided; ``finished``: nothing is left."""

    resumed: int = 0
    dropped: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """What was queued ``before`` is not sent; ``urgent_too``: nor are sign-in codes and emergencies."""

    before: datetime
    urgent_too: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What was said of a group, and by whom; ``by`` nobody: by the rule, for its ``tally``.

    Its ``id`` stays the same from the hold to its decision: what waits is parked under it. ``urgent_too``:
    sign-in codes and emergencies do not pass either, as ops have said of ``all``. ``dropped`` is the last
    drop of a sender, domain or all, which outlives what is said after it.
    """

    id: str
    state: HoldState
    at: datetime
    tally: Tally | None = None
    note: str | None = None
    by: str | None = None
    urgent_too: bool = False
    dropped: Drop | None = None
    sweep: Sweep = field(default_factory=Sweep)

    def is_still(self, said: "Hold | None") -> bool:
        """Whether nothing else has been said since, whatever has been swept meanwhile."""
        return said is not None and (said.id, said.state) == (self.id, self.state)


@dataclass(frozen=True, slots=True)
class Group:
    """What is known of a group: counts by window, and what was said of it.

    ``urgent_put_off_at``: when a sender last took no urgent message of a channel for now.
    """

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    hold: Hold | None = None
    urgent_put_off_at: Mapping[Channel, datetime] = field(default_factory=dict)

    @property
    def totals(self) -> Mapping[str, int]:
        """The counts over all windows."""
        total: Counter[str] = Counter()
        for numbers in self.counts.values():
            total.update(numbers)
        return total
