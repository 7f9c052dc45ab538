"""What a provider's word or code comes to, and the event that is made of it.

The rows of all dialects' tables: a name here means the same in each of them, and what only one means has a
name of its own in its file. BOUNCED: whoever receives it said no, or was not there. FAILED: it broke on the
way. REJECTED: nobody tried. Which of them closes what, the rules decide and not the dialects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Final

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.providers import _addresses
from reachable.providers._reading import Finding, Unlisted


@dataclass(frozen=True, slots=True)
class Classification:
    """What a provider's word or code comes to: a row of a dialect's table.

    ``listed`` is false of what stands for a code without a row.
    """

    kind: Kind
    permanence: Permanence | None = None
    cause: Cause | None = None
    listed: bool = True

    @property
    def unlisted(self) -> "Classification":
        """The same, of a code that no row has: ops are told of it."""
        return _unlisted(self)


@cache
def _unlisted(classification: Classification) -> Classification:
    return replace(classification, listed=False)


PERMANENT: Final = Permanence.PERMANENT
TRANSIENT: Final = Permanence.TRANSIENT
UNDETERMINED: Final = Permanence.UNDETERMINED

SENT: Final = Classification(Kind.SENT)
DELIVERED: Final = Classification(Kind.DELIVERED)
DELAYED: Final = Classification(Kind.DELAYED)

# The address, or whoever is behind it
INVALID: Final = Classification(Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)
MAYBE_INVALID: Final = Classification(Kind.BOUNCED, UNDETERMINED, Cause.INVALID_ADDRESS)
INCAPABLE: Final = Classification(Kind.BOUNCED, PERMANENT, Cause.LANDLINE_OR_INCAPABLE)
GONE: Final = Classification(Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)
AWAY: Final = Classification(Kind.BOUNCED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
FULL: Final = Classification(Kind.BOUNCED, TRANSIENT, Cause.MAILBOX_FULL)
BLOCKED: Final = Classification(Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
REFUSED: Final = Classification(Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)
"""The other side says no, and not why."""

# The way, or the message
UNREACHABLE: Final = Classification(Kind.FAILED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
FILTERED: Final = Classification(Kind.FAILED, TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)
"""A carrier took our text for spam."""
CONTENT: Final = Classification(Kind.FAILED, PERMANENT, Cause.CONTENT_OR_SIZE)
CONTENT_BOUNCED: Final = Classification(Kind.BOUNCED, TRANSIENT, Cause.CONTENT_OR_SIZE)
CONTENT_REJECTED: Final = Classification(Kind.REJECTED, PERMANENT, Cause.CONTENT_OR_SIZE)
UNKNOWN: Final = Classification(Kind.FAILED, UNDETERMINED, Cause.UNKNOWN)
UNLISTED: Final = UNKNOWN.unlisted

# We, or the provider itself
OUR_SETUP: Final = Classification(Kind.REJECTED, PERMANENT, Cause.ACCOUNT_OR_QUOTA)
OUR_QUOTA: Final = Classification(Kind.REJECTED, TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
OURS: Final = Classification(Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)
BROKEN: Final = Classification(Kind.FAILED, TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
"""The provider, or what we run there, does not work for now."""
UNROUTABLE: Final = Classification(Kind.FAILED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)
"""The provider has no way there for us."""

# The provider's own lists
SUPPRESSED: Final = Classification(Kind.BOUNCED, PERMANENT, Cause.PROVIDER_SUPPRESSED)
LISTED: Final = Classification(Kind.BOUNCED, UNDETERMINED, Cause.PROVIDER_SUPPRESSED)
"""On some list of the provider's; which one, or why, it does not tell."""
SUPPRESSED_COMPLAINT: Final = Classification(Kind.COMPLAINED, cause=Cause.PROVIDER_SUPPRESSED)
SUPPRESSED_UNSUBSCRIBE: Final = Classification(Kind.OPTED_OUT, cause=Cause.PROVIDER_SUPPRESSED)

# What the person wants
COMPLAINED: Final = Classification(Kind.COMPLAINED, cause=Cause.COMPLAINT)
OPTED_OUT: Final = Classification(Kind.OPTED_OUT, cause=Cause.OPT_OUT)
REVOKED: Final = Classification(Kind.OPTED_OUT, cause=Cause.REVOCATION)
"""In words that the provider itself does not act on."""
OPTED_IN: Final = Classification(Kind.OPTED_IN)


def row_of[Row: Classification | None](
    table: Mapping[str, Row], code: str | None, otherwise: Classification = UNKNOWN
) -> Row | Classification:
    """The row of a code; ``otherwise`` where none is told, and where it has none: of that ops are told."""
    if code is None:
        return otherwise
    return table[code] if code in table else otherwise.unlisted  # noqa: SIM401 - made where it is needed only


def event_of(
    provider: str,
    channel: Channel,
    classification: Classification | None,
    address: str | None,
    *,
    event_id: str,
    occurred_at: datetime | None = None,
    sent_at: datetime | None = None,
    provider_message_id: str | None = None,
    provider_code: str | None = None,
    smtp_status: str | None = None,
    diagnostic: str | None = None,
    possible_recipients: int = 1,
    metadata: Mapping[str, str] | None = None,
    named: str | None = None,
) -> Finding:
    """The event; None where it says nothing that we take, or names nobody. ``named`` is the address as told.

    The fields are spelled once more, since passing them on by ``**`` costs each event half a microsecond.
    """
    if classification is None or address is None:
        return None
    event = DeliveryEvent(
        provider=provider,
        channel=channel,
        kind=classification.kind,
        permanence=classification.permanence,
        cause=classification.cause,
        address=address,
        occurred_at=occurred_at,
        sent_at=sent_at,
        provider_message_id=provider_message_id,
        event_id=event_id,
        provider_code=provider_code,
        smtp_status=smtp_status,
        diagnostic=diagnostic,
        possible_recipients=possible_recipients,
        metadata=metadata or {},
        spelling=_addresses.spelling(named, address),
    )
    return event if classification.listed else Unlisted(event)
