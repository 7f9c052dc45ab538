"""What is held together: a batch, a sender, a receiving domain. Its counts, and what was said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class HoldState(StrEnum):
    """What somebody, or the rule, said of a group."""

    HELD = "held"
    RESUMED = "resumed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Tally:
    """Messages sent, and those of them that bounced for good."""

    sent: int
    bounced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What was said of a group. ``figures`` is why it was held."""

    state: HoldState
    at: datetime
    figures: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What is known of a group: counts by window, and what was said of it."""

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    hold: Hold | None = None
