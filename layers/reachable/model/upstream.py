"""A provider's own list of addresses that it no longer sends to: what it says of one credential."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UpstreamState(StrEnum):
    """How an address stands on the list."""

    LISTED = "listed"
    RELEASING = "releasing"
    RELEASED = "released"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """How an address stands on one provider's list, since when, and when a release may be tried again."""

    provider: str
    state: UpstreamState
    at: datetime
    retry_after: datetime | None = None
