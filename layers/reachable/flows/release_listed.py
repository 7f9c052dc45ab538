"""Release many credentials by an account's whole list: read page by page, then taken off in bulk.

A list is read to its end before anything goes, since an address may have several entries, and pages by
numbers move where one goes.
"""

import time
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, compress
from math import ceil

from reachable import aws, upstream
from reachable.flows import ask_upstream, release_lot
from reachable.flows.release_lot import Case
from reachable.model.credential import Credential
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.releases import AccountReleases, Reading
from reachable.model.upstream import Account, Hindrance, Limit, Listing, Upstream
from reachable.rules import release as release_rules
from reachable.rules import release_incident as rules
from reachable.store import upstream_pace

type _Removed = Sequence[Hindrance | None] | Exception
"""What keeps each entry of a credential there, or why nobody knows."""


def step(account: AccountReleases, of: Account, at: datetime) -> AccountReleases:
    """Read some pages more; once the list is read, take off one lot, as the account's rate allows."""
    reading = account.reading or Reading(begun_at=at)
    if reading.read_at is None:
        return _read_on(account, reading, of, at)
    return _released(account, reading, of, at)


# Reading


def _read_on(account: AccountReleases, reading: Reading, of: Account, at: datetime) -> AccountReleases:
    """Some pages more; at the end those that are not listed come first."""
    pages, limit = rules.PAGES, upstream.limit(of.provider)
    if limit is not None and limit.counts_looks:
        account = _in_line(account, of, limit, rules.calls_at_once(limit), at)
        if account.next_at is not None:
            return account
        pages, account = account.turns, replace(account, turns=0)
    ours = {_plain(key) for key in account.left}
    try:
        for _ in range(pages):
            reading = _page_more(reading, ours, of, at)
            if reading.read_at is not None:
                break
    except (PutOff, ListUnclear) as why:
        ask_upstream.pause(of, why, at)
        return rules.not_read(account, reading, why, at)
    if reading.read_at is None:
        return replace(account, reading=reading)
    listed = {upstream.plain(entry.address) for entry in reading.entries}
    left = sorted(account.left, key=lambda key: _plain(key) in listed)
    return replace(account, reading=reading, left=tuple(left))


def _page_more(reading: Reading, ours: Collection[str], of: Account, at: datetime) -> Reading:
    page = upstream.entries(of, reading.cursor)
    if page.next_cursor is not None and page.next_cursor == reading.cursor:
        raise ListUnclear("goes_round")
    # What nobody judges by lies in no file: words may be of a person.
    found = (replace(entry, words=None) for entry in page.items if upstream.plain(entry.address) in ours)
    return replace(
        reading,
        entries=(*reading.entries, *found),
        cursor=page.next_cursor,
        pages=reading.pages + 1,
        read_at=at if page.next_cursor is None else None,
    )


def _plain(key: str) -> str:
    return upstream.plain(Credential.of_key(key).address)


# Taking off


def _released(account: AccountReleases, reading: Reading, of: Account, at: datetime) -> AccountReleases:
    """Those that are not listed are free; of the others goes what may."""
    entries: dict[str, list[Listing]] = {}
    for entry in reading.entries:
        entries.setdefault(upstream.plain(entry.address), []).append(entry)
    most = rules.TOGETHER if upstream.bulk(of) > 1 else rules.SINGLY
    limit, begun_at = upstream.limit(of.provider), None
    if _plain(account.left[0]) in entries:
        begun_at = reading.begun_at
        if limit is not None:
            if account.placed < len(account.left) and rules.between_calls(limit) > ask_upstream.PATIENCE:
                return _placed(account, rules.between_calls(limit), at)
            calls = min(rules.calls_at_once(limit), ceil(len(account.left) / upstream.bulk(of)))
            account = _in_line(account, of, limit, calls, at)
            if account.next_at is not None:
                return account
            most, account = account.turns * upstream.bulk(of), replace(account, turns=0)
    keys = rules.lot(account.left, lambda key: _plain(key) in entries, most)
    learn = partial(_learned, of, entries, reading.begun_at, at)
    went = release_lot.release(account, keys, at, learn, begun_at=begun_at)
    return replace(went, placed=max(0, account.placed - len(keys)))


def _in_line(
    account: AccountReleases, of: Account, limit: Limit, calls: int, at: datetime
) -> AccountReleases:
    """With turns for calls in the account's line once the last has come; until then with when that is."""
    turns_at = account.turns_at if account.turns else None
    if turns_at is None:
        first = upstream_pace.take(of, replace(limit, each=calls), at)
        turns_at = first + (calls - 1) * rules.between_calls(limit)
        account = replace(account, turns=calls, turns_at=turns_at)
    if turns_at - at > ask_upstream.PATIENCE:
        return replace(account, next_at=turns_at)
    time.sleep(max(0.0, (turns_at - at).total_seconds()))
    return account


def _placed(account: AccountReleases, each: timedelta, at: datetime) -> AccountReleases:
    """Say of some that are left when about it is their turn: they stay, in their order."""
    keys = account.left[account.placed :][: rules.TOGETHER]
    turns = {key: at + each * i for i, key in enumerate(keys, account.placed + 1)}

    def learn(case: Case) -> Upstream:
        return release_rules.in_line(case.asking, turns[str(case.standing.credential)], at)

    went = release_lot.release(account, keys, at, release_lot.each(learn))
    waiting = set(went.again) - set(account.again)
    stay = waiting.union(went.left)
    return replace(
        went,
        left=tuple(key for key in account.left if key in stay),
        again=account.again,
        again_at=account.again_at,
        next_at=None,
        reading=account.reading,
        placed=account.placed + len(waiting),
    )


def _learned(
    of: Account,
    entries: Mapping[str, Sequence[Listing]],
    begun_at: datetime,
    at: datetime,
    cases: Sequence[Case],
) -> Sequence[Upstream | Exception]:
    """By the list; of whoever has wished for no messages since it was read, by a look of its own."""
    newer = [rules.has_wished(case.items, begun_at) for case in cases]
    asked = iter(aws.settled(partial(looked_up, at), compress(cases, newer)))
    by_list = [case for case, is_newer in zip(cases, newer, strict=True) if not is_newer]
    told = iter(_taken_off(of, entries, at, by_list))
    return [next(asked if is_newer else told) for is_newer in newer]


def looked_up(at: datetime, case: Case) -> Upstream:
    """One by itself, as after any other reset."""
    told = ask_upstream.told(case.standing, case.items)
    return ask_upstream.one(case.asking, case.standing, told, at)


def _taken_off(
    of: Account, entries: Mapping[str, Sequence[Listing]], at: datetime, cases: Sequence[Case]
) -> Sequence[Upstream | Exception]:
    """What is left of each once all has gone that may: by one request for many, or by each one's own."""
    listed = [entries.get(upstream.plain(case.standing.credential.address), ()) for case in cases]
    parted = [
        ask_upstream.parted(case.asking, listings, case.standing, case.items, at)
        for case, listings in zip(cases, listed, strict=True)
    ]
    going = [may_go for may_go, _ in parted]
    removed = _removed_together(of, going) if upstream.bulk(of) > 1 else _removed_singly(of, going)
    _pause(of, removed, at)

    learned: list[Upstream | Exception] = []
    for case, listings, (may_go, kept), gone in zip(cases, listed, parted, removed, strict=True):
        if isinstance(gone, (PutOff, ListUnclear)):
            learned.append(ask_upstream.unanswered(case.asking, gone, at))
        elif isinstance(gone, Exception):
            learned.append(gone)
        else:
            left = [*kept, *gone]
            after = ask_upstream.after(case.asking, listings, left, case.items, at, removed=bool(may_go))
            learned.append(after)
    return learned


def _removed_together(of: Account, going: Sequence[Sequence[Listing]]) -> Sequence[_Removed]:
    """By one request for all. Where its answer is not understood, by one for each half, and so on: an address
    that the account does not take costs nobody else the removal."""
    removed: dict[int, _Removed] = {}
    parts = deque([[i for i, entries in enumerate(going) if entries]])
    made = 0
    while parts:
        part = parts.popleft()
        [answer] = aws.settled(partial(upstream.remove, of), [[entry for i in part for entry in going[i]]])
        made += 1
        if not isinstance(answer, Exception):
            answers = iter(answer)
            removed |= {i: [next(answers) for _ in going[i]] for i in part}
        elif not isinstance(answer, ListUnclear):  # it is asked no more now
            removed |= dict.fromkeys(chain(part, *parts), answer)
            break
        elif len(part) > 1 and made < rules.HALVINGS:
            middle = len(part) // 2
            parts.extend((part[:middle], part[middle:]))
        else:
            removed |= dict.fromkeys(part, answer)
    return [removed.get(i, ()) for i in range(len(going))]


def _removed_singly(of: Account, going: Sequence[Sequence[Listing]]) -> Sequence[_Removed]:
    return aws.settled(partial(upstream.remove, of), going)


def _pause(of: Account, removed: Iterable[_Removed], at: datetime) -> None:
    """Once for all that the account did not take: a missing right before all else."""
    whys = [why for why in removed if isinstance(why, (PutOff, ListUnclear))]
    whys.sort(key=lambda why: not (isinstance(why, PutOff) and why.denied))
    for why in whys[:1]:
        ask_upstream.pause(of, why, at)
