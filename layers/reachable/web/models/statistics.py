"""Statistics, as JSON and as CSV."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Literal, Self

from pydantic import Field

from reachable.model.delivery_event import Cause
from reachable.model.statistics import By, RowShown, Statistics, Word
from reachable.web.models.fields import Model, NamedOut


class CountsOut(Model):
    """How many messages came to what. Of those sent, `bounced_permanent` and `complained` have a share.

    `complained`, `opted_out` and `complaint_share` are null without the extended permission.
    """

    school: NamedOut | None = None
    domain: str | None = None
    provider: str | None = None
    account: str | None = None
    cause: Cause | None = None
    week: str | None = None
    sent: int
    delivered: int
    bounced_permanent: int
    bounced_transient: int
    bounced_undetermined: int
    failed: int
    rejected: int
    suppressed: int
    complained: int | None
    opted_out: int | None
    bounce_share: float | None
    complaint_share: float | None

    @classmethod
    def of(cls, shown: RowShown, by: By) -> Self:
        row = shown.row
        numbers: dict[str, Any] = {word.value: row.numbers[word] for word in Word}
        return cls(
            **_names(shown, by),
            **numbers,
            bounce_share=row.bounce_share,
            complaint_share=row.complaint_share,
        )


def _names(shown: RowShown, by: By) -> dict[str, Any]:
    match by, shown.row.name:
        case By.SCHOOL, _:
            return {"school": NamedOut.of(shown.school) if shown.school is not None else None}
        case By.PROVIDER, str() as name:
            provider, _, account = name.partition("/")
            return {"provider": provider, "account": account or None}
        case _, name:
            return {by.value: name}


class StatisticsOut(Model):
    """What became of messages of whole weeks, by `by`; a null name is the sum of all others."""

    approximate: Literal[True] = True
    from_: date = Field(serialization_alias="from")
    to: date
    by: By
    items: list[CountsOut]

    @classmethod
    def of(cls, statistics: Statistics) -> Self:
        items = [CountsOut.of(shown, statistics.by) for shown in statistics.rows]
        return cls(from_=statistics.first, to=statistics.last, by=statistics.by, items=items)


def columns(by: By) -> tuple[str, ...]:
    """Of a file: the names, then the numbers."""
    return (*_COLUMNS.get(by, (by.value,)), *Word, "bounce_share", "complaint_share")


_COLUMNS: Final = {By.SCHOOL: ("sourced_id", "school"), By.PROVIDER: ("provider", "account")}


def rows(items: Iterable[CountsOut], by: By) -> Iterable[dict[str, Any]]:
    """The same as rows of a file."""
    for item in items:
        school = item.school
        plain = item.model_dump(mode="json")
        plain |= {"sourced_id": school and school.sourced_id, "school": school and school.name}
        yield {name: plain[name] for name in columns(by)}
