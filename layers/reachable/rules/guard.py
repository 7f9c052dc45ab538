"""Whether a share of bounces has leapt against its own past: of a receiving domain, an account, a code.

A receiving domain can answer for hours that its mailboxes do not exist (Gmail, 14 and 15 December 2020); our
own DNS can fail, or a code be misread. Then hundreds are marked bad in a minute who are not. One mail that
comes back is no news, nor are a few of a class list; so the evidence must be strong that more bounce than
four times as many as usual, and more than 15 % in any case.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, zip_longest
from statistics import median
from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.group import NOTHING, Tally
from reachable.model.guard import Cells, Leap, Open, Past, Place, Window, cell
from reachable.model.incident import Where
from reachable.model.statistics import Counted, Word

LENGTHS: Final = (1, 2, 4, 10, 20, 60, 120, 240)
"""Half minutes of a window: the shortest are not diluted for long by what went well before."""
LEAST: Final = 10
"""Bounces of a window."""
FLOOR: Final = 0.15
"""A share that no year brings by itself: September's dead addresses are 6 to 12 % of a first mailing."""
TIMES: Final = 4
"""What the usual share may become."""
STRONG: Final = math.log(1_000_000)
"""The evidence of a leap: by chance once in a million windows at most."""
_WEAK: Final = math.log(20)
"""The evidence that what else goes by an account bounces, too."""
OWN_PAST: Final = 100
"""Messages of the weeks before. An old list's dead domain has none, nor has a district in its first week."""
_PRIOR: Final = Tally(200, 4)
"""Before many were sent, one bounce more or less must not decide what is usual."""
_WEEKS: Final = 3
"""Of fewer no median says what is usual."""
_SAYS_NOTHING: Final = 0.9
"""Beyond it no share can leap. Where bounces alone are told, the usual share is 1."""
_HOUR: Final = 120
_LEAST_AN_HOUR: Final = 50
_WEEKS_AN_HOUR: Final = 2
"""A newsletter brings a usual week's bounces within an hour."""
_MOST_OF_IT: Final = 0.8
"""Of an account's bounces, with one code: it is that code's leap."""
_MARGIN: Final = timedelta(minutes=10)
"""Before the window, for the incident: it may have begun slowly."""
QUIET_FOR: Final = timedelta(hours=6)
"""Of what was sent so long after a leap nobody is told again."""
_TO_TELL: Final = timedelta(minutes=1)
"""How long who saw a leap has to tell of it, before another does."""
_TOGETHER: Final = timedelta(days=3)
"""A domain's leap that began so long before its account's belongs to it: some results take three days."""
_MOST_PLACES: Final = 50
"""Of which an invocation counts."""
_MOST_ENDS: Final = 10


# What is counted


def counts(events: Iterable[Counted]) -> dict[Place, dict[int, Tally]]:
    """What to add to which half minutes, of 50 places: the largest of each account by turns.

    Of a code bounces alone: its share is one of all that goes by its account.
    """
    found: dict[Place, dict[int, Tally]] = {}
    sizes: dict[str, Counter[Place]] = {}
    for event in events:
        sent, bounced = Word.SENT in event.words, event.for_good
        if not (sent or bounced):
            continue
        at = cell(event.sent_at)
        for place in _places(event):
            sizes.setdefault(event.provider, Counter()).update([place])
            tally = Tally(int(sent and place.code is None), int(bounced))
            of_place = found.setdefault(place, {})
            of_place[at] = of_place.get(at, NOTHING) + tally
    turns = zip_longest(*([place for place, _ in of_one.most_common()] for of_one in sizes.values()))
    places = dict.fromkeys(place for turn in turns for place in turn if place is not None)
    return {place: found[place] for place in islice(places, _MOST_PLACES)}


_CHANNELS: Final = frozenset(Channel)
"""In a domain's place, of what goes to a phone."""


def bounced_by_week(events: Iterable[Counted]) -> Counter[tuple[Place, str]]:
    """How much bounced for good where, by the week in which it did: what is usual, later."""
    found: Counter[tuple[Place, str]] = Counter()
    for event in events:
        if event.for_good:
            found.update((place, event.week) for place in _places(event))
    return found


def _places(event: Counted) -> list[Place]:
    """The account first."""
    places = [Place(account=event.provider)]
    if event.domain not in _CHANNELS:
        places.append(Place(domain=event.domain))
    if event.code is not None:
        places.append(Place(account=event.provider, code=event.code))
    return places


def ends(counted: Cells) -> tuple[int, ...]:
    """Where windows are to end: in what was just told, where most bounced, at bounces near that; the newest.

    What is told late comes mixed with what was sent just now, and says most about its own time; nor must it
    hide what fails now.
    """
    bounced = {at: tally.bounced for at, tally in counted.items() if tally.bounced}
    if not bounced:
        return ()
    ranked = sorted(bounced, key=lambda at: (bounced[at], at), reverse=True)
    near = [at for at in ranked if abs(at - ranked[0]) < LENGTHS[-1]]
    return tuple(dict.fromkeys((*near[:_MOST_ENDS], max(ranked))))


def accounts(events: Iterable[Counted]) -> dict[str, tuple[Place, ...]]:
    """The places where something has just bounced for good, by account, most bounces first.

    A domain to which several accounts send counts with the one by which most of it bounced.
    """
    bounced = [event for event in events if event.for_good]
    by_domain = Counter((event.domain, event.provider) for event in bounced if event.domain not in _CHANNELS)
    by_code = Counter((event.code, event.provider) for event in bounced if event.code is not None)
    found: dict[str, list[Place]] = {event.provider: [] for event in bounced}
    seen: set[str] = set()
    for (domain, account), _ in by_domain.most_common():
        if domain not in seen:
            found[account].append(Place(domain=domain))
            seen.add(domain)
    for (code, account), _ in by_code.most_common():
        found[account].append(Place(account=account, code=code))
    return {account: tuple(places) for account, places in found.items()}


# Whether it leaps


def past(weeks: Iterable[Tally]) -> Past:
    """What is usual, by what weeks came to.

    The median of their shares, since an incident of one week must not pass for usual; of fewer than three
    weeks in which anything was sent their sum.
    """
    told = [week for week in weeks if week.sent]
    sent, bounced = sum(week.sent for week in told), sum(week.bounced for week in told)
    if len(told) >= _WEEKS:
        bounced = round(median(week.bounced / week.sent for week in told) * sent)
    return Past(sent, bounced, len(told))


def evidence(tally: Tally, share: float) -> float:
    """How strongly a tally says that its share is above this one: minus the logarithm of the chance.

    Chernoff's bound of the binomial tail: n times the Kullback-Leibler divergence (Hoeffding 1963, theorem 1;
    Arratia and Gordon 1989). More may bounce than is told to have been sent: whatever bounced was sent.
    """
    sent, bounced = max(tally.sent, tally.bounced), tally.bounced
    if bounced <= share * sent:
        return 0.0
    found = bounced * math.log(bounced / sent / share)
    left = sent - bounced
    return found + left * math.log(left / sent / (1 - share)) if left else found


def limit(past: Past) -> float:
    """The share beyond which a leap begins."""
    usual = (past.bounced + _PRIOR.bounced) / (past.sent + _PRIOR.sent)
    return max(FLOOR, TIMES * usual)


def first(last: int) -> int:
    """The first half minute of the longest window that ends with one."""
    return last - LENGTHS[-1] + 1


def may_leap(counted: Mapping[Place, Cells], at: Collection[int]) -> frozenset[Place]:
    """What leaps as long as nobody knows its past: else that is not read.

    A code is not asked: where it leaps its account does, too.
    """
    return frozenset(
        place
        for place, cells in counted.items()
        if place.code is None and _strongest(_windows(cells, at), FLOOR) is not None
    )


def leaping(counted: Cells, at: Collection[int], past: Past, *, tells_all: bool = True) -> Window | None:
    """The window that says most clearly that a share has leapt; None where none does.

    Where bounces alone are told (not ``tells_all``, or the past says so) no share says anything: there as
    many bounce within an hour as in two usual weeks of its past.
    """
    if past.sent < OWN_PAST:
        return None
    most = limit(past)
    if tells_all and most < _SAYS_NOTHING:
        return _strongest(_windows(counted, at), most)
    needed = max(_LEAST_AN_HOUR, _WEEKS_AN_HOUR * past.bounced / past.weeks)
    hours = (window for window in _windows(counted, at) if window.last - window.first + 1 == _HOUR)
    return next((window for window in hours if window.tally.bounced >= needed), None)


def _windows(counted: Cells, at: Collection[int]) -> Iterator[Window]:
    for last in at:
        sent, bounced, begun = 0, 0, last + 1
        for length in LENGTHS:
            for cell_ in range(last - length + 1, begun):
                tally = counted.get(cell_, NOTHING)
                sent, bounced = sent + tally.sent, bounced + tally.bounced
            begun = last - length + 1
            yield Window(begun, last, Tally(sent, bounced))


def _strongest(windows: Iterable[Window], share: float) -> Window | None:
    enough = ((evidence(w.tally, share), w) for w in windows if w.tally.bounced >= LEAST)
    return max(
        ((strength, w) for strength, w in enough if strength >= STRONG),
        key=lambda found: found[0],
        default=(0.0, None),
    )[1]


# Whose leap it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is known of an account, some of whose messages have just bounced.

    ``places`` are its domains and codes where they did, most bounces first, and ``at`` where windows are to
    end. ``counted`` is what each place and the account came to in those hours. ``pasts`` are the account's,
    its codes', and those of domains that may leap. ``told`` are the leaps that somebody was told of.
    """

    account: str
    places: Sequence[Place]
    at: Collection[int]
    counted: Mapping[Place, Cells]
    pasts: Mapping[Place, Past]
    told: Sequence[Open] = ()

    @property
    def whole(self) -> Place:
        """All that goes by the account."""
        return Place(account=self.account)


def leap(watched: Watched) -> Leap | None:
    """The leap that is to be told of; of several that belong together the one that says most.

    A domain's is told as such where all else goes well. Where the rest bounces, too, or another domain has
    leapt at that time, it is the account's. What somebody was told of counts no more: not for the account
    what its domain came to, nor whatever is told later of messages of that time.
    """
    for place in watched.places:
        window = _leaping(watched, place, watched.counted[place]) if place.domain is not None else None
        if window is None:
            continue
        if _others(watched, window) or _rest_bounces(watched, place, window):
            return _of_account(watched, window)
        return Leap(place, watched.account, window, watched.pasts[place], window.begins - _MARGIN)
    window = _leaping(watched, watched.whole, watched.counted[watched.whole])
    if window is not None:
        return _of_account(watched, window)
    for place in watched.places:
        window = _leaping(watched, place, _of_code(watched, place)) if place.code is not None else None
        if window is not None:
            return Leap(place, watched.account, window, watched.pasts[place], window.begins - _MARGIN)
    return None


def _leaping(watched: Watched, place: Place, counted: Cells) -> Window | None:
    past = watched.pasts.get(place)
    if past is None:
        return None
    # Of bounces alone a code's share says nothing, either.
    tells_all = place.code is None or limit(watched.pasts[watched.whole]) < _SAYS_NOTHING
    return leaping(_news(watched, place, counted), watched.at, past, tells_all=tells_all)


def _news(watched: Watched, place: Place, counted: Cells) -> Cells:
    """What a place came to, without what somebody was told of: of an account, by leaps of its own alone."""
    left = dict(counted)
    for told in watched.told:
        if told.quiets in (place, watched.whole):
            explained: Cells = left
        elif place.domain is None and told.quiets.domain is not None and told.account == watched.account:
            explained = watched.counted.get(told.quiets, {})
        else:
            continue
        of_then = range(cell(told.since), cell(told.until))
        left = _without(left, {at: tally for at, tally in explained.items() if at in of_then})
    return left


def _rest_bounces(watched: Watched, place: Place, window: Window) -> bool:
    """Whether what else goes by the account bounces, too: a few messages say so."""
    past = watched.pasts[watched.whole]
    rest = _without(_news(watched, watched.whole, watched.counted[watched.whole]), watched.counted[place])
    most = limit(past)
    return most < _SAYS_NOTHING and evidence(_total(rest, window), most) >= _WEAK


def _of_account(watched: Watched, window: Window) -> Leap:
    """The account's leap; where nearly all bounces have one code, that code's."""
    tally = _total(watched.counted[watched.whole], window)
    place = watched.whole
    for code in watched.places:
        of_code = _total(watched.counted[code], window) if code.code is not None else NOTHING
        if of_code.bounced >= _MOST_OF_IT * tally.bounced:
            place, tally = code, Tally(tally.sent, of_code.bounced)
            break
    begin = window.begins - _MARGIN
    earlier = (other.since for other in _others(watched, window) if begin - other.since <= _TOGETHER)
    since = min([begin, *earlier])
    return Leap(place, watched.account, Window(window.first, window.last, tally), watched.pasts[place], since)


def _others(watched: Watched, window: Window) -> list[Open]:
    """Leaps of the account's domains that were told of the time of a window."""
    return [
        told
        for told in watched.told
        if told.quiets.domain is not None
        and told.account == watched.account
        and told.explains(window.begins, window.begins + window.lasts)
    ]


def _of_code(watched: Watched, code: Place) -> Cells:
    """Of what went by the account, what came back with the code."""
    bounced = watched.counted[code]
    sent = watched.counted[watched.whole]
    return {
        at: Tally(sent.get(at, NOTHING).sent, bounced.get(at, NOTHING).bounced)
        for at in sent.keys() | bounced.keys()
    }


def _total(counted: Cells, window: Window) -> Tally:
    return sum((counted.get(at, NOTHING) for at in range(window.first, window.last + 1)), NOTHING)


def _without(counted: Cells, other: Cells) -> dict[int, Tally]:
    left = dict(counted)
    for at, tally in other.items():
        now = left.get(at, NOTHING)
        left[at] = Tally(max(0, now.sent - tally.sent), max(0, now.bounced - tally.bounced))
    return left


# What follows from it


def opened(leap_: Leap, listed: Collection[Open], new_id: str, now: datetime) -> Open:
    """A leap as who will tell of it opens it, by what is known of others: who knows the same opens the same.

    Of one that was seen and not told the incident is saved already.
    """
    window = leap_.window
    ended = window.begins + window.lasts
    same = [one for one in listed if one.quiets == leap_.quiets]
    left = next((one for one in same if not one.is_told and one.explains(window.begins, ended)), None)
    return Open(
        quiets=leap_.quiets,
        account=leap_.account,
        since=leap_.since,
        incident_id=new_id if left is None else left.incident_id,
        until=ended + QUIET_FOR,
        claimed_until=now + _TO_TELL,
        is_told=False,
        number=max((one.number + 1 for one in same), default=0) if left is None else left.number,
    )


def where(leap_: Leap) -> Where:
    """Which events may be wrong."""
    if leap_.place.domain is not None:
        return Where(from_=leap_.since, domain=leap_.place.domain)
    provider, _, account = leap_.account.partition("/")
    return Where(from_=leap_.since, provider=provider, account=account or None, code=leap_.place.code)
