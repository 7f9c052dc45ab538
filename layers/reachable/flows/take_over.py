"""A provider's own list beside ours: shown, compared, taken over as blocks with their own dates and reasons.

For ops, of districts that come from another system. What is taken over moves a status as the event would have
done that the entry stands for, so that taking it twice, or after a reset, changes nothing.
"""

import json
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
from reachable.model.errors import InvalidAddress, ListUnclear, Meaningless, NotFound, PutOff
from reachable.model.history import Standing
from reachable.model.page import Page
from reachable.model.status import Status, hex_of
from reachable.model.taking_over import Compared, Difference, Report
from reachable.model.upstream import DEFAULT_ACCOUNT, Account, Listing
from reachable.rules import status as status_rules
from reachable.rules import taking_over
from reachable.secrets import upstream as secrets
from reachable.store import audit
from reachable.store.credentials import history, holders, registers

NAMED: Final = 5_000
"""Addresses that one answer names in a list; what is more is counted."""
SHOWN: Final = 2_000
"""Differences that one answer shows: Lambda's answer takes 6 MB."""
PAGE: Final = 1_000
"""Entries of a page, however many a provider gives at once."""
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
    listings, next_cursor = next(_pages(of, cursor), ([], None))
    return Page(tuple(listings), next_cursor)


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
    for listings, next_cursor in _pages(of, None):
        for credential, _, _ in _standings(listings, channel, region, now, report):
            there.add(credential)
        if next_cursor is not None and not is_time_left():
            raise Meaningless(Detail.LIST_TOO_LONG)
    cut_at = upstream.cut_at(of.provider)
    report.incomplete = cut_at is not None and report.entries >= cut_at
    if report.incomplete:
        return report
    only_here = (
        credential
        for credential, status in registers.every()
        if credential not in there and taking_over.is_closed_by(of.provider, channel, status)
    )
    for some in batched(only_here, _AT_ONCE, strict=False):
        for standing in aws.side_by_side(holders.standing, some):
            compared = taking_over.only_here(standing, channel)
            if _is_of(of, standing, compared):
                _show(report, compared)
    return report


def _is_of(of: Account, standing: Standing, compared: Compared) -> bool:
    """Whether this very account of the provider told what closes an address. Half a read unit a block."""
    items = history.items(standing.credential, (hex_of(block.at) for block in compared.blocks))
    return any(
        item.provider == of.provider and (item.account or DEFAULT_ACCOUNT) == of.name
        for item in items.values()
    )


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
    audit.write(_record(audit.Act.LISTED_UPSTREAM if dry_run else audit.Act.TAKEN_OVER, of, by, now))
    report = Report()
    for some, next_cursor in [(list(listings), None)] if listings is not None else _pages(of, cursor):
        found = _standings(some, channel, region, now, report)
        if not dry_run:
            report.taken += _write(of, channel, found, by, now)
        report.next_cursor = next_cursor
        if not is_time_left():
            break
    cut_at = upstream.cut_at(of.provider)
    report.incomplete = listings is None and cut_at is not None and report.entries >= cut_at
    return report


def _check(provider: str) -> None:
    if not upstream.can_be_read(provider):
        raise Meaningless(Detail.NO_LIST_TO_READ, provider=provider)


def _pages(of: Account, cursor: str | None) -> Iterator[tuple[list[Listing], str | None]]:
    """Pages of so many entries, each with where to go on: a provider's cursor, and an offset in its page."""
    theirs, offset = _read_cursor(cursor)
    while True:
        page = _page(of, theirs)
        for start in range(offset, len(page.items), PAGE) or [offset]:
            end = start + PAGE
            more = end < len(page.items)
            following = _cursor(theirs, end) if more else _cursor_of(page.next_cursor)
            yield list(page.items[start:end]), following
        if page.next_cursor is None:
            return
        if page.next_cursor == theirs:
            raise ListUnclear("goes_round")
        theirs, offset = page.next_cursor, 0


def _cursor(theirs: str | None, offset: int) -> str:
    return json.dumps([theirs, offset])


def _cursor_of(theirs: str | None) -> str | None:
    return None if theirs is None else _cursor(theirs, 0)


def _read_cursor(cursor: str | None) -> tuple[str | None, int]:
    try:
        theirs, offset = json.loads(cursor) if cursor is not None else (None, 0)
    except (ValueError, TypeError) as problem:
        raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor") from problem
    if not isinstance(theirs, str | None) or not isinstance(offset, int) or offset < 0:
        raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor")
    return theirs, offset


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
) -> list[tuple[Credential, Listing, Status]]:
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
    found: list[tuple[Credential, Listing, Status]] = []
    for some in batched(named, _AT_ONCE, strict=False):
        standings = aws.side_by_side(lambda pair: holders.standing(pair[0]), some)
        for (credential, listing), standing in zip(some, standings, strict=True):
            _show(report, taking_over.compared(credential, standing, channel, listing))
            found.append((credential, listing, standing.status))
    return found


def _credential(address: str, channel: Channel, region: str) -> Credential:
    """A number without its plus is read as people of the district write it, else as one of the whole
    world."""
    if channel is Channel.EMAIL:
        return addresses.email(address)
    try:
        return addresses.phone(address, region)
    except InvalidAddress:
        if not address.strip().isdecimal():
            raise
        return addresses.phone(f"+{address.strip()}", region)


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


def _name(report: Report, named: dict[str, None], address: str) -> None:
    if address in named or len(named) < NAMED:
        named[address] = None
    else:
        report.left_off += 1


def _write(
    of: Account,
    channel: Channel,
    named: Iterable[tuple[Credential, Listing, Status]],
    by: str,
    now: datetime,
) -> int:
    """History, then status, of each; how many. In no order: the status does not depend on it."""

    def taken(entry: tuple[Credential, Listing, Status]) -> None:
        credential, listing, status = entry
        cause = providers.cause_of(listing.words)
        event = taking_over.event_of(of, channel, credential.address, listing, cause)
        item = history.record(credential, taking_over.history_item(event, of, by, now, status))
        change = status_rules.change_of(item)
        if change is not None:
            registers.move(credential, change)

    pairs = list(named)
    for some in batched(pairs, _AT_ONCE, strict=False):
        aws.side_by_side(taken, some)
    return len(pairs)


def _record(act: audit.Act, of: Account, by: str, now: datetime) -> audit.AuditRecord:
    return audit.AuditRecord(at=now, act=act, by=by, details={"provider": of.provider, "account": of.name})
