"""Pages of lists: of several lists of one account, one after the other; and addresses in lots."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import batched

from reachable.model.errors import ListUnclear
from reachable.model.page import Page
from reachable.model.upstream import Listing


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


def read_token(cursor: str | None, places: Iterable[str]) -> tuple[str, str | None]:
    """The list and the provider's own token in it that a cursor means, None at the list's beginning.

    Raises:
        ListUnclear: it is none of ours.
    """
    known = list(places)
    place, _, token = (cursor or f"{known[0]} ").rpartition(" ")
    if place not in known:
        raise ListUnclear("no_cursor")
    return place, token or None


def after_token(place: str, token: str | None, places: Iterable[str]) -> str | None:
    """Where to go on: at the provider's token, if it gave one; else the next list; None at the end."""
    if token:
        return f"{place} {token}"
    following = next_of(list(places), place)
    return None if following is None else f"{following} "


def each(read_page: Callable[[str | None], Page[Listing]]) -> Iterator[Listing]:
    """The entries of all pages, each page read when it is come to."""
    cursor: str | None = None
    while True:
        page = read_page(cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return
