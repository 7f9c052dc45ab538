"""How soon the guard says that bounces leap, and how often for nothing: a district's year and its incidents.

    python -m tests.bench.guard [seeds]

The rules are those of ``rules.guard``, over counts in memory in the tables' place. What is played is what
providers tell and when; workers take a few events each, side by side, and what one has counted the next sees.
On 14 and 15 December 2020 Gmail answered for hours that its mailboxes do not exist (status.cloud.google.com).
"""

import heapq
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import batched, count
from typing import Final

from reachable.model.delivery_event import Cause
from reachable.model.group import Tally
from reachable.model.guard import Leap, Open, Past, Place, begins
from reachable.model.statistics import Counted, Word
from reachable.rules import guard, statistics
from reachable.rules.guard import Watched
from tests.bench.timing import Row, show

MAIL: Final = "ses/main"
TEXT: Final = "twilio"
MAILS_A_SECOND: Final = 14
TEXTS_A_SECOND: Final = 20
USUAL: Final = 0.007
OWN: Final = "lincoln.example"
CODES: Final = ("General", "NoEmail")
DOMAINS: Final[Mapping[str, float]] = {
    "gmail.com": 0.55,
    "yahoo.com": 0.13,
    "hotmail.com": 0.07,
    "icloud.com": 0.06,
    "outlook.com": 0.05,
    "aol.com": 0.03,
    "comcast.net": 0.03,
    OWN: 0.03,
}
"""Of the largest; the rest is a long tail."""
_SMALL: Final = tuple(f"d{i}.example" for i in range(300))
BATCH: Final = 6
"""Events of an invocation that are of interest: deliveries tell nothing new of a message that was sent."""

type Told = tuple[datetime, Counted]
"""An event, and when a worker can have it."""


@dataclass(frozen=True, slots=True)
class District:
    """Families of one address and one number each. ``tells``: of what was sent, too, or of bounces alone."""

    families: int = 30_000
    tells: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What fails that is good, from when to when: a domain's mail, all mail, or texts."""

    begins: datetime
    share: float
    account: str = MAIL
    domain: str | None = None
    lasts: timedelta = timedelta(hours=4)

    def hits(self, account: str, domain: str, at: datetime, chance: random.Random) -> bool:
        """Whether a message fails by it."""
        concerns = account == self.account and self.domain in (None, domain)
        return concerns and timedelta(0) <= at - self.begins < self.lasts and chance.random() < self.share


@dataclass(slots=True)
class Player:
    """What is sent, and what providers tell of it."""

    district: District
    chance: random.Random
    fault: Fault | None = None
    false: int = 0

    def mails(self, begin: datetime, number: int, dead: float | Mapping[str, float]) -> Iterator[Told]:
        """Mail to so many, at SES's pace. ``dead``: which share bounces; of the domains that are named."""
        for i in range(number):
            domain = self._domain()
            share = dead if isinstance(dead, float) else dead.get(domain, dead["*"])
            yield from self._mail(begin + timedelta(seconds=i / MAILS_A_SECOND), domain, share)

    def _mail(self, at: datetime, domain: str, share: float) -> Iterator[Told]:
        wrong = self.fault is not None and self.fault.hits(MAIL, domain, at, self.chance)
        bounces = wrong or self.chance.random() < share
        if self.district.tells:
            yield at + self._seconds(0.5, 2), _counted(MAIL, domain, at, Word.SENT)
        if bounces:
            # A few servers think about it for hours.
            late = not wrong and self.chance.random() < 0.05
            told = at + (self._seconds(600, 40_000) if late else self._seconds(1, 4))
            words = (Word.BOUNCED_PERMANENT,) if self.district.tells else (Word.SENT, Word.BOUNCED_PERMANENT)
            code = "NoEmail" if wrong else self.chance.choices(CODES, (0.3, 0.7))[0]
            yield told, _counted(MAIL, domain, at, *words, code=code, wrong=wrong)

    def texts(self, begin: datetime, number: int, dead: float) -> Iterator[Told]:
        """Texts: no provider tells that it sent one, only what came of it, of failures later in part."""
        for i in range(number):
            at = begin + timedelta(seconds=i / TEXTS_A_SECOND)
            wrong = self.fault is not None and self.fault.hits(TEXT, "sms", at, self.chance)
            if wrong or self.chance.random() < dead:
                slow = self.chance.random() < 0.5
                told = at + (self._seconds(30, 600) if slow else self._seconds(1, 5))
                code = "30003" if wrong else self.chance.choice(("30005", "30006"))
                yield told, _counted(TEXT, "sms", at, Word.SENT, Word.FAILED, code=code, wrong=wrong)
            else:
                yield at + self._seconds(2, 20), _counted(TEXT, "sms", at, Word.SENT, Word.DELIVERED)

    def class_mails(self, day: datetime) -> Iterator[Told]:
        """A sixth of all classes of 25 gets a mail, some time of the day; some lists are worse."""
        for _ in range(self.district.families // 150 or 1):
            begin = day + timedelta(hours=8) + self._seconds(0, 9 * 3600)
            yield from self.mails(begin, 25, min(0.2, USUAL * self.chance.lognormvariate(-0.5, 1)))

    def newsletter(self, day: datetime) -> Iterator[Told]:
        """To all, in the evening."""
        yield from self.mails(
            day + timedelta(hours=18), self.district.families, USUAL * self.chance.uniform(0.6, 1.5)
        )

    def first_mailing(self, day: datetime) -> Iterator[Told]:
        """September: a summer's dead addresses, more where people grow out of them."""
        usual = self.chance.uniform(0.055, 0.085)
        dead = {"*": usual, OWN: 0.12, "comcast.net": 0.11, "aol.com": 0.10}
        yield from self.mails(day + timedelta(hours=18), self.district.families, dead)

    def snow_day(self, day: datetime) -> Iterator[Told]:
        """The whole district, by mail and text, before six in the morning."""
        begin = day + timedelta(hours=5, minutes=30)
        yield from self.mails(begin, self.district.families, USUAL)
        yield from self.texts(begin, self.district.families, 0.012)

    def old_list(self, day: datetime) -> Iterator[Told]:
        """Sixty addresses of years ago."""
        yield from self.mails(day + timedelta(hours=10) + self._seconds(0, 3600), 60, 0.4)

    def _domain(self) -> str:
        found = self.chance.choices((*DOMAINS, "*"), (*DOMAINS.values(), 1 - sum(DOMAINS.values())))[0]
        return found if found != "*" else self.chance.choice(_SMALL)

    def _seconds(self, least: float, most: float) -> timedelta:
        return timedelta(seconds=self.chance.uniform(least, most))


def _counted(
    account: str, domain: str, at: datetime, *words: Word, code: str | None = None, wrong: bool = False
) -> Counted:
    # What is wrong is marked by its cause, which the guard does not look at.
    cause = Cause.UNKNOWN if wrong else Cause.INVALID_ADDRESS if code else None
    return Counted(words, _week(at), domain, account, cause, None, at, code is not None, code)


_weeks: Final[dict[int, str]] = {}


def _week(at: datetime) -> str:
    day = at.toordinal()
    if day not in _weeks:
        _weeks[day] = statistics.week(at.date())
    return _weeks[day]


# The guard, over counts in memory


@dataclass(slots=True)
class Memory:
    """What the tables hold, and what ``flows.guard`` does with it."""

    cells: dict[Place, dict[int, Tally]] = field(default_factory=lambda: defaultdict(dict))
    sent: Counter[tuple[Place, str]] = field(default_factory=Counter)
    bounced: Counter[tuple[Place, str]] = field(default_factory=Counter)
    told: list[Open] = field(default_factory=list)

    def remember(self, place: Place, weeks: Sequence[str], sent: int, bounced: int) -> None:
        """A past, so much a week."""
        for week in weeks:
            self.sent[place, week] += sent
            self.bounced[place, week] += bounced

    def watch(self, events: Sequence[Counted], now: datetime) -> Leap | None:
        """Count, and judge where something bounced."""
        counted = guard.counts(events)
        for place, added in counted.items():
            of_place = self.cells[place]
            for at, tally in added.items():
                before = of_place.get(at, Tally(0, 0))
                of_place[at] = Tally(before.sent + tally.sent, before.bounced + tally.bounced)
        for event in events:
            if Word.SENT in event.words:
                self.sent.update([(Place(account=event.provider), event.week)])
                self.sent.update([(Place(domain=event.domain), event.week)])
        self.bounced.update(guard.bounced_by_week(events))
        looked_at = [event for event in events if not self._is_explained(event)]
        unexplained = guard.counts(looked_at)
        for account, places in guard.accounts(looked_at).items():
            leap = self._leap(account, [place for place in places if place in counted], unexplained)
            if leap is not None:
                self._tell(leap, now)
                return leap
        return None

    def _leap(
        self,
        account: str,
        places: Sequence[Place],
        unexplained: Mapping[Place, Mapping[int, Tally]],
    ) -> Leap | None:
        whole = Place(account=account)
        at = guard.ends(unexplained[whole])
        may = guard.may_leap({place: self.cells[place] for place in (*places, whole)}, at)
        if not may:
            return None
        hours = {cell for last in at for cell in range(guard.first(last), last + 1)}
        near = {
            place: {at: self.cells[place][at] for at in hours if at in self.cells[place]}
            for place in {*places, whole, *(leap.quiets for leap in self.told)}
        }
        week = begins(max(at)).date()
        asked = [whole, *(place for place in places if place.code is not None or place in may)]
        return guard.leap(
            Watched(
                account=account,
                places=places,
                at=at,
                counted=near,
                pasts={place: self._past(place, statistics.weeks_before(week)) for place in asked},
                told=list(self.told),
            )
        )

    def _tell(self, leap: Leap, now: datetime) -> None:
        self.told.append(replace(guard.opened(leap, self.told, "", now), is_told=True))

    def _is_explained(self, event: Counted) -> bool:
        places = (Place(account=event.provider), Place(domain=event.domain))
        at = event.sent_at
        return any(leap.quiets in places and leap.explains(at, at) for leap in self.told)

    def _past(self, place: Place, weeks: Sequence[str]) -> Past:
        of = place if place.code is None else replace(place, code=None)
        return guard.past(Tally(self.sent[of, week], self.bounced[place, week]) for week in weeks)


@dataclass(frozen=True, slots=True)
class Seen:
    """A leap that was told, when, and how many that are good were marked bad by then."""

    leap: Leap
    at: datetime
    false: int


def watched(told: Iterable[Told], memory: Memory, chance: random.Random) -> Iterator[Seen]:
    """Workers at work: each takes what is there, blocks, and half a second to two later counts and judges."""
    at_work: list[tuple[datetime, int, Sequence[Counted]]] = []
    number, false = count(), 0
    for batch in batched(sorted(told, key=lambda one: one[0]), BATCH, strict=False):
        begun = batch[-1][0]
        while at_work and at_work[0][0] <= begun:
            done_at, _, events = heapq.heappop(at_work)
            leap = memory.watch(events, done_at)
            if leap is not None:
                yield Seen(leap, done_at, false)
        events = [event for _, event in batch]
        false += sum(event.for_good and event.cause is Cause.UNKNOWN for event in events)
        done = begun + timedelta(seconds=chance.uniform(0.5, 2))
        heapq.heappush(at_work, (done, next(number), events))
    while at_work:
        done_at, _, events = heapq.heappop(at_work)
        leap = memory.watch(events, done_at)
        if leap is not None:
            yield Seen(leap, done_at, false)


def with_a_past(district: District, day: datetime) -> Memory:
    """Twelve ordinary weeks: a newsletter and class mails, some texts."""
    memory = Memory()
    weeks = statistics.weeks_before(day.date())[-12:]
    mails = district.families * 2
    bounced = round(mails * USUAL)
    for domain, share in (*DOMAINS.items(), *((small, 0.05 / len(_SMALL)) for small in _SMALL)):
        bad = round(mails * share * USUAL)
        memory.remember(Place(domain=domain), weeks, round(mails * share) if district.tells else bad, bad)
    memory.remember(Place(account=MAIL), weeks, mails if district.tells else bounced, bounced)
    for code, share in zip(CODES, (0.3, 0.7), strict=True):
        memory.remember(Place(account=MAIL, code=code), weeks, 0, round(bounced * share))
    memory.remember(Place(account=TEXT), weeks, district.families // 5, district.families // 400)
    return memory


# What is played

MONDAY: Final = datetime(2026, 12, 14, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Incident:
    """What fails, in what district: a share of it, or one drawn from a range."""

    name: str
    district: District = District()
    shares: tuple[float, float] = (0.6, 1.0)
    domain: str | None = "gmail.com"
    account: str = MAIL


INCIDENTS: Final = (
    Incident("December 2020: 60 to 100 % of Gmail"),
    Incident("30 % of Gmail", shares=(0.3, 0.3)),
    Incident("our own DNS: all mail", shares=(0.9, 1.0), domain=None),
    Incident("a code misread: 25 % of texts", shares=(0.25, 0.25), domain=None, account=TEXT),
    Incident("500 families, 60 to 100 % of Gmail", District(500)),
    Incident("bounces alone are told", District(tells=False)),
)


def play(incident: Incident, seed: int) -> tuple[Fault, list[Seen]]:
    """An ordinary Monday with class mails; in the middle of the evening's newsletter it begins to fail.

    Texts go out in the evening as well, of a snow day.
    """
    chance = random.Random(seed)
    district = incident.district
    evening = MONDAY + timedelta(hours=18)
    takes = timedelta(seconds=district.families / MAILS_A_SECOND)
    fault = Fault(
        evening + takes * chance.uniform(0.2, 0.5),
        chance.uniform(*incident.shares),
        incident.account,
        incident.domain,
    )
    player = Player(district, chance, fault)
    told = [
        *player.class_mails(MONDAY),
        *player.newsletter(MONDAY),
        *player.texts(evening, district.families, 0.012),
        *player.class_mails(MONDAY + timedelta(hours=10)),
    ]
    return fault, list(watched(told, with_a_past(district, MONDAY), chance))


def year(district: District, seed: int, weeks: int = 42) -> list[Seen]:
    """A school year from late August on, in which nothing fails that is good."""
    chance = random.Random(seed)
    player = Player(district, chance)
    first = datetime(2026, 8, 31, tzinfo=UTC)
    memory = with_a_past(district, first)
    snow_days = {(week, chance.randrange(5)) for week in chance.sample(range(14, 28), 4)}
    seen: list[Seen] = []
    for week in range(weeks):
        told: list[Told] = []
        for number in range(5):
            day = first + timedelta(weeks=week, days=number)
            told += player.class_mails(day)
            told += player.texts(day + timedelta(hours=9), district.families // 50, 0.015)
            if (week, number) in snow_days:
                told += player.snow_day(day)
        monday = first + timedelta(weeks=week)
        if week == 0:
            told += player.first_mailing(monday)
            told += player.texts(monday + timedelta(hours=17), district.families, chance.uniform(0.08, 0.12))
        else:
            told += player.newsletter(monday + timedelta(days=2))
        if week % 4 == 2:
            told += player.old_list(monday + timedelta(days=3))
        seen += watched(told, memory, chance)
    return seen


def _of(incident: Incident, seeds: int) -> Row:
    minutes: list[float] = []
    false: list[int] = []
    alarms: list[int] = []
    places: Counter[str] = Counter()
    for seed in range(seeds):
        fault, seen = play(incident, seed)
        raised = [one for one in seen if one.at >= fault.begins]
        alarms.append(len(raised))
        if raised:
            minutes.append((raised[0].at - fault.begins) / timedelta(minutes=1))
            false.append(raised[0].false)
            places[str(raised[0].leap.place)] += 1
    return (
        incident.name,
        f"{len(minutes)} of {seeds}",
        f"{sorted(minutes)[len(minutes) // 2]:.1f}, {max(minutes):.1f}" if minutes else "",
        f"{sorted(false)[len(false) // 2]}, {max(false)}" if false else "",
        max(alarms),
        ", ".join(place for place, _ in places.most_common(2)),
    )


def main(seeds: int) -> None:
    """Print what is seen of each incident, and what is seen in ordinary years."""
    show(
        f"Incidents, {seeds} each",
        ("fails", "seen", "minutes (median, most)", "false blocks (median, most)", "alarms", "where"),
        [_of(incident, seeds) for incident in INCIDENTS],
    )
    rows: list[Row] = []
    for name, district in (
        ("30,000 families", District()),
        ("2,000 families", District(2_000)),
        ("500 families", District(500)),
        ("30,000 families, bounces alone are told", District(tells=False)),
    ):
        years = [year(district, seed) for seed in range(max(1, seeds // 10))]
        months = 10 * len(years)
        found = [f"{one.at:%d %b} {one.leap.place}" for seen in years for one in seen]
        rows.append((name, months, len(found), f"{len(found) / months:.2f}", ", ".join(found[:4])))
    show("Ordinary years", ("district", "months", "alarms", "a month", "of them"), rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
