"""Show what became of messages, in numbers."""

from collections.abc import Iterable
from datetime import date, datetime

from reachable.model.details import Detail
from reachable.model.errors import Forbidden, Meaningless
from reachable.model.guidance import Audience
from reachable.model.people import School
from reachable.model.statistics import By, RowShown, Statistics, Word
from reachable.model.viewer import Viewer
from reachable.rules import disclosure, permissions
from reachable.rules import statistics as statistics_rules
from reachable.store import audit, statistics
from reachable.store.roster import records


def by(by_: By, first: date | None, last: date | None, viewer: Viewer, now: datetime) -> Statistics:
    """The numbers of these days' whole weeks. 4 Queries a week; the schools by a BatchGetItem.

    Who does not see the district sees their own schools' numbers alone: a domain may be one family's own,
    and of the rest they could do nothing about it. Who said that they want no messages is not told, in any
    number, without the extended permission.

    Raises:
        Forbidden: it is not by school, and the viewer does not see the district.
        Meaningless: the last day is before the first, or there are more weeks than one answer tells.
    """
    sees_all = permissions.sees_district(viewer)
    if by_ is not By.SCHOOL and not sees_all:
        raise Forbidden(Detail.ONLY_BY_SCHOOL)
    first, last = statistics_rules.whole(first, last, now)
    weeks = statistics_rules.weeks(first, last)
    if not 1 <= len(weeks) <= statistics_rules.MOST_WEEKS:
        raise Meaningless(Detail.TOO_MANY_WEEKS, "/from", most=str(statistics_rules.MOST_WEEKS))
    # Each message counts at one provider, so that their sums are the weeks'.
    counts = statistics.read(By.PROVIDER if by_ is By.WEEK else by_, weeks)
    extended = disclosure.audience(viewer) is Audience.EXTENDED
    seen = [count for count in counts if sees_all or count[1] in viewer.schools]
    schools = _schools(name for _, name, _ in seen) if by_ is By.SCHOOL else {}
    found = statistics_rules.rows(
        by_,
        (
            (week, name if by_ is not By.SCHOOL or name in schools else None, _words(numbers))
            for week, name, numbers in seen
            if extended or not (by_ is By.CAUSE and disclosure.is_said_by_the_person(name))
        ),
        tells_wishes=extended,
    )
    shown = tuple(RowShown(row, schools.get(row.name) if row.name else None) for row in found)
    details = {"by": by_.value, "from": first.isoformat(), "to": last.isoformat()}
    audit.write(audit.AuditRecord(at=now, act=audit.Act.VIEWED_STATISTICS, by=viewer.id, details=details))
    return Statistics(by_, first, last, shown)


def _words(numbers: dict[str, int]) -> dict[Word, int]:
    return {Word(name): number for name, number in numbers.items()}


def _schools(names: Iterable[str | None]) -> dict[str, School]:
    """Those of them that the roster has: what was of a school that has left it is of none."""
    known = {name for name in names if name is not None and name != statistics_rules.UNKNOWN_SCHOOL}
    return {school.id: school for school in records.schools(known)}
