"""Ask the providers' own lists of a credential: whom, by what is known of it, and what their answers mean.

What is learned is kept by `keep_upstream`.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reachable import upstream
from reachable.flows import alarm
from reachable.log import Event, logger
from reachable.model.credential import KIND_OF_CHANNEL, Credential, CredentialKind
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.history import HistoryItem, Standing
from reachable.model.people import User
from reachable.model.status import time_of
from reachable.model.upstream import Account, Hindrance, Listing, ListReason, Upstream
from reachable.rules import release as release_rules
from reachable.rules.release import Asking
from reachable.secrets import upstream as secrets
from reachable.store import upstream_pace
from reachable.store.credentials import history, holders
from reachable.store.roster import records

PATIENCE: Final = timedelta(seconds=2)
"""So long a turn is waited for; who must wait longer comes back."""
_PAUSE_SECONDS: Final = 60
"""For so long an account that did not answer is asked no more, where it does not say itself."""
_OF_NO_WISH: Final = frozenset({ListReason.BOUNCE, ListReason.PROVIDER})
"""Entries that say nothing of what the person wants."""
_HOLDERS_ASKED: Final = 25
"""Of so many holders the roster's spelling is looked up."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was ever told of a credential: its history, and how it is spelled anywhere."""

    items: Sequence[HistoryItem]
    spellings: Sequence[str]


# Whom to ask


def askings(standing: Standing) -> list[Asking]:
    """The accounts to ask after the newest reset: those set up, and those of whoever may list it by what it
    told.

    Raises:
        Unavailable: the accounts cannot be read now.
    """
    lift = release_rules.lifted_at(standing.status)
    return [Asking(account, lift, known(account, standing)) for account in _accounts(standing)]


def _accounts(standing: Standing) -> list[Account]:
    status = standing.status
    wanted = [channel for channel in standing.credential.channels if release_rules.is_wanted(status, channel)]
    named = {provider for channel in wanted for provider in release_rules.named(status, channel)}
    ready = [
        account for account in set_up(standing.credential) if upstream.channel(account.provider) in wanted
    ]
    found = [
        account for account in ready if account.provider in named or upstream.can_be_asked(account.provider)
    ]
    missing = sorted(named - {account.provider for account in ready})
    return [*found, *(Account(provider) for provider in missing if upstream.is_known(provider))]


def set_up(of: Credential) -> list[Account]:
    """The accounts of providers that reach a credential of this kind.

    Raises:
        Unavailable: they cannot be read now.
    """
    return [
        account
        for account in secrets.accounts()
        if upstream.is_known(account.provider)
        and KIND_OF_CHANNEL[upstream.channel(account.provider)] is of.kind
    ]


def account(provider: str, name: str) -> Account:
    """An account by its names; without settings where it is not set up.

    Raises:
        Unavailable: as `set_up`.
    """
    names = (provider, name)
    known = (account for account in secrets.accounts() if (account.provider, account.name) == names)
    return next(known, Account(provider, name))


def known(account: Account, standing: Standing) -> Upstream | None:
    """What was learned of an account last."""
    names = (account.provider, account.name)
    return next((known for known in standing.upstream if (known.provider, known.account) == names), None)


def told(standing: Standing, items: Sequence[HistoryItem]) -> Told:
    """How a credential is spelled anywhere, beside its history. Of an email 1 BatchGetItem of holders."""
    address = standing.credential.address
    spellings = [item.spelling for item in items if item.spelling is not None]
    if standing.credential.kind is CredentialKind.EMAIL:
        ids = [holder.user_id for holder in standing.holders[:_HOLDERS_ASKED]]
        typed = [text for user in records.users(ids).values() for text in _typed(user)]
        spellings = [*spellings, address, *_of_this(address, typed)]
    return Told(items, list(dict.fromkeys([*spellings, address])))


def all_told(standing: Standing) -> Told:
    """As `told`, with the history read: 1 Query more."""
    return told(standing, history.of(standing.credential))


def _typed(user: User) -> list[str]:
    return [*user.typed.values(), *(former.typed for former in user.former)]


def _of_this(address: str, typed: Iterable[str]) -> Iterator[str]:
    """What was typed for this address, with its domain in normal form: of that no list keeps the case."""
    local, _, domain = address.rpartition("@")
    for text in typed:
        spelled = text.strip().rpartition("@")[0]
        if spelled.lower() == local:
            yield f"{spelled}@{domain}"


# Asking


def one(asking: Asking, standing: Standing, of: Told, now: datetime) -> Upstream:
    """Ask an account of one credential, and take off what may go: what was learned by it.

    2 units of the pace; of the list a request a spelling, or as many as the provider's file says, and one an
    entry that goes.
    """
    account = asking.account
    say = unasked(account)
    if say is not None:
        tell_if_missing(account, now)
        return say(asking, now)
    closed = upstream_pace.closed(account, now)
    if closed is not None:
        return waits(asking, closed, of.items, now)
    limit = upstream.limit(account.provider)
    if limit is not None and not asking.is_its_turn:
        turn = upstream_pace.take(account, limit, now)
        if turn - now > PATIENCE:
            return release_rules.in_line(asking, turn, now)
        time.sleep(max(0.0, (turn - now).total_seconds()))
    try:
        return _taken_off(asking, look(account, standing, of), standing, of.items, now)
    except (PutOff, ListUnclear) as why:
        pause(account, why, now)
        return unanswered(asking, why, now)


def unasked(account: Account) -> Callable[[Asking, datetime], Upstream] | None:
    """What is said of an account that nobody can ask, or that is not set up; None of any other."""
    hindrance = upstream.hindrance(account.provider)
    if hindrance is not None and not upstream.can_be_asked(account.provider):
        return lambda asking, now: release_rules.stays(asking, hindrance, now)
    return release_rules.not_set_up if account.settings is None else None


def tell_if_missing(account: Account, now: datetime) -> None:
    """Tell ops of an account that could be asked, and is not set up."""
    if account.settings is None and upstream.can_be_asked(account.provider):
        alarm.list_denied(account.provider, account.name, "no_key", now)


def waits(
    asking: Asking, closed: upstream_pace.Closed, items: Iterable[HistoryItem], now: datetime
) -> Upstream:
    """What is known where the account is asked nothing for a while."""
    reset_at = release_rules.reset_at(items, asking.lift)
    return release_rules.waits(asking, closed.until, reset_at, now, denied=closed.denied)


def look(account: Account, standing: Standing, of: Told) -> list[Listing]:
    """Its entries: by the provider's own spelling first; by every one where its list tells them apart.

    Raises:
        PutOff, ListUnclear: the account does not say.
    """
    times = [time_of(block.at) for block in standing.status.blocked]
    found: dict[Listing, None] = {}
    for spelling in of.spellings:
        found |= dict.fromkeys(upstream.look(account, spelling, times))
        whole = "/" in spelling  # of such an address all spellings are found at once
        if whole or (found and not upstream.tells_spellings(account.provider)):
            break
    return list(found)


def _taken_off(
    asking: Asking,
    listings: Sequence[Listing],
    standing: Standing,
    items: Sequence[HistoryItem],
    now: datetime,
) -> Upstream:
    """What is left once all has gone that may."""
    going, kept = parted(asking, listings, standing, items, now)
    kept += upstream.remove(asking.account, going)
    return after(asking, listings, kept, items, now, removed=bool(going))


def parted(
    asking: Asking,
    listings: Sequence[Listing],
    standing: Standing,
    items: Iterable[HistoryItem],
    now: datetime,
) -> tuple[list[Listing], list[Hindrance | None]]:
    """Which entries may go after this reset, and what keeps each of the others.

    1 Query where one of them tells a wish: another may have come since.
    """
    status = standing.status
    if any(listing.reason not in _OF_NO_WISH for listing in listings):
        status = holders.standing(standing.credential).status
    reset_at = release_rules.reset_at(items, asking.lift)
    kept = [release_rules.hindrance(listing, status, reset_at, now) for listing in listings]
    going = [listing for listing, why in zip(listings, kept, strict=True) if why is None]
    none_goes = upstream.hindrance(asking.account.provider)
    if none_goes is not None:
        return [], [*kept, *(none_goes for _ in going)]
    return going, kept


def after(
    asking: Asking,
    listings: Iterable[Listing],
    kept: Iterable[Hindrance | None],
    items: Iterable[HistoryItem],
    now: datetime,
    *,
    removed: bool,
) -> Upstream:
    """What was learned where these entries were there, and this keeps some of them."""
    provider = asking.account.provider
    why = release_rules.first_told(kept)
    if why is Hindrance.IN_LINE:
        return release_rules.put_off(asking, PutOff("job"), now)
    if why is not None:
        stop = any(map(release_rules.is_stop, listings))
        return release_rules.stays(asking, why, now, listed=stop)
    behind = release_rules.behind(items, provider, upstream.behind(provider), now)
    if behind is not None:
        return release_rules.stays(asking, behind.why, now, until=behind.until)
    return release_rules.released(asking, now, removed=removed)


# Where there is no answer


def unanswered(asking: Asking, why: PutOff | ListUnclear, now: datetime) -> Upstream:
    """What is known of a credential where the account did not say."""
    if isinstance(why, ListUnclear):
        return release_rules.cannot_tell(asking, now)
    return release_rules.put_off(asking, why, now)


def pause(account: Account, why: PutOff | ListUnclear, now: datetime) -> None:
    """An account that is busy, out of reach or denied is asked no more for a while, by nobody."""
    provider, name = account.provider, account.name
    if isinstance(why, ListUnclear):
        logger.error(Event.LIST_NOT_ASKED, provider=provider, account=name, why=why.code)
    elif why.denied:
        alarm.list_denied(provider, name, why.why, now)
        upstream_pace.close(account, now + release_rules.DENIED_FOR, now, denied=True)
    else:
        logger.warning(Event.LIST_NOT_ASKED, provider=provider, account=name, why=why.why)
        until = now + timedelta(seconds=why.seconds or _PAUSE_SECONDS)
        upstream_pace.close(account, until, now, denied=False)
