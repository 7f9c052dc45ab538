"""A provider's own list beside ours: how each address stands on both, and what taking it over came to."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from reachable.model.status import Block
from reachable.model.upstream import Listing


class Difference(StrEnum):
    """How an entry of the list stands here."""

    SAME = "same"
    """It is closed here, too."""
    ONLY_THERE = "only_there"
    """Nothing closed it here."""
    RESET_HERE = "reset_here"
    """It was closed here and is open again, and the provider still lists it."""
    ONLY_HERE = "only_here"
    """It is closed here by what this provider told, and not on its list."""


@dataclass(frozen=True, slots=True)
class Compared:
    """An address on one of the two lists, or on both."""

    address: str
    difference: Difference
    held: bool
    listing: Listing | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(slots=True)
class Report:
    """What came of it, in numbers and by address.

    ``differences`` are those that are not the same on both lists; ``not_held`` the addresses that nobody of
    ours has, each once; ``unreadable`` the entries that name no address. ``left_off`` counts what is not
    shown of them. ``incomplete``: the provider shows a part of its list only.
    ``next_cursor`` is where to go on, where the time was too short.
    """

    entries: int = 0
    over: int = 0
    by_difference: Counter[Difference] = field(default_factory=Counter)
    differences: list[Compared] = field(default_factory=list)
    not_held: dict[str, None] = field(default_factory=dict)
    unreadable: dict[str, None] = field(default_factory=dict)
    taken: int = 0
    left_off: int = 0
    incomplete: bool = False
    next_cursor: str | None = None
