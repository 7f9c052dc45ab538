"""Times as the providers' lists tell them."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_MILLISECONDS: Final = 100_000_000_000
"""A number from here on counts milliseconds since 1970: in seconds it would be the year 5138."""

_FIRST_YEAR: Final = 2000
_DAY_DIGITS: Final = 8
"""``20231114`` is a day (ISO 8601), not a number of seconds."""


def read(told: object) -> datetime | None:
    """ISO 8601, seconds or milliseconds since 1970, or RFC 2822; UTC where no zone is told.

    None for nothing, and for what is none of these or lies before the year 2000, when no such list was kept:
    an entry counts without its date.
    """
    match told:
        case datetime():
            found: datetime | None = told
        case bool():
            found = None
        case int() | float():
            found = _of_number(told)
        case str():
            found = _of_text(told.strip())
        case _:
            found = None
    if found is None or found.year < _FIRST_YEAR:
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:  # the year 0 or 10000
        return None


def _of_text(text: str) -> datetime | None:
    text = text.removesuffix("UTC").strip()
    whole = text.partition(".")[0]
    if text.replace(".", "", 1).isdecimal() and len(whole) > _DAY_DIGITS:
        return _of_number(float(text))
    for read_ in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read_(text)
        except ValueError:
            continue
    return None


def _of_number(number: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None
