"""What a provider says of one message to one address, in one vocabulary.

The words are those of design section 1; every dialect in ``providers`` maps to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final, NewType

EventHex = NewType("EventHex", str)
"""16 hex digits of SHA-256 of provider, account and event id: a history item's name, which breaks ties."""

DIAGNOSTIC_LIMIT: Final = 300
"""Characters of a provider's own words that are kept."""


OURS: Final = "reachable"
"""In a provider's place, where staff, the person or we ourselves told it."""


class Channel(StrEnum):
    """By what a message travels."""

    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"


class Kind(StrEnum):
    """What became of the message."""

    SENT = "sent"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    REJECTED = "rejected"
    FAILED = "failed"


class Permanence(StrEnum):
    """Of a bounce, failure or rejection: whether the same address may work later."""

    PERMANENT = "permanent"
    TRANSIENT = "transient"
    UNDETERMINED = "undetermined"


class Cause(StrEnum):
    """Why a message did not arrive."""

    INVALID_ADDRESS = "invalid_address"
    MAILBOX_FULL = "mailbox_full"
    INACTIVE_OR_UNREACHABLE = "inactive_or_unreachable"
    LANDLINE_OR_INCAPABLE = "landline_or_incapable"
    CARRIER_BLOCKED_OR_SPAM = "carrier_blocked_or_spam"
    PROVIDER_SUPPRESSED = "provider_suppressed"
    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"
    REVOCATION = "revocation"
    """A text whose words mean STOP, in words that the provider itself does not act on."""
    CONTENT_OR_SIZE = "content_or_size"
    ACCOUNT_OR_QUOTA = "account_or_quota"
    MANUAL = "manual"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEvent:
    """One thing that happened to one message to one address.

    ``address`` is in normal form without prefix (``ada@example.org``, ``+12025550123``). ``occurred_at`` is
    the event's own time and None where the provider tells none; ``sent_at`` is when the message was sent.
    ``provider_message_id`` is the id that the send call returned, so None of an inbound text.
    ``provider_code`` is the provider's own code or word, ``smtp_status`` an enhanced status code (RFC 3463).
    ``possible_recipients`` is how many people a complaint may be of, where it cannot be told whose it is: a
    field of its own, since custom data is the sender's. ``metadata`` holds our tags and some custom data.
    ``spelling`` is the address as the provider spells it, where only its case is another: the provider's own
    list may want it so.
    """

    provider: str
    channel: Channel
    kind: Kind
    permanence: Permanence | None = None
    cause: Cause | None = None
    address: str
    occurred_at: datetime | None = None
    sent_at: datetime | None = None
    provider_message_id: str | None = None
    event_id: str
    provider_code: str | None = None
    smtp_status: str | None = None
    diagnostic: str | None = None
    possible_recipients: int = 1
    metadata: Mapping[str, str] = field(default_factory=dict)
    spelling: str | None = field(default=None, compare=False)


def event_hex(provider: str, event_id: str, account: str | None = None) -> EventHex:
    """The name of an event's history item: the same for the same event, however often it comes.

    An account of a provider names its own events alone: what it calls them takes no other account's.
    """
    name = f"{provider}\n{account or ''}\n{event_id}"
    return EventHex(sha256(name.encode(errors="surrogatepass")).hexdigest()[:16])
