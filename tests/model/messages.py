"""Messages: those that dispatch sends, and those of other systems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

LEASE: Final = timedelta(hours=1)
"""After this a message that somebody began to send is uncertain. Reading: sooner is as right."""
AGES: Final[Mapping[str, timedelta]] = {
    "sign_in": timedelta(minutes=15),
    "emergency": timedelta(hours=6),
    "general": timedelta(hours=72),
    "invitation": timedelta(days=7),
}
RANKS: Final = (
    *("queued", "held", "dropped", "blocked", "sending", "uncertain", "sent", "delayed", "delivered"),
    *("failed", "rejected", "bounced", "complained"),
)
ENDS: Final = frozenset(RANKS[RANKS.index("uncertain") :]) | {"dropped", "blocked"}
"""Whoever has come to one of these is never sent again."""


@dataclass(slots=True, kw_only=True)
class Ours:
    """A message that dispatch sends, or is to send."""

    dedup_id: str
    user: str
    channel: str
    purpose: str
    wish: dict[str, Any]
    queued: datetime
    id: str | None = None
    times: dict[str, datetime] = field(default_factory=dict)
    """What it has come to, as was seen last."""
    must: set[str] = field(default_factory=lambda: {"queued"})
    may: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)
    """What was told of it and need not be known yet, or ever: our record may not know the provider's id."""
    cut_short: set[str] = field(default_factory=set)
    """What began to move it and died: its record and the page may tell two things until that comes again."""
    credential: str | None = None
    provider: str | None = None
    provider_id: str | None = None
    """As the provider knows: after a crash our record does not."""
    linked: bool = False
    promised: bool = False
    """Whether a client was answered that it is queued."""
    sending: set[datetime] = field(default_factory=set)
    reason: str | None = None

    @property
    def is_ended(self) -> bool:
        return bool(ENDS & self.must)

    def seen(self, times: Mapping[str, datetime]) -> None:
        """What it had come to when it was looked at: nothing is in doubt any more."""
        self.must, self.may, self.times = set(times), set(), dict(times)
        at = times.get("sending")
        if at is not None:
            assert at in self.sending, f"{self.dedup_id}: sending at {at}, not at {self.sending}"
        self.sending = {at} if at is not None else set()


@dataclass(slots=True, kw_only=True)
class Foreign:
    """Another system's message to one address, from when somebody has told that it was sent."""

    times: set[datetime]
    certain: bool
    channel: str


type Place = tuple[str, str, str]
"""Provider, its message id, credential."""
