"""The environment, read in one place, typed, failing with the variable's name.

An I/O module asks at import for its own table or queue, so what a function needs follows from what it
imports; ``tests/unit/test_template.py`` compares that with template.yaml, where the defaults stand.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class MissingSetting(RuntimeError):
    """A function was deployed without a variable that it needs."""

    def __init__(self, name: str) -> None:
        super().__init__(f"environment variable {name} is not set")


class WrongSetting(RuntimeError):
    """A function was deployed with a variable that does not mean anything."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"environment variable {name} cannot be {value!r}")


def text(name: str) -> str:
    """The value of a variable that must be there.

    Raises:
        MissingSetting: it is not, or it is empty.
    """
    value = os.environ.get(name, "")
    if not value:
        raise MissingSetting(name)
    return value


def typed[T](name: str, of: Callable[[str], T]) -> T:
    """What a variable that must be there means: ``of`` is ``int``, ``float``, an enum ...

    Raises:
        MissingSetting: it is not there, or it is empty.
        WrongSetting: it is none of those.
    """
    return _read(name, text(name), of)


@overload
def optional(name: str, default: str) -> str: ...
@overload
def optional[T, D](name: str, default: D, of: Callable[[str], T]) -> T | D: ...
def optional(name: str, default: object, of: Callable[[str], object] = str) -> object:
    """What a variable means; the default where it is not there, or empty.

    Raises:
        WrongSetting: it means nothing.
    """
    value = os.environ.get(name, "")
    return _read(name, value, of) if value else default


def each[T](name: str, of: Callable[[str], T]) -> list[T]:
    """What a variable means that holds words with commas between them; nothing where it is not there.

    Raises:
        WrongSetting: one of them means nothing.
    """
    words = filter(None, (word.strip() for word in optional(name, "").split(",")))
    return [_read(name, word, of) for word in words]


def zone(name: str) -> "ZoneInfo":
    """A time zone by its name in the IANA database, such as ``America/Chicago``.

    Raises:
        ValueError: there is none.
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # late: most functions have no use for it

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as unknown:  # a folder, such as America; too long
        raise ValueError(name) from unknown


def _read[T](name: str, value: str, of: Callable[[str], T]) -> T:
    try:
        return of(value)
    except ValueError as wrong:
        raise WrongSetting(name, value) from wrong
