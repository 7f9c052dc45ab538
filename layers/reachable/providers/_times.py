"""The forms in which providers write a time; each gives an aware UTC time or raises ValueError."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_MILLISECONDS_FROM: Final = 10**11
"""A count below is of seconds (until the year 5138), one above of milliseconds (from March 1973)."""


def iso(value: object) -> datetime:
    """``2026-09-14T08:30:04.501Z``, with an offset, or ``2026-09-14 08:30:04.501``, which is in UTC."""
    if not isinstance(value, str):
        raise ValueError("no text")  # noqa: TRY004 - one error for whatever is no time
    told = datetime.fromisoformat(value)
    if told.tzinfo is UTC:
        return told
    try:
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except OverflowError as problem:
        raise ValueError("out of range") from problem


def compact(value: object) -> datetime:
    """``20260914083004``, in UTC."""
    if not isinstance(value, str):
        raise ValueError("no text")  # noqa: TRY004 - one error for whatever is no time
    return datetime.strptime(value, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def epoch(value: object) -> datetime:
    """Seconds or milliseconds since 1970, as a number or as text; 0 is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError("no number")  # noqa: TRY004 - one error for whatever is no time
    try:
        count = float(value)
        if count <= 0:
            raise ValueError("no time")
        return datetime.fromtimestamp(count if abs(count) < _MILLISECONDS_FROM else count / 1000, UTC)
    except (OverflowError, OSError) as problem:
        raise ValueError("out of range") from problem


def rfc2822(value: object) -> datetime:
    """``Wed, 02 Aug 2017 20:34:32 +0000``; without a zone it is in UTC."""
    if not isinstance(value, str):
        raise ValueError("no text")  # noqa: TRY004 - one error for whatever is no time
    try:
        told = parsedate_to_datetime(value)
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (OverflowError, TypeError, IndexError) as problem:
        raise ValueError("no date") from problem
