"""Pages of several lists, one after the other, and addresses in lots."""

import pytest

from reachable.model.errors import ListUnclear
from reachable.model.page import Page
from reachable.model.upstream import Listing, ListReason
from reachable.upstream import _pages

LISTS = ("bounces", "my list", "spam")


def test_addresses_in_lots_and_no_lot_is_empty() -> None:
    assert _pages.of(["a", "b", "c"], 2) == [["a", "b"], ["c"]]
    assert _pages.of(["a", "b"], 2) == [["a", "b"]]
    assert _pages.of([], 2) == []


@pytest.mark.parametrize(
    ("cursor", "read"),
    [
        (None, ("bounces", 0)),
        ("bounces 500", ("bounces", 500)),
        ("my list 0", ("my list", 0)),
        ("spam 7", ("spam", 7)),
    ],
)
def test_where_a_cursor_is(cursor: str | None, read: tuple[str, int]) -> None:
    assert _pages.read(cursor, LISTS) == read


@pytest.mark.parametrize("cursor", ["bounces", "bounces x", "bounces -1", "other 5", "bounces ", " 5"])
def test_a_cursor_of_somebody_else_is_unclear(cursor: str) -> None:
    with pytest.raises(ListUnclear) as unclear:
        _pages.read(cursor, LISTS)
    assert unclear.value.code == "no_cursor"


@pytest.mark.parametrize(
    ("place", "found", "following"),
    [
        ("bounces", 50, "bounces 150"),
        ("bounces", 49, "my list 0"),
        ("bounces", 0, "my list 0"),
        ("my list", 1, "spam 0"),
        ("spam", 50, "spam 150"),
        ("spam", 49, None),
    ],
)
def test_a_whole_page_may_have_another_after_it(place: str, found: int, following: str | None) -> None:
    assert _pages.after(place, 100, found, 50, LISTS) == following


@pytest.mark.parametrize(
    ("cursor", "read"),
    [
        (None, ("bounces", None)),
        ("bounces ", ("bounces", None)),
        ("bounces eyJ2IjoxfQ==", ("bounces", "eyJ2IjoxfQ==")),
        ("my list ", ("my list", None)),
        ("my list t", ("my list", "t")),
    ],
)
def test_where_a_cursor_with_a_token_is(cursor: str | None, read: tuple[str, str | None]) -> None:
    assert _pages.read_token(cursor, LISTS) == read


@pytest.mark.parametrize("cursor", ["bounces", "other t", " t", "t"])
def test_a_token_of_no_list_is_unclear(cursor: str) -> None:
    with pytest.raises(ListUnclear) as unclear:
        _pages.read_token(cursor, LISTS)
    assert unclear.value.code == "no_cursor"


@pytest.mark.parametrize(
    ("place", "token", "following"),
    [
        ("bounces", "t", "bounces t"),
        ("bounces", None, "my list "),
        ("bounces", "", "my list "),
        ("spam", "t", "spam t"),
        ("spam", None, None),
    ],
)
def test_a_list_goes_on_while_there_is_a_token(place: str, token: str | None, following: str | None) -> None:
    assert _pages.after_token(place, token, LISTS) == following


def test_the_entries_of_all_pages_each_read_when_it_is_come_to() -> None:
    one, two = (Listing(address=name, reason=ListReason.MANUAL) for name in ("a", "b"))
    pages = {None: Page((one,), "x"), "x": Page[Listing]((), "y"), "y": Page((two,))}
    read: list[str | None] = []

    def page(cursor: str | None) -> Page[Listing]:
        read.append(cursor)
        return pages[cursor]

    entries = _pages.each(page)
    assert (next(entries), read) == (one, [None])
    assert (list(entries), read) == ([two], [None, "x", "y"])
