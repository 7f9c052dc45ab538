"""The providers' own lists of addresses that they refuse: looked up, and what may go removed.

One file a provider, named by its id, read like its dialect: the docstring names its source, then what its
words mean as data, then the calls. A file says its ``CHANNEL`` and has, as far as the provider has it

- ``look(address, account, times) -> list[Listing]``: the entries of one address, none where it is not listed;
  ``times`` are days around which to look, where the provider finds nothing by address;
- ``remove(listings, account) -> list[Hindrance | None]``: take these off, in the bulk form where there is
one;
  for each what keeps it there, None where it is gone;
- ``entries(account, cursor) -> Page[Listing]``: a page of the whole list;
- ``LIMIT``, the rate that the provider documents; ``CUT_AT``, how many entries it shows of a longer list;
- ``bulk(account) -> int``, of how many addresses one request takes off the list, where it is more than one;
- ``READS_WHOLE_LIST``, where a look reads many entries, since nothing finds one by its address;
- ``HINDRANCE``, where there is no ``remove``: what a person must do;
- ``TELLS_SPELLINGS``, where ``Ada@`` and ``ada@`` are two; ``BEHIND``, what keeps an address away though no
  list has it, by the code of a refusal, and for how long.

All may raise `PutOff` (throttled, down, out of reach; ``denied``: a key or a right of ours is missing) and
`ListUnclear` (an answer that the documentation does not have). No address is in either.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, UnknownProvider
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Limit, Listing, ListReason
from reachable.upstream._spelling import plain as plain

if TYPE_CHECKING:

    class _List(Protocol):
        """What a provider's file holds."""

        CHANNEL: Channel
        LIMIT: Limit
        HINDRANCE: Hindrance

        def look(self, address: str, account: Account, times: Sequence[datetime]) -> list[Listing]: ...
        def remove(self, listings: Sequence[Listing], account: Account) -> list[Hindrance | None]: ...
        def bulk(self, account: Account) -> int: ...
        def entries(self, account: Account, cursor: str | None) -> Page[Listing]: ...


def channel(provider: str) -> Channel:
    """What the addresses on a provider's list are reached by.

    Raises:
        UnknownProvider: there is no such provider.
    """
    return _list(provider).CHANNEL


def limit(provider: str) -> Limit | None:
    """The rate that a provider documents for removals; None where it tells none."""
    return getattr(_list(provider), "LIMIT", None)


def is_known(provider: str) -> bool:
    """Whether there is such a provider."""
    try:
        return bool(_list(provider))
    except UnknownProvider:
        return False


def is_quick(provider: str) -> bool:
    """Whether a look asks for one address, rather than reads a whole list: quick enough to be waited for."""
    return not getattr(_list(provider), "READS_WHOLE_LIST", False)


def cut_at(provider: str) -> int | None:
    """How many entries a provider shows of a longer list; None where it shows all."""
    return getattr(_list(provider), "CUT_AT", None)


def tells_spellings(provider: str) -> bool:
    """Whether a list holds ``Ada@`` and ``ada@`` for two: then each spelling is asked for."""
    return getattr(_list(provider), "TELLS_SPELLINGS", False)


def behind(provider: str) -> Mapping[str, tuple[Hindrance, timedelta | None]]:
    """By a provider's codes for a refusal: what no list that can be asked says, and for how long."""
    return getattr(_list(provider), "BEHIND", {})


def can_be_asked(provider: str) -> bool:
    """Whether a provider tells who is on its list."""
    return hasattr(_list(provider), "look")


def can_be_read(provider: str) -> bool:
    """Whether a provider shows its list whole."""
    return hasattr(_list(provider), "entries")


def hindrance(provider: str) -> Hindrance | None:
    """What a person must do where no call takes anybody off a provider's list; None where one does."""
    return getattr(_list(provider), "HINDRANCE", None)


def look(account: Account, address: str, times: Iterable[datetime] = ()) -> list[Listing]:
    """The entries of one address, as it is spelled; ``times`` are about when it may have been listed.

    Raises:
        PutOff: the provider does not answer now; ``denied``, where it does not let us.
        ListUnclear: it answers something that we do not understand.
    """
    found = _understood(lambda: _list(account.provider).look(address, account, sorted(set(times))))
    if any(plain(listing.address) != plain(address) for listing in found):
        raise ListUnclear("somebody_else")
    return found


def remove(account: Account, listings: Sequence[Listing]) -> list[Hindrance | None]:
    """Take entries that `look` or `entries` gave off the list; for each what keeps it there, None if gone.

    Raises:
        As `look`: nothing is known of any of them. It is safe to try again.
    """
    if not listings:
        return []
    return _understood(lambda: _list(account.provider).remove(listings, account))


def bulk(account: Account) -> int:
    """How many addresses one request takes off an account's list."""
    file = _list(account.provider)
    return file.bulk(account) if hasattr(file, "bulk") else 1


def remove_unseen(account: Account, address: str) -> None:
    """Take an address off that `look` may not have seen, where a provider has a call that lifts bounces
    alone.

    Raises:
        As `look`.
    """
    file = _list(account.provider)
    if hasattr(file, "remove_unseen"):
        file.remove_unseen(address, account)


def entries(account: Account, cursor: str | None = None) -> Page[Listing]:
    """A page of the whole list.

    Raises:
        As `look`.
    """
    return _understood(lambda: _list(account.provider).entries(account, cursor))


def _understood[A](ask: Callable[[], A]) -> A:
    """What a file makes of an answer, or of settings, that are of another make than documented: unclear."""
    try:
        return ask()
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as nonsense:
        raise ListUnclear(type(nonsense).__name__) from None  # its text may have anything


def of_csv(text: str, otherwise: ListReason | None = None) -> list[Listing]:
    """The entries of a file that a provider's console exports; ``otherwise`` where it tells no reason.

    Raises:
        Meaningless: no column has addresses, or a reason is told nowhere.
    """
    from reachable.upstream import _csv  # for ops alone

    return _csv.read(text, otherwise)


@cache
def _list(provider: str) -> "_List":
    if not provider.isidentifier() or provider.startswith("_"):
        raise UnknownProvider("There is no such provider.")
    try:
        return cast("_List", import_module(f"reachable.upstream.{provider}"))
    except ModuleNotFoundError as missing:
        if missing.name != f"reachable.upstream.{provider}":
            raise
        raise UnknownProvider("There is no such provider.") from missing
