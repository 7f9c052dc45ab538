"""A provider's list read to its end."""

from reachable import upstream
from reachable.model.upstream import Account, Listing


def whole(account: Account) -> list[tuple[Listing, ...]]:
    """Its pages; a list that has no end is an error."""
    pages: list[tuple[Listing, ...]] = []
    cursor = None
    for _ in range(20):
        page = upstream.entries(account, cursor)
        pages.append(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return pages
    raise AssertionError("no end")
