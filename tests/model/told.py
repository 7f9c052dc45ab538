"""What a provider says of one address, what that blocks, and which of its times is believed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

BELIEVED: Final = timedelta(days=30)
"""A provider's time is believed from so long before it was first received until then."""
MESSAGE_ONLY: Final = frozenset({"sent", "delivered", "delayed", "rejected"})
KIND_OF: Final = {"email": "email", "sms": "phone", "voice": "phone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider says of one address. ``key`` is what makes it the same event when it comes again."""

    key: str
    provider: str
    channel: str
    kind: str
    address: str
    received: datetime
    cause: str | None = None
    permanence: str | None = None
    smtp_status: bool = False
    message: str | None = None
    """The provider's id of the message."""
    tag: str | None = None
    """Our id of the message, as our tag tells it."""
    sent: datetime | None = None
    tag_sent: datetime | None = None
    at: datetime | None = None
    possible_recipients: int = 1
    for_earlier_stop: bool = False
    """A text that was refused because of an earlier STOP."""

    @property
    def credential(self) -> str:
        return f"{KIND_OF[self.channel]}:{self.address}"


def believed(told: Told, at: datetime | None) -> datetime | None:
    return at if at is not None and told.received - BELIEVED <= at <= told.received else None


def first(told: Told, *sources: datetime | None) -> datetime:
    """The first of these that is believed, else when it was received."""
    return next((at for at in sources if at is not None and believed(told, at)), told.received)


def status_of(told: Told) -> str | None:
    """To what a message comes by an event. Reading: who unsubscribes has had it, who texted STOP not."""
    if told.kind == "opted_out":
        return "failed" if told.channel != "email" and told.message is not None else None
    return None if told.kind == "opted_in" else told.kind


def is_of_message_or_sender(told: Told) -> bool:
    if told.cause == "carrier_blocked_or_spam":
        return told.permanence != "permanent"
    return told.cause in {"content_or_size", "account_or_quota"}


def moves(told: Told) -> str | None:
    """The table "What blocks": the first line that fits; None: history only."""
    if told.possible_recipients > 1:
        return None
    ground = _ground(told)
    if ground is None or ground.startswith("lift."):
        return ground
    whole = told.channel != "email" and told.cause == "invalid_address"
    return f"{ground}@{'phone' if whole else told.channel}"


def _ground(told: Told) -> str | None:
    match told.kind:
        case "bounced" | "failed" if told.cause == "provider_suppressed":
            return "suppressed"
        case "complained":
            return "suppressed+complaint" if told.cause == "provider_suppressed" else "complaint"
        case "opted_out":
            return "unsubscribed" if told.channel == "email" or told.cause == "revocation" else "opt_out"
        case "opted_in":
            return "lift.start" if told.channel == "sms" else None
        case _:
            return None if _is_out_of_office(told) or _is_busy(told) else "bounce"


def _is_out_of_office(told: Told) -> bool:
    is_transient = told.permanence == "transient"
    return told.channel == "email" and is_transient and told.cause == "unknown" and not told.smtp_status


def _is_busy(told: Told) -> bool:
    is_transient = told.permanence == "transient"
    return told.channel == "voice" and is_transient and told.cause == "inactive_or_unreachable"
