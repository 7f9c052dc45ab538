"""A provider's list, read to its end."""

from reachable import upstream
from reachable.model.upstream import Account, Listing

_MOST = 20
"""Pages, more than any test has."""


def pages(account: Account) -> list[list[Listing]]:
    """What is on each page."""
    found: list[list[Listing]] = []
    cursor = None
    for _ in range(_MOST):
        page = upstream.entries(account, cursor)
        found.append(list(page.items))
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise AssertionError("It never ends.")
