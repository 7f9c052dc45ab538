"""How an incident's releases go on at one account: how many at once, what came of them, when it ends.

Nothing here asks anybody; what an entry of a list means is `rules.release`'s.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from math import ceil
from typing import Final

from reachable.model.errors import ListUnclear, PutOff
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.releases import AccountReleases, Reading, Silence
from reachable.model.upstream import Hindrance, Limit, Upstream, UpstreamState
from reachable.rules import release as release_rules

FEW: Final = 25
"""Of so many each is looked up; of more the whole list is read."""
TOGETHER: Final = 1_000
"""Credentials in one lot, where a request takes off many, or none is made."""
SINGLY: Final = 50
"""Credentials in one lot, where each takes requests of its own."""
HALVINGS: Final = 100
"""After so many removals of one lot none is halved any more: five that are not taken are found by then."""
PAGES: Final = 10
"""Of a list, in one step."""
READ_FOR: Final = timedelta(minutes=5)
"""How long what was read of a list counts: of what comes on it later not every event tells us."""
_AHEAD: Final = timedelta(minutes=5)
"""So much of an account's line is taken at once: who resets one meanwhile waits so long at most."""

_NAMES: Final[Mapping[UpstreamState, str]] = {
    UpstreamState.RELEASED: "released",
    UpstreamState.REFUSED: "refused",
    UpstreamState.LISTED: "refused",
    UpstreamState.RELEASING: "unknown",
    UpstreamState.UNKNOWN: "unknown",
}


# How many at once


def reads_whole(left: int, *, can_be_read: bool, is_cut: bool, is_quick: bool) -> bool:
    """Whether the whole list is read, and not each looked up; ``is_cut`` where it shows a part only."""
    return can_be_read and not is_cut and (left > FEW or not is_quick)


def calls_at_once(limit: Limit) -> int:
    """Of how many calls the turns are taken together: those of the limit's own time, or of minutes.

    Made once the last of their turns has come, they are never more than the limit allows.
    """
    return max(1, int(limit.calls * min(1.0, _AHEAD / timedelta(seconds=limit.seconds))))


def between_calls(limit: Limit) -> timedelta:
    """How long one call's turn lasts."""
    return timedelta(seconds=limit.seconds) / limit.calls


def lot(left: Collection[str], listed: Callable[[str], bool], most: int) -> list[str]:
    """The first of them that are alike: listed, ``most`` of them, or not, for whom nobody is asked."""
    first = next(map(listed, left))
    alike = list(takewhile(lambda key: listed(key) is first, left))
    return alike[: most if first else TOGETHER]


# How long a reading counts


def is_old(reading: Reading, at: datetime) -> bool:
    """Whether a list that was read is looked at anew before anything is said or removed by it."""
    return reading.read_at is not None and at - reading.read_at > READ_FOR


def took_long(reading: Reading) -> bool:
    """Whether the first page was old when the last one came: read once more it would be again."""
    return reading.read_at is not None and reading.read_at - reading.begun_at > READ_FOR


def has_wished(items: Iterable[HistoryItem], since: datetime) -> bool:
    """Whether somebody was told to us since then not to want messages: an older reading does not have it."""
    return any(item.kind in _WISHES and item.received_at >= since for item in items)


_WISHES: Final = frozenset({HistoryKind.COMPLAINED, HistoryKind.OPTED_OUT})


# What came of it


def tallied(
    account: AccountReleases, learned: Mapping[str, Upstream | None], failed: Collection[str], at: datetime
) -> AccountReleases:
    """What is left once this was learned of some: None of those that are left alone.

    ``failed``: with them something of ours did, and they come again as those that were put off; not for ever.
    """
    failures = account.failures + 1 if failed else 0
    times = [what.retry_after for what in learned.values() if what is not None and is_put_off(what)]
    again = [key for key, what in learned.items() if what is not None and is_put_off(what)]
    counts = Counter(_name(what) for what in learned.values() if what is None or not is_put_off(what))
    if failed and failures < release_rules.TRIES:
        again += failed
        times.append(at + release_rules.wait_after(failures))
    elif failed:
        counts["given_up"] += len(failed)
    done = {*learned, *failed}
    left = tuple(key for key in account.left if key not in done)
    known = [time for time in (*times, account.again_at) if time is not None]
    again_at = min(known, default=None)
    return replace(
        account,
        left=left,
        again=(*account.again, *again),
        again_at=again_at,
        next_at=None if left else again_at,
        reading=account.reading if left else None,
        failures=failures,
        **{name: getattr(account, name) + many for name, many in counts.items()},
    )


def is_put_off(learned: Upstream) -> bool:
    """Whether an account is asked of it again."""
    undecided = learned.state in (UpstreamState.RELEASING, UpstreamState.UNKNOWN)
    return undecided and learned.retry_after is not None


def _name(learned: Upstream | None) -> str:
    if learned is None:
        return "left_alone"
    return "given_up" if learned.hindrance is Hindrance.GAVE_UP else _NAMES[learned.state]


def failed(account: AccountReleases, at: datetime) -> AccountReleases:
    """A whole step of it failed through no fault of the account's: later, and not for ever."""
    if account.failures + 1 >= release_rules.TRIES:
        return tallied(account, {}, account.left, at)
    failures = account.failures + 1
    return replace(account, failures=failures, next_at=at + release_rules.wait_after(failures))


def next_pass(account: AccountReleases) -> AccountReleases:
    """Those that were asked in vain are left once more, and the list is read anew."""
    return replace(account, left=account.again, again=(), again_at=None, reading=None, silence=None, placed=0)


# Where there is no answer


def not_read(
    account: AccountReleases, reading: Reading, why: PutOff | ListUnclear, at: datetime
) -> AccountReleases:
    """The list could not be read on. Of a long one the next page is asked for later, where there were some.

    Where its cursor is taken no longer it is begun anew, once; else nobody can tell of any that is left.
    """
    match why:
        case PutOff(denied=False) if reading.pages:
            return replace(account, reading=replace(reading, pages=0))  # the account is paused by now
        case ListUnclear() if reading.cursor is not None and not reading.anew:
            return replace(account, reading=Reading(begun_at=at, anew=True))
        case PutOff():
            silence = Silence(why.why, why.seconds, why.denied)
        case _:
            silence = Silence(why.code, unclear=True)
    return replace(account, reading=None, silence=silence)


def why_silent(silence: Silence) -> PutOff | ListUnclear:
    """As the account's own answer."""
    if silence.unclear:
        return ListUnclear(silence.why)
    return PutOff(silence.why, silence.seconds, denied=silence.denied)


def is_quiet_for_days(account: AccountReleases, at: datetime) -> bool:
    """Whether it was found to be asked nothing for so long that those that are left are given up."""
    return account.quiet_since is not None and at - account.quiet_since >= release_rules.WAITS_FOR


# The time still to come


def ends_at(
    account: AccountReleases, limit: Limit | None, bulk: int, each: timedelta | None, at: datetime
) -> datetime | None:
    """About when all is done; ``each`` is what one took in this turn, None where none was done.

    By the account's documented rate, where it has one. None where it gives no answer, or nobody can tell.
    """
    if account.is_done or account.silence is not None or account.quiet_since is not None:
        return None
    if limit is not None:
        to_come: timedelta | None = ceil(account.to_come / bulk) * between_calls(limit)
    elif account.left:
        to_come = None if each is None else len(account.left) * each
    else:
        to_come = timedelta()
    return None if to_come is None else max(at + to_come, account.again_at or at)
