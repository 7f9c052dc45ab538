"""Pages of lists: of several lists of one account, one after the other; and addresses in lots."""

from collections.abc import Iterable, Sequence
from itertools import batched

from reachable.model.errors import ListUnclear


def of(addresses: Iterable[str], most: int) -> list[list[str]]:
    """Addresses in lots of so many; no lot is empty."""
    return [list(some) for some in batched(addresses, most, strict=False)]


def read(cursor: str | None, places: Iterable[str]) -> tuple[str, int]:
    """The list and the offset that a cursor means: at first the first list's beginning.

    Raises:
        ListUnclear: it is none of ours.
    """
    known = list(places)
    place, _, offset = (cursor or f"{known[0]} 0").rpartition(" ")
    if place not in known or not offset.isdecimal():
        raise ListUnclear("no_cursor")
    return place, int(offset)


def after(place: str, offset: int, found: int, page: int, places: Iterable[str]) -> str | None:
    """Where to go on: a whole page may have another after it; else the next list; None at the end."""
    if found >= page:
        return f"{place} {offset + found}"
    following = next_of(list(places), place)
    return None if following is None else f"{following} 0"


def next_of(places: Sequence[str], place: str) -> str | None:
    """The list after this one; None after the last."""
    later = places[places.index(place) + 1 :]
    return later[0] if later else None
