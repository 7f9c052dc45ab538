"""Lists of bad credentials, as JSON and as CSV."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AwareDatetime

from reachable import words
from reachable.model.bad_credential import BadCredentialShown
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel
from reachable.model.page import Page
from reachable.model.status import time_of
from reachable.web.models.fields import Model, NamedOut, Time
from reachable.web.models.profiles import GuidanceOut
from reachable.words import Language

Since = Annotated[AwareDatetime | date, "a time, or a day from its beginning (UTC)"]


def since_of(told: datetime | date | None) -> datetime | None:
    """From when."""
    if told is None or isinstance(told, datetime):
        return told
    return datetime.combine(told, time(), UTC)


SCHOOLS_NAMED: Final = 10
"""Of a line: the central office is of every school, and an answer has 6 MB at most."""


class BadCredentialOut(Model):
    """Somebody and a credential that no longer reaches them.

    `open` is what of this credential still does, `reachable` by what the person can be reached at all.
    ``reason``, ``cause`` and ``since`` are null where the reader may not read why: then ``guidance`` says
    that the person does not want to be reached this way.
    """

    id: str
    sourced_id: str
    name: str
    schools: list[NamedOut]
    other_schools: int
    kind: CredentialKind
    value: str
    status: Literal["bad"] = "bad"
    open: list[Channel]
    reachable: list[Channel]
    cause: Cause | None
    reason: str | None
    since: Time | None
    shared: bool
    guidance: list[GuidanceOut]

    @classmethod
    def of(cls, shown: BadCredentialShown, language: Language, our_number: str | None) -> Self:
        line, newest = shown.line, shown.newest
        kind = line.credential.kind
        return cls(
            id=line.user_id,
            sourced_id=line.sourced_id,
            name=line.name,
            schools=[NamedOut.of(school) for school in shown.schools[:SCHOOLS_NAMED]],
            other_schools=max(len(shown.schools) - SCHOOLS_NAMED, 0),
            kind=kind,
            value=line.credential.address,
            open=list(shown.open),
            reachable=list(shown.reachable),
            cause=newest.cause if newest else None,
            reason=words.reason(newest.register.ground, newest.cause, kind, language) if newest else None,
            since=time_of(newest.at) if newest else None,
            shared=line.shared,
            guidance=[GuidanceOut.of(told, language, our_number) for told in shown.guidance],
        )


class BadCredentialsOut(Model):
    """A part of the lists."""

    items: list[BadCredentialOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[BadCredentialShown], language: Language, our_number: str | None) -> Self:
        items = [BadCredentialOut.of(shown, language, our_number) for shown in page.items]
        return cls(items=items, next_cursor=page.next_cursor)


COLUMNS: Final = (
    *(
        "sourced_id",
        "name",
        "schools",
        "kind",
        "value",
        "open",
        "reachable",
        "cause",
        "reason",
        "since",
        "shared",
    ),
    "what_to_do",
)


def rows(items: Iterable[BadCredentialOut]) -> Iterable[dict[str, Any]]:
    """The same as rows of a file."""
    for item in items:
        plain = item.model_dump(mode="json", include=set(COLUMNS))
        yield plain | {
            "schools": "; ".join([*(school.name for school in item.schools), *_others(item)]),
            "open": "; ".join(item.open),
            "reachable": "; ".join(item.reachable),
            "shared": "yes" if item.shared else "no",
            "what_to_do": " ".join(told.text for told in item.guidance),
        }


def _others(item: BadCredentialOut) -> list[str]:
    return [f"+{item.other_schools}"] if item.other_schools else []
