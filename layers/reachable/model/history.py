"""What happened to a credential, item by item, and what is known of its standing now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, EventHex, Permanence
from reachable.model.people import Holder
from reachable.model.status import Lift, Mark, Status
from reachable.model.upstream import Hindrance, Upstream


class HistoryKind(StrEnum):
    """Kinds of history items: what providers say, what staff do, and what a sign-in proves."""

    BOUNCED = "bounced"
    FAILED = "failed"
    COMPLAINED = "complained"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    MARKED = "marked"
    RESET = "reset"
    RELEASED = "released"
    """After a reset the provider has it on its own list no longer; the next three say why it may have."""
    RELEASING = "releasing"
    RELEASE_REFUSED = "release_refused"
    RELEASE_UNKNOWN = "release_unknown"
    PROVED = "proved"
    """Somebody signed in with it, and so opened it (`LiftOnProof`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryItem:
    """One line of a credential's history. Never changed, never deleted by a reset or an import.

    ``mark`` is from when it counts, decided when it was first seen. ``moves`` names the register that it
    moves (``bounce@email``, ``lift.staff``); None where it is for the history only. ``raw`` names the
    object that holds what the provider said, word for word. ``spelling`` is the address as the provider
    spells it, where that is another. Of what came of a release, ``hindrance`` says what keeps it on the
    list, and ``retry_after`` when it is tried again. ``incident``: a reset is of that one's run, by its id.
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
    spelling: str | None = None
    hindrance: Hindrance | None = None
    retry_after: datetime | None = None
    incident: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's word that mail or texts may come again: from whom, and how it was given."""

    from_whom: str
    how: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A credential with its status, all who hold or held it, and how it stands on the providers' own lists.

    ``proved_at`` is the newest sign-in with it that a bounce in force was older than, where that opens
    nothing by itself.
    """

    credential: Credential
    status: Status
    holders: tuple[Holder, ...]
    upstream: tuple[Upstream, ...] = ()
    proved_at: datetime | None = None

    @property
    def current(self) -> tuple[Holder, ...]:
        """Those who hold it now."""
        return tuple(holder for holder in self.holders if holder.until is None)
