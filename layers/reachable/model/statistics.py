"""What became of messages, in numbers: by school, receiving domain, provider, cause and week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause
from reachable.model.people import School


class By(StrEnum):
    """By what is counted."""

    SCHOOL = "school"
    DOMAIN = "domain"
    PROVIDER = "provider"
    CAUSE = "cause"
    WEEK = "week"


class Word(StrEnum):
    """What is counted. ``suppressed``: the provider did not even try, so that no bounce share has it."""

    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED_PERMANENT = "bounced_permanent"
    BOUNCED_TRANSIENT = "bounced_transient"
    BOUNCED_UNDETERMINED = "bounced_undetermined"
    FAILED = "failed"
    REJECTED = "rejected"
    SUPPRESSED = "suppressed"
    COMPLAINED = "complained"
    OPTED_OUT = "opted_out"


type Numbers = Mapping[Word, int]
"""How many of each."""


@dataclass(frozen=True, slots=True)
class Counted:
    """An event that is told for the first time, and where it counts.

    ``cause`` is None of what is no failure; ``held`` whose message it is, by what they were reached: their
    schools count it. ``sent_at`` is when its message went out, as far as anybody tells. ``for_good``: it
    bounced permanently, which closes the address; then ``code`` is the provider's own, else the SMTP status.
    """

    words: tuple[Word, ...]
    week: str
    domain: str
    provider: str
    cause: Cause | None
    held: tuple[Credential, str] | None
    sent_at: datetime
    for_good: bool = False
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What one name came to, or a week, or (``name`` None) all whose names are not told or not known.

    A number is None that the reader may not see.
    """

    name: str | None
    numbers: dict[Word, int | None]
    bounce_share: float | None
    complaint_share: float | None


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row, and the school of whose it is."""

    row: Row
    school: School | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """The answer: whole weeks, from a Monday to a Sunday."""

    by: By
    first: date
    last: date
    rows: tuple[RowShown, ...]
