"""What of a delivery event is counted, where, and what a table of such counts shows.

The counts are approximate: what a crash loses is lost. An event that comes twice counts once: what stood in
the message's record or the history before is not counted again. When a message may count twice all the same,
docs/statistics.md says.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.message import MessageStatus
from reachable.model.statistics import By, Counted, Numbers, Row, Word
from reachable.rules import event as event_rules
from reachable.rules.event import Known, ReceivedEvent, believed

WEEKS: Final = 8
"""Shown where nobody says since when."""
MOST_WEEKS: Final = 26
TOP: Final = 100
"""Domains that are named; the rest is summed."""
_BEFORE: Final = date(2000, 1, 1)
"""Nothing was counted then."""
LEAST: Final = 10
"""Messages of a domain that is named: one of fewer may be one family's own."""

_WISHES: Final = (Word.COMPLAINED, Word.OPTED_OUT)

_WORDS: Final[Mapping[Kind, Word | None]] = {
    Kind.SENT: None,
    Kind.DELAYED: None,
    Kind.DELIVERED: Word.DELIVERED,
    Kind.FAILED: Word.FAILED,
    Kind.REJECTED: Word.REJECTED,
    Kind.COMPLAINED: Word.COMPLAINED,
    Kind.OPTED_OUT: Word.OPTED_OUT,
    Kind.OPTED_IN: None,
}
_BOUNCES: Final = {
    Permanence.PERMANENT: Word.BOUNCED_PERMANENT,
    Permanence.TRANSIENT: Word.BOUNCED_TRANSIENT,
    Permanence.UNDETERMINED: Word.BOUNCED_UNDETERMINED,
    None: Word.BOUNCED_UNDETERMINED,
}
_TOLD: Final = frozenset(
    {
        MessageStatus.SENT,
        MessageStatus.DELAYED,
        MessageStatus.DELIVERED,
        MessageStatus.FAILED,
        MessageStatus.REJECTED,
        MessageStatus.BOUNCED,
        MessageStatus.COMPLAINED,
    }
)
"""To what events bring a message."""


# What counts


def counted(event: ReceivedEvent, known: Known, blamed: Credential, *, is_new: bool | None) -> Counted | None:
    """Where an event counts; None where it has counted before, or nobody can tell whether it has.

    ``is_new``: the history had it not; None where it does not stand there. A message counts as sent with the
    first that is told of it, so that one whose provider tells of no sending counts, too.
    """
    if is_new is False or (is_new is None and known.before is None):
        return None
    before = (known.before or frozenset()) & _TOLD
    status = next(iter(event.step.at)) if event.step is not None else None
    if status in before:
        return None
    word = _word(event.told, is_of_message=status is not None)
    words = ((Word.SENT,) if status is not None and not before else ()) + ((word,) if word else ())
    if not words:
        return None
    told, at = event.told, believed(event.told.occurred_at, event.received_at) or event.received_at
    account = f"/{event.account}" if event.account else ""
    user_id = known.message.user_id if known.message is not None else None
    for_good = event_rules.bounces_for_good(told)
    return Counted(
        words=words,
        week=week(at.astimezone(UTC).date()),
        domain=blamed.domain or told.channel.value,
        provider=f"{told.provider}{account}",
        cause=(told.cause or Cause.UNKNOWN) if word not in (None, Word.DELIVERED) else None,
        held=(blamed, user_id) if user_id is not None else None,
        sent_at=event_rules.sent_at(event, known.sent_at),
        for_good=for_good,
        code=(told.provider_code or told.smtp_status) if for_good else None,
    )


def _word(event: DeliveryEvent, *, is_of_message: bool) -> Word | None:
    """A text that the carrier refuses to who texted STOP has failed: nobody opts out by it."""
    if event.kind is Kind.OPTED_OUT and is_of_message:
        return Word.FAILED
    if event.cause is Cause.PROVIDER_SUPPRESSED and event.kind is not Kind.OPTED_OUT:
        return Word.SUPPRESSED
    return _BOUNCES[event.permanence] if event.kind is Kind.BOUNCED else _WORDS[event.kind]


type Place = tuple[By, str, str]
"""By what, in which week, under which name."""
OTHER: Final = ""
"""Under which name counts what is of too many names."""
_NAMES: Final = 50
UNKNOWN_SCHOOL: Final = "?"
"""Under which name counts what is of nobody whom we know."""


def numbers(
    events: Iterable[Counted], schools: Mapping[tuple[Credential, str], Iterable[str]] | None
) -> dict[Place, Counter[Word]]:
    """What to add where. A message to somebody of two schools counts at both.

    ``schools`` are those of whom the messages were for; None where they could not be asked for.
    """
    found: dict[Place, Counter[Word]] = {}
    for event in events:
        places = [(By.PROVIDER, event.provider), (By.DOMAIN, event.domain)]
        if schools is not None:
            of = schools.get(event.held, ()) if event.held is not None else ()
            places += [(By.SCHOOL, school) for school in of or (UNKNOWN_SCHOOL,)]
        for by, name in places:
            found.setdefault((by, event.week, name), Counter()).update(event.words)
        if event.cause is not None:
            why = (word for word in event.words if word is not Word.SENT)
            found.setdefault((By.CAUSE, event.week, event.cause), Counter()).update(why)
    return found


def largest(found: Mapping[Place, Counter[Word]]) -> dict[Place, Counter[Word]]:
    """The 50 largest names of each kind and week; what the others came to counts under no name."""
    kept: dict[Place, Counter[Word]] = {}
    names: Counter[tuple[By, str]] = Counter()
    for (by, week_, name), told in sorted(found.items(), key=lambda one: -one[1].total()):
        names[by, week_] += 1
        place = (by, week_, name if names[by, week_] <= _NAMES else OTHER)
        kept.setdefault(place, Counter()).update(told)
    return kept


# Weeks


def week(day: date) -> str:
    """The ISO week of a day, as it sorts: ``2026-W48``."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def weeks(first: date, last: date) -> tuple[str, ...]:
    """The ISO weeks of these days, the first to the last."""
    monday = _monday(first)
    return tuple(week(monday + timedelta(weeks=i)) for i in range((last - monday).days // 7 + 1))


def weeks_before(day: date) -> tuple[str, ...]:
    """The 26 ISO weeks before that of a day."""
    monday = _monday(day)
    return weeks(monday - timedelta(weeks=MOST_WEEKS), monday - timedelta(days=1))


def whole(first: date | None, last: date | None, now: datetime) -> tuple[date, date]:
    """From the Monday of the first week to the Sunday of the last: to this week where nobody says to when."""
    today = now.astimezone(UTC).date()
    last = max(_BEFORE, min(last or today, today))
    first = max(_BEFORE, first or last - timedelta(weeks=WEEKS - 1))
    return _monday(first), _monday(last) + timedelta(days=6)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# What is shown


def rows(
    by: By, counts: Iterable[tuple[str, str | None, Numbers]], *, tells_wishes: bool = True
) -> tuple[Row, ...]:
    """A row a name, most messages first, a row a week in their order; last what has no name.

    ``counts`` are numbers by week and name. Domains of few messages, and those after the first hundred, are
    summed: one may be one family's own. Who may not read of wishes gets None in their place.
    """
    found: dict[str | None, Counter[Word]] = {}
    for week_, name, told in counts:
        found.setdefault(week_ if by is By.WEEK else name, Counter()).update(told)
    nameless = found.pop(None, Counter())
    named = sorted((str(name), told) for name, told in found.items())
    if by is not By.WEEK:
        named.sort(key=lambda told: -_volume(told[1]))
    if by is By.DOMAIN:
        shown = [told for told in named if _volume(told[1]) >= LEAST][:TOP]
        names = {name for name, _ in shown}
        for name, told in named:
            if name not in names:
                nameless.update(told)
        named = shown
    rows_ = (_row(name, told) for name, told in (*named, *([(None, nameless)] if nameless else [])))
    return tuple(row if tells_wishes else _without_wishes(row) for row in rows_)


def _without_wishes(row: Row) -> Row:
    return replace(row, numbers=row.numbers | dict.fromkeys(_WISHES), complaint_share=None)


def _volume(told: Numbers) -> int:
    """Messages; of a cause, what it made of them."""
    return told.get(Word.SENT, 0) or sum(told.values())


def _row(name: str | None, told: Numbers) -> Row:
    return Row(
        name,
        dict[Word, int | None]({word: told.get(word, 0) for word in Word}),
        _share(told, Word.BOUNCED_PERMANENT),
        _share(told, Word.COMPLAINED),
    )


def _share(told: Numbers, word: Word) -> float | None:
    """Of those sent. Both are approximate, and a week may tell what the one before has sent: 1 at most."""
    sent = told.get(Word.SENT, 0)
    return round(min(told.get(word, 0) / sent, 1.0), 5) if sent else None
