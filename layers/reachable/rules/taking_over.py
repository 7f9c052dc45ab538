"""What an entry of a provider's own list means here: the event that it stands for, with its own date.

For districts that come from another system. An entry is no news of today, so its date is believed, however
old it is; one that tells none counts from when we first saw it.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never

from reachable.model.credential import Credential
from reachable.model.delivery_event import (
    Cause,
    Channel,
    DeliveryEvent,
    Kind,
    Permanence,
    event_hex,
)
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.status import AT_ONCE, Status, mark, time_of
from reachable.model.taking_over import Compared, Difference
from reachable.model.upstream import DEFAULT_ACCOUNT, Account, Listing, ListReason
from reachable.rules import bounds
from reachable.rules import event as event_rules
from reachable.rules import release as release_rules
from reachable.rules import status as status_rules

_OF_THE_MAILBOX: Final = frozenset({Cause.INVALID_ADDRESS, Cause.MAILBOX_FULL, Cause.INACTIVE_OR_UNREACHABLE})
"""Causes that are about the address: what else its words say, the list refuses it all the same."""


def difference(channel: Channel, standing: Standing) -> Difference:
    """How a listed address stands here, on the channel that the list closes."""
    if status_rules.blocks_on(standing.status, channel):
        return Difference.SAME
    was_closed = any(channel in block.channels for block in status_rules.all_blocks(standing.status))
    return Difference.RESET_HERE if was_closed else Difference.ONLY_THERE


def is_closed_by(provider: str, channel: Channel, status: Status) -> bool:
    """Whether it is closed by what this provider told, so that it should be on its list."""
    in_force = Status(tuple(status_rules.blocks_on(status, channel)))
    return provider in release_rules.named(in_force, channel)


def is_over(listing: Listing, now: datetime) -> bool:
    """Whether the provider itself has let an entry go by its date."""
    return listing.until is not None and listing.until <= now


def event_of(
    account: Account, channel: Channel, address: str, listing: Listing, cause: Cause | None
) -> DeliveryEvent:
    """The event that an entry stands for; ``cause`` is what its words mean, where they mean something."""
    kind, why = _meaning(channel, listing.reason, cause)
    told = "\n".join(("list", listing.place or "", listing.reason, address, _date(listing)))
    event = DeliveryEvent(
        provider=account.provider,
        channel=channel,
        kind=kind,
        permanence=Permanence.PERMANENT if kind in (Kind.BOUNCED, Kind.FAILED) else None,
        cause=why,
        address=address,
        occurred_at=listing.since,
        event_id=told,
        diagnostic=listing.words,
        spelling=_spelling(listing, address),
    )
    return bounds.bounded(event)


def _spelling(listing: Listing, address: str) -> str | None:
    told = listing.address.strip()
    return told if told != address and told.lower() == address else None


def _date(listing: Listing) -> str:
    return listing.since.isoformat() if listing.since else ""


def _meaning(channel: Channel, reason: ListReason, cause: Cause | None) -> tuple[Kind, Cause]:
    refused = Kind.BOUNCED if channel is Channel.EMAIL else Kind.FAILED
    match reason:
        case ListReason.COMPLAINT:
            return Kind.COMPLAINED, Cause.COMPLAINT
        case ListReason.UNSUBSCRIBED if channel is not Channel.EMAIL:
            return Kind.OPTED_OUT, Cause.REVOCATION  # no STOP at the carrier: consent lifts it, too
        case ListReason.UNSUBSCRIBED | ListReason.OPT_OUT | ListReason.UNTOLD:
            return Kind.OPTED_OUT, Cause.OPT_OUT
        case ListReason.BOUNCE if cause in _OF_THE_MAILBOX:
            return refused, cause
        case ListReason.BOUNCE | ListReason.MANUAL | ListReason.PROVIDER:
            return refused, Cause.PROVIDER_SUPPRESSED
        case _:
            assert_never(reason)


def history_item(
    event: DeliveryEvent, account: Account, by: str, now: datetime, status: Status
) -> HistoryItem:
    """The line of the history that an entry becomes, with its own date; of the future none is believed.

    One without a date is no news: it stands from now where nothing was ever lifted here, else from before the
    first lift, so that it undoes no reset, consent or START.
    """
    at = min(event.occurred_at, now) if event.occurred_at else _before_any_lift(status, now)
    named = None if account.name == DEFAULT_ACCOUNT else account.name
    hex_ = event_hex(event.provider, event.event_id, named)
    return HistoryItem(
        hex=hex_,
        kind=HistoryKind(event.kind),
        provider=event.provider,
        account=named,
        occurred_at=at,
        received_at=now,
        mark=mark(at, hex_),
        channel=event.channel,
        permanence=event.permanence,
        cause=event.cause,
        event_id=event.event_id,
        provider_code=event.provider_code,
        diagnostic=event.diagnostic,
        moves=event_rules.register(event, AT_ONCE),  # the list refuses it, however often it bounced
        by=by,
        spelling=event.spelling,
    )


def compared(credential: Credential, standing: Standing, channel: Channel, listing: Listing) -> Compared:
    """A listed address beside what we know of it; ``held``: somebody of ours has it now."""
    return Compared(
        credential.address,
        difference(channel, standing),
        held=bool(standing.current),
        listing=listing,
        blocks=tuple(status_rules.blocks_on(standing.status, channel)),
    )


def only_here(standing: Standing, channel: Channel) -> Compared:
    """An address that is closed here by what the provider told, and not on its list."""
    return Compared(
        standing.credential.address,
        Difference.ONLY_HERE,
        held=bool(standing.current),
        blocks=tuple(status_rules.blocks_on(standing.status, channel)),
    )


def _before_any_lift(status: Status, now: datetime) -> datetime:
    lifts = [time_of(at) for at in status.lifted.values()]
    return min([now, *(at - timedelta(microseconds=1) for at in lifts)])
