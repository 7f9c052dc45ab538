"""A part of a list: how much one answer has, the same for every list, and where to go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

PAGE: Final = 50
"""Where the caller does not say."""
PAGE_LIMIT: Final = 200


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A part of a list; ``next_cursor`` asks for the part after it, None where there is none."""

    items: tuple[T, ...]
    next_cursor: str | None = None

    @classmethod
    def of(cls, items: Sequence[T], limit: int, cursor: Callable[[T], str]) -> "Page[T]":
        """The first ``limit`` of items of which one more was read, if there is one: so it is known to be."""
        shown = tuple(items[:limit])
        return cls(shown, cursor(shown[-1]) if len(items) > limit else None)
