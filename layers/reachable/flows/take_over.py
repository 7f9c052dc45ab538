"""A provider's own list beside ours: shown, compared, taken over as blocks with their own dates and reasons.

For ops, of districts that come from another system. What is taken over moves a status as the event would have
done that the entry stands for, so that taking it twice, or after a reset, changes nothing.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Final

from reachable import aws, providers, upstream
from reachable.model import addresses
from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.details import Detail
from reachable.model.errors import InvalidAddress, Meaningless, NotFound, PutOff
from reachable.model.page import Page
from reachable.model.taking_over import Compared, Difference, Report
from reachable.model.upstream import Account, Listing
from reachable.rules import status as status_rules
from reachable.rules import taking_over
from reachable.secrets import upstream as secrets
from reachable.store import audit
from reachable.store.credentials import history, holders, registers

SHOWN: Final = 5_000
"""Addresses that one answer names; what is more is counted."""
_AT_ONCE: Final = 200
_TRIES: Final = 3
_LONGEST_WAIT_SECONDS: Final = 30


def account(provider: str, name: str, *, from_file: bool = False) -> Account:
    """An account that is set up; of one whose list comes from a file nothing need be.

    Raises:
        UnknownProvider: there is no such provider.
        NotFound: none of that name is set up.
        Unavailable: the accounts cannot be read now.
    """
    if from_file:
        upstream.channel(provider)
        return Account(provider, name)
    for known in secrets.accounts():
        if (known.provider, known.name) == (provider, name) and known.settings is not None:
            return known
    raise NotFound(Detail.NO_SUCH_UPSTREAM, provider=provider, account=name)


def listed(of: Account, cursor: str | None, by: str, now: datetime) -> Page[Listing]:
    """A page of a provider's list.

    Raises:
        Meaningless: the provider shows no list.
        PutOff, ListUnclear: it does not answer.
    """
    _check(of.provider)
    audit.write(_record(audit.Act.LISTED_UPSTREAM, of, by, now))
    return upstream.entries(of, cursor)


def compare(of: Account, region: str, by: str, now: datetime, is_time_left: Callable[[], bool]) -> Report:
    """The whole of a provider's list beside ours, both ways. A Query an entry, and a Scan of the table.

    Raises:
        As `listed`; Meaningless too where the time is not enough for the whole.
    """
    _check(of.provider)
    audit.write(_record(audit.Act.COMPARED_UPSTREAM, of, by, now))
    channel = upstream.channel(of.provider)
    report = Report()
    there: set[Credential] = set()
    for page in _pages(of, None, is_time_left):
        if page is None:
            raise Meaningless(Detail.LIST_TOO_LONG)
        for credential, _ in _standings(page.items, channel, region, now, report):
            there.add(credential)
    only_here = (
        credential
        for credential, status in registers.every()
        if credential not in there and taking_over.is_closed_by(of.provider, channel, status)
    )
    for some in batched(only_here, _AT_ONCE, strict=False):
        for standing in aws.side_by_side(holders.standing, some):
            _show(report, taking_over.only_here(standing, channel))
    return report


def take(
    of: Account,
    region: str,
    by: str,
    now: datetime,
    is_time_left: Callable[[], bool],
    *,
    cursor: str | None = None,
    listings: Sequence[Listing] | None = None,
    dry_run: bool = True,
) -> Report:
    """A provider's list, or these entries of one, as blocks. ``dry_run`` says what it would do, writes
    nothing.

    A Query an entry, and 2 write units where it is written. Where the time is too short, ``next_cursor`` says
    where to go on.

    Raises:
        As `listed`, of a provider's own list; what was written until then stays, and may be written again.
    """
    channel = upstream.channel(of.provider)
    if listings is None:
        _check(of.provider)
    if not dry_run:
        audit.write(_record(audit.Act.TAKEN_OVER, of, by, now))
    report = Report()
    pages = [Page(tuple(listings))] if listings is not None else _pages(of, cursor, is_time_left)
    for page in pages:
        if page is None:
            break
        found = _standings(page.items, channel, region, now, report)
        if not dry_run:
            report.taken += _write(of, channel, found, by, now)
        report.next_cursor = page.next_cursor
    return report


def _check(provider: str) -> None:
    if not upstream.can_be_read(provider):
        raise Meaningless(Detail.NO_LIST_TO_READ, provider=provider)


def _pages(
    of: Account, cursor: str | None, is_time_left: Callable[[], bool]
) -> Iterator[Page[Listing] | None]:
    """Page after page; None where the time is not enough for the next."""
    while True:
        page = _page(of, cursor)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return
        if not is_time_left():
            yield None
            return


def _page(of: Account, cursor: str | None) -> Page[Listing]:
    """A page, asked for a few times where the provider says to wait."""
    for _ in range(_TRIES):
        try:
            return upstream.entries(of, cursor)
        except PutOff as put_off:
            if put_off.denied:
                raise
            time.sleep(min(put_off.seconds or 1, _LONGEST_WAIT_SECONDS))
    return upstream.entries(of, cursor)


def _standings(
    listings: Iterable[Listing], channel: Channel, region: str, now: datetime, report: Report
) -> list[tuple[Credential, Listing]]:
    """The entries that name somebody, each beside what we know of them; counted and shown."""
    named: list[tuple[Credential, Listing]] = []
    for listing in listings:
        report.entries += 1
        if taking_over.is_over(listing, now):
            report.over += 1
            continue
        try:
            named.append((_credential(listing.address, channel, region), listing))
        except InvalidAddress:
            _name(report, report.unreadable, listing.address)
    for some in batched(named, _AT_ONCE, strict=False):
        standings = aws.side_by_side(lambda pair: holders.standing(pair[0]), some)
        for (credential, listing), standing in zip(some, standings, strict=True):
            _show(report, taking_over.compared(credential, standing, channel, listing))
    return named


def _credential(address: str, channel: Channel, region: str) -> Credential:
    if channel is Channel.EMAIL:
        return addresses.email(address)
    return addresses.phone(address if address.startswith("+") else f"+{address}", region)


def _show(report: Report, compared: Compared) -> None:
    report.by_difference[compared.difference] += 1
    if not compared.held:
        _name(report, report.not_held, compared.address)
    if compared.difference is Difference.SAME:
        return
    if len(report.differences) < SHOWN:
        report.differences.append(compared)
    else:
        report.left_off += 1


def _name(report: Report, list_: list[str], address: str) -> None:
    if len(list_) < SHOWN:
        list_.append(address)
    else:
        report.left_off += 1


def _write(
    of: Account, channel: Channel, named: Iterable[tuple[Credential, Listing]], by: str, now: datetime
) -> int:
    """History, then status, of each; how many. Of one address one after the other."""

    def taken(pair: tuple[Credential, Listing]) -> None:
        credential, listing = pair
        cause = providers.cause_of(listing.words)
        event = taking_over.event_of(of, channel, credential.address, listing, cause)
        item = history.record(credential, taking_over.history_item(event, of, by, now))
        change = status_rules.change_of(item)
        if change is not None:
            registers.move(credential, change)

    pairs = list(named)
    for some in batched(pairs, _AT_ONCE, strict=False):
        aws.side_by_side(taken, some)
    return len(pairs)


def _record(act: audit.Act, of: Account, by: str, now: datetime) -> audit.AuditRecord:
    return audit.AuditRecord(at=now, act=act, by=by, details={"provider": of.provider, "account": of.name})
