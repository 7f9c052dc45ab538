"""A provider's account as a whole: when it was last heard, and how the releases from its list go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reachable.model.upstream import Hindrance


class Happening(StrEnum):
    """What is remembered of an account: when it happened last.

    ``heard``: an event of it was applied. ``bounced``: one that says that a message did not arrive. The
    others are what came of a release: ``refused``, something keeps an address there; ``unknown``, nobody can
    tell.
    """

    HEARD = "heard"
    BOUNCED = "bounced"
    RELEASED = "released"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class SetUp(StrEnum):
    """Whether what an account needs of us is set: ``none`` where it needs nothing."""

    SET_UP = "set_up"
    MISSING = "missing"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Happened:
    """When something happened last; ``why`` of a release that came to nothing."""

    at: datetime
    why: Hindrance | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of an account at once, and when: whether any of it says that a message did not arrive."""

    provider: str
    account: str
    at: datetime
    bounced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccount:
    """An account as it is shown: what is set for it, what happened last, how many releases wait for it.

    It is asked nothing before ``paused_until``: it did not answer, or (``denied``) does not know our key.
    """

    provider: str
    account: str
    webhook: SetUp
    upstream: SetUp
    last: Mapping[Happening, Happened] = field(default_factory=dict)
    waiting: int = 0
    paused_until: datetime | None = None
    denied: bool = False
