"""Release what an incident's run has reset, in the providers' bulk forms, account by account.

A list is read once for all of them, each entry is judged as after any other reset, and many go by one
request. A turn goes on step by step, one account's after another's, so that none waits for a slow one. What
an account has answered after a credential's newest lift stands in its `upstream#` item: so a turn may be done
twice, two at once, or die between.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import batched

from reachable import aws, upstream
from reachable.flows import ask_upstream, release_listed, release_lot
from reachable.flows.release_lot import Case
from reachable.model.credential import Credential
from reachable.model.releases import AccountReleases, Releases
from reachable.model.upstream import Account, Upstream
from reachable.rules import release_incident as rules
from reachable.store import upstream_pace
from reachable.store.credentials import holders
from reachable.store.upstream_pace import Closed


def begin(credentials: Iterable[Credential]) -> Releases:
    """What is to be released of credentials that a run has reset. Asks no provider. 1 Query each.

    Raises:
        Unavailable: the accounts cannot be read now.
    """
    left: dict[tuple[str, str], list[str]] = {}
    for some in batched(dict.fromkeys(credentials), rules.TOGETHER, strict=False):
        for standing in aws.side_by_side(holders.standing, some):
            for asking in ask_upstream.askings(standing):
                left.setdefault(asking.account_key, []).append(str(standing.credential))
    return Releases(
        tuple(
            AccountReleases(provider=provider, account=name, left=tuple(keys))
            for (provider, name), keys in sorted(left.items())
        )
    )


def turn(releases: Releases, now: datetime, may_go_on: Callable[[], bool]) -> Releases:
    """Go on until nothing is due, or it may not: what is left then, and when to come again.

    It is asked between two steps, which take seconds, or half a minute where a provider hardly answers. Of
    each credential 2 Queries an account and 2 or 3 write units; of the list the requests of its pages, and
    one for each lot that goes; of providers without a bulk form one or more for each.
    """
    began = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    accounts = list(releases.accounts)
    due = deque(i for i, account in enumerate(accounts) if _is_due(account, now))
    while due and may_go_on():
        i = due.popleft()
        accounts[i] = _stepped(accounts[i], clock())
        if _is_due(accounts[i], clock()):
            due.append(i)
    went = zip(releases.accounts, accounts, strict=True)
    return Releases(tuple(_timed(before, after, now, clock()) for before, after in went))


def _is_due(account: AccountReleases, at: datetime) -> bool:
    return not account.is_done and (account.next_at is None or account.next_at <= at)


def _timed(before: AccountReleases, after: AccountReleases, began: datetime, at: datetime) -> AccountReleases:
    """With when to come again, and about when it ends."""
    if after is before:
        return before
    if after.is_done:
        return replace(after, next_at=None, ends_at=None, reading=None)
    done = before.to_come - after.to_come
    ends_at = rules.ends_at(
        after,
        upstream.limit(after.provider),
        upstream.bulk(Account(after.provider, after.account)),
        (at - began) / done if done else None,
        at,
    )
    return replace(after, next_at=after.next_at or began, ends_at=ends_at)


# One step


def _stepped(account: AccountReleases, at: datetime) -> AccountReleases:
    """One step; what fails in it takes no other account with it."""
    going = replace(account if account.left else rules.next_pass(account), next_at=None)
    [went] = aws.settled(lambda going: _step(going, at), [going])
    if isinstance(went, Exception):
        release_lot.note(went, account)
        return rules.failed(going, at)
    return went


def _step(account: AccountReleases, at: datetime) -> AccountReleases:
    """Read on in the list, or ask of one lot of credentials."""
    of = ask_upstream.account(account.provider, account.account)
    closed = upstream_pace.closed(of, at) if account.silence is None else None
    known = _known(account, of, closed, at)
    if known is not None:
        some = account.left[: rules.TOGETHER]
        return release_lot.release(account, some, at, release_lot.each(known))
    if closed is not None:
        return replace(account, next_at=closed.until, quiet_since=account.quiet_since or at)
    reading = account.reading
    is_old = reading is not None and rules.is_old(reading, at)
    asked = replace(account, quiet_since=None, reading=None if is_old else reading)
    if _is_looked_up(asked):
        return _looked_up(asked, at)
    return release_listed.step(asked, of, at)


def _known(
    account: AccountReleases, of: Account, closed: Closed | None, at: datetime
) -> Callable[[Case], Upstream] | None:
    """What is known of each that is left though nobody is asked now; None where the account is to be."""
    say = ask_upstream.unasked(of)
    if say is not None:
        ask_upstream.tell_if_missing(of, at)
        return lambda case: say(case.asking, at)
    if account.silence is not None:
        why = rules.why_silent(account.silence)
        return lambda case: ask_upstream.unanswered(case.asking, why, at)
    if closed is not None and rules.is_quiet_for_days(account, at):
        return lambda case: ask_upstream.waits(case.asking, closed, case.items, at)
    return None


def _is_looked_up(account: AccountReleases) -> bool:
    """Whether each is looked up by itself; also where a list is too long to be read in time."""
    provider = account.provider
    if account.reading is not None:
        return upstream.is_quick(provider) and rules.took_long(account.reading)
    return not rules.reads_whole(
        len(account.left),
        can_be_read=upstream.can_be_read(provider),
        is_cut=upstream.cut_at(provider) is not None,
        is_quick=upstream.is_quick(provider),
    )


def _looked_up(account: AccountReleases, at: datetime) -> AccountReleases:
    """Some, each by itself, as after any other reset."""
    some = account.left[: rules.SINGLY]
    learn = partial(release_listed.looked_up, at)
    return release_lot.release(account, some, at, partial(aws.settled, learn))
