"""Release a credential: after a reset, take it off the providers' own lists where that may be.

What is due is read from the table, so that a credential that comes twice, late or out of order is asked for
what is due then. Of each account first what was learned becomes a line of the history, then the status moves,
last it is kept that the account has answered: what dies between is made good by the next one.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aws_lambda_powertools.metrics import MetricUnit

from reachable import upstream
from reachable.flows import alarm
from reachable.log import Count, Event, logger, metrics
from reachable.model.credential import KIND_OF_CHANNEL, Credential, CredentialKind
from reachable.model.delivery_event import event_hex
from reachable.model.errors import ListUnclear, PutOff, Unavailable
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.people import User
from reachable.model.status import Lifting, mark, register_name, time_of
from reachable.model.upstream import (
    DEFAULT_ACCOUNT,
    Account,
    Hindrance,
    Listing,
    ListReason,
    Upstream,
    UpstreamState,
)
from reachable.rules import release as release_rules
from reachable.rules import status as status_rules
from reachable.rules.release import Asking
from reachable.secrets import upstream as secrets
from reachable.store import upstream_pace
from reachable.store.credentials import history, holders, registers
from reachable.store.credentials import upstream as lists
from reachable.store.roster import records

_PATIENCE: Final = timedelta(seconds=2)
"""So long a turn is waited for; who must wait longer comes back."""
_LOOKS_FOR_SECONDS: Final = 8
"""No further list is looked at after so long, while somebody waits for their reset."""
_PAUSE_SECONDS: Final = 60
"""For so long an account that did not answer is asked no more, where it does not say itself."""
_OF_NO_WISH: Final = frozenset({ListReason.BOUNCE, ListReason.PROVIDER})
"""Entries that say nothing of what the person wants."""
_HOLDERS_ASKED: Final = 25
"""Of so many holders the roster's spelling is looked up."""
_COUNTS: Final = {
    UpstreamState.RELEASED: Count.RELEASED,
    UpstreamState.LISTED: Count.RELEASES_REFUSED,
    UpstreamState.REFUSED: Count.RELEASES_REFUSED,
    UpstreamState.RELEASING: Count.RELEASES_PUT_OFF,
    UpstreamState.UNKNOWN: Count.RELEASES_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What was ever told of a credential: its history, and how it is spelled anywhere."""

    items: Sequence[HistoryItem]
    spellings: Sequence[str]


def credential(reset: Credential, now: datetime) -> datetime | None:
    """Ask each account that is due after a reset; when to come again, None where all have answered.

    1 Query where nothing is due; else one more, 1 BatchGetItem of holders, and 3 to 5 units an account.

    Raises:
        Unavailable: the accounts, or a table, cannot be read now.
    """
    standing = holders.standing(reset)
    lift = release_rules.lifted_at(standing.status)
    askings = [Asking(account, lift, _known(account, standing)) for account in _accounts(standing)]
    times = [(asking, release_rules.due_at(asking.known, lift, now)) for asking in askings]
    later = [at for _, at in times if at is not None and at > now]
    due = [asking for asking, at in times if at is not None and at <= now]
    if due:
        told = _told(standing)
        answered = {asking.account_key: asking.known for asking in askings if asking not in due}
        for asking in due:
            answered[asking.account_key] = None
        for asking in due:
            learned = _asked(asking, standing, told, now)
            answered[asking.account_key] = learned
            others = [answered[key] for key in answered if key[0] == asking.account.provider]
            _write(asking, learned, others, standing, now)
            at = release_rules.due_at(learned, lift, now)
            later += [at] if at is not None else []
    return min(later, default=None)


def after_reset(standing: Standing, now: datetime) -> tuple[Upstream, ...]:
    """How it stands on each list right after a reset, before anybody was asked: what nobody can release,
    too."""
    try:
        accounts = _accounts(standing)
    except Unavailable:  # the reset is done all the same
        return release_rules.shown(standing)
    lift = release_rules.lifted_at(standing.status)
    return tuple(_expected(Asking(account, lift, _known(account, standing)), now) for account in accounts)


def _expected(asking: Asking, now: datetime) -> Upstream:
    hindrance = upstream.hindrance(asking.account.provider)
    if hindrance is not None and not upstream.can_be_asked(asking.account.provider):
        return release_rules.stays(asking, hindrance, now)
    if asking.account.settings is None:
        return release_rules.not_set_up(asking, now)
    return release_rules.asked(asking, now)


def look_for_start(standing: Standing, now: datetime) -> bool:
    """Whether the list of the provider that told a STOP was looked at: what it says is kept.

    Of a number that is listed that it was seen there; once it is gone, the person texted START.
    """
    stopped_by = release_rules.stopped_by(standing.status)
    lift = release_rules.lifted_at(standing.status)
    try:
        accounts = _set_up(standing.credential)
    except Unavailable:  # the STOP stays, and the rest is reset all the same
        return False
    asked = [
        Asking(account, lift, _known(account, standing))
        for account in accounts
        if account.provider in stopped_by
        and account.settings is not None
        and upstream.can_be_asked(account.provider)
        and upstream.is_quick(account.provider)
    ]
    if not asked:
        return False
    told = _told(standing)
    ends = time.monotonic() + _LOOKS_FOR_SECONDS
    looked_at = [
        (asking, _looked_at(asking, standing, told, now) if time.monotonic() < ends else None)
        for asking in asked
    ]
    learned = [(asking, one) for asking, one in looked_at if one is not None]
    if len(learned) == len(asked):
        _start(release_rules.start(learned, standing.status), asked, standing, now)
    for asking, one in learned:
        _write(asking, one, [None], standing, now)
    return True


def _start(started: Lifting | None, asked: Sequence[Asking], standing: Standing, now: datetime) -> None:
    if started is None:
        return
    stops = " ".join(sorted(block.at for block in status_rules.blocks(standing.status)))
    _move(standing.credential, _item(asked[0], HistoryKind.OPTED_IN, f"start {stops}", now, started))


def _looked_at(asking: Asking, standing: Standing, told: _Told, now: datetime) -> Upstream | None:
    """Whether it is listed; None where the account does not answer: the STOP stays, and may be asked of
    again."""
    if upstream_pace.closed(asking.account, now) is not None:
        return None
    try:
        listings = _look(asking.account, standing, told)
    except (PutOff, ListUnclear) as unanswered:
        _unanswered(asking, unanswered, now)
        return None
    if listings:
        stop = any(map(release_rules.is_stop, listings))
        return release_rules.stays(asking, Hindrance.START, now, listed=stop)
    return release_rules.released(asking, now)


# Whom to ask


def _accounts(standing: Standing) -> list[Account]:
    """The accounts to ask after a reset: those set up, and those of whoever may list it by what it told."""
    status = standing.status
    wanted = [channel for channel in standing.credential.channels if release_rules.is_wanted(status, channel)]
    named = {provider for channel in wanted for provider in release_rules.named(status, channel)}
    set_up = [
        account for account in _set_up(standing.credential) if upstream.channel(account.provider) in wanted
    ]
    found = [
        account for account in set_up if account.provider in named or upstream.can_be_asked(account.provider)
    ]
    missing = sorted(named - {account.provider for account in set_up})
    return [*found, *(Account(provider) for provider in missing if upstream.is_known(provider))]


def _set_up(of: Credential) -> list[Account]:
    return [
        account
        for account in secrets.accounts()
        if upstream.is_known(account.provider)
        and KIND_OF_CHANNEL[upstream.channel(account.provider)] is of.kind
    ]


def _known(account: Account, standing: Standing) -> Upstream | None:
    names = (account.provider, account.name)
    return next((known for known in standing.upstream if (known.provider, known.account) == names), None)


def _told(standing: Standing) -> _Told:
    """1 Query for the history; of an email 1 BatchGetItem for how the roster spells it."""
    items = history.of(standing.credential)
    address = standing.credential.address
    spellings = [item.spelling for item in items if item.spelling is not None]
    if standing.credential.kind is CredentialKind.EMAIL:
        ids = [holder.user_id for holder in standing.holders[:_HOLDERS_ASKED]]
        typed = [text for user in records.users(ids).values() for text in _typed(user)]
        spellings = [*spellings, address, *_of_this(address, typed)]
    return _Told(items, list(dict.fromkeys([*spellings, address])))


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


def _asked(asking: Asking, standing: Standing, told: _Told, now: datetime) -> Upstream:
    account, provider = asking.account, asking.account.provider
    hindrance = upstream.hindrance(provider)
    if hindrance is not None and not upstream.can_be_asked(provider):
        return release_rules.stays(asking, hindrance, now)
    if account.settings is None:
        alarm.list_denied(provider, account.name, "no_key", now)
        return release_rules.not_set_up(asking, now)
    closed = upstream_pace.closed(account, now)
    if closed is not None:
        reset_at = release_rules.reset_at(told.items, asking.lift)
        return release_rules.waits(asking, closed.until, reset_at, now, denied=closed.denied)
    limit = upstream.limit(provider)
    if limit is not None and not asking.is_its_turn:
        turn = upstream_pace.take(account, limit, now)
        if turn - now > _PATIENCE:
            return release_rules.in_line(asking, turn, now)
        time.sleep(max(0.0, (turn - now).total_seconds()))
    try:
        return _taken_off(asking, _look(account, standing, told), standing, told, now)
    except (PutOff, ListUnclear) as unanswered:
        return _unanswered(asking, unanswered, now)


def _look(account: Account, standing: Standing, told: _Told) -> list[Listing]:
    """Its entries: by the provider's own spelling first; by every one where its list tells them apart."""
    times = [time_of(block.at) for block in standing.status.blocked]
    found: dict[Listing, None] = {}
    for spelling in told.spellings:
        found |= dict.fromkeys(upstream.look(account, spelling, times))
        whole = "/" in spelling  # of such an address all spellings are found at once
        if whole or (found and not upstream.tells_spellings(account.provider)):
            break
    return list(found)


def _taken_off(
    asking: Asking, listings: Sequence[Listing], standing: Standing, told: _Told, now: datetime
) -> Upstream:
    """What is left once all has gone that may."""
    provider = asking.account.provider
    status = standing.status
    if any(listing.reason not in _OF_NO_WISH for listing in listings):
        status = holders.standing(standing.credential).status  # a wish may have come since
    reset_at = release_rules.reset_at(told.items, asking.lift)
    kept = [release_rules.hindrance(listing, status, reset_at, now) for listing in listings]
    removable = [listing for listing, why in zip(listings, kept, strict=True) if why is None]
    none_removes = upstream.hindrance(provider)
    if none_removes is not None:
        kept += (none_removes for _ in removable)
    else:
        kept += upstream.remove(asking.account, removable)
    why = release_rules.first_told(kept)
    if why is Hindrance.IN_LINE:
        return release_rules.put_off(asking, PutOff("job"), now)
    if why is not None:
        stop = any(map(release_rules.is_stop, listings))
        return release_rules.stays(asking, why, now, listed=stop)
    behind = release_rules.behind(told.items, provider, upstream.behind(provider), now)
    if behind is not None:
        return release_rules.stays(asking, behind.why, now, until=behind.until)
    return release_rules.released(asking, now, removed=bool(removable))


def _unanswered(asking: Asking, why: PutOff | ListUnclear, now: datetime) -> Upstream:
    """An account that is busy, out of reach or denied is asked no more for a while, by nobody."""
    account = asking.account
    if isinstance(why, ListUnclear):
        logger.error(Event.LIST_NOT_ASKED, provider=account.provider, account=account.name, why=why.code)
        return release_rules.cannot_tell(asking, now)
    learned = release_rules.put_off(asking, why, now)
    if why.denied:
        alarm.list_denied(account.provider, account.name, why.why, now)
        upstream_pace.close(account, now + release_rules.DENIED_FOR, now, denied=True)
    else:
        logger.warning(Event.LIST_NOT_ASKED, provider=account.provider, account=account.name, why=why.why)
        until = now + timedelta(seconds=why.seconds or _PAUSE_SECONDS)
        upstream_pace.close(account, until, now, denied=False)
    return learned


# Keeping


def _write(
    asking: Asking,
    learned: Upstream,
    of_the_provider: Iterable[Upstream | None],
    standing: Standing,
    now: datetime,
) -> None:
    """Keep what was learned: history, status, and last that the account has answered.

    ``of_the_provider`` is what all its accounts say after this reset, None of one that has not answered.
    """
    others = list(of_the_provider)
    all_told = [one for one in others if one is not None]
    lifting = (
        release_rules.lifting(learned, all_told, standing.status, now)
        if len(all_told) == len(others)
        else None
    )
    kind = release_rules.kind(learned)
    item = _item(asking, kind, f"{kind} {asking.lift}", now, lifting)
    _move(standing.credential, replace(item, hindrance=learned.hindrance, retry_after=learned.retry_after))
    lists.learn(standing.credential, learned)
    metrics.add_metric(_COUNTS[learned.state], MetricUnit.Count, 1)


def _item(
    asking: Asking, kind: HistoryKind, name: str, now: datetime, lifting: Lifting | None
) -> HistoryItem:
    """A line of the history, the same however often it is learned after one reset."""
    account = None if asking.account.name == DEFAULT_ACCOUNT else asking.account.name
    hex_ = event_hex(asking.account.provider, name, account)
    return HistoryItem(
        hex=hex_,
        kind=kind,
        provider=asking.account.provider,
        account=account,
        occurred_at=now,
        received_at=now,
        mark=lifting.at if lifting else mark(now, hex_),
        channel=upstream.channel(asking.account.provider),
        moves=register_name(lifting) if lifting else None,
        lift=lifting.by if lifting else None,
    )


def _move(of: Credential, item: HistoryItem) -> None:
    change = status_rules.change_of(history.record(of, item))
    if change is not None:
        registers.move(of, change)
