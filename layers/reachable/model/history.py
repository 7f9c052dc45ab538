"""What happened to a credential, item by item, and what is known of its standing now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, EventHex, Permanence
from reachable.model.people import Holder
from reachable.model.status import Lift, Mark, Status


class HistoryKind(StrEnum):
    """Kinds of history items: what providers say, and what staff do."""

    BOUNCED = "bounced"
    FAILED = "failed"
    COMPLAINED = "complained"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    MARKED = "marked"
    RESET = "reset"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryItem:
    """One line of a credential's history. Never changed, never deleted by a reset or an import.

    ``mark`` is from when it counts, decided when it was first seen. ``moves`` names the register that it
    moves (``bounce@email``, ``lift.staff``); None where it is for the history only. ``raw`` names the
    object that holds what the provider said, word for word.
    """

    hex: EventHex
    kind: HistoryKind
    provider: str
    account: str | None = None
    occurred_at: datetime
    received_at: datetime
    mark: Mark
    channel: Channel | None = None
    permanence: Permanence | None = None
    cause: Cause | None = None
    sent_at: datetime | None = None
    event_id: str | None = None
    provider_message_id: str | None = None
    provider_code: str | None = None
    smtp_status: str | None = None
    diagnostic: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    moves: str | None = None
    raw: str | None = None
    lift: Lift | None = None
    by: str | None = None
    note: str | None = None
    consent: "Consent | None" = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's word that mail or texts may come again: from whom, and how it was given."""

    from_whom: str
    how: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A credential with its status and all who hold or held it."""

    credential: Credential
    status: Status
    holders: tuple[Holder, ...]

    @property
    def current(self) -> tuple[Holder, ...]:
        """Those who hold it now."""
        return tuple(holder for holder in self.holders if holder.until is None)
