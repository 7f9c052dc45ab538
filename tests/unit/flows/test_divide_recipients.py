"""A list is divided by its lines, as they come; nothing that stands in it stops or fills the function."""

import io
from itertools import islice
from typing import Any

import pytest

from reachable.flows import divide_recipients
from reachable.flows.divide_recipients import LINES_A_CHUNK, LINES_LIMIT
from reachable.model.details import Detail
from reachable.model.errors import Meaningless, TooLarge

LONG = 16 * 1024


def lines(body: bytes) -> list[bytes]:
    return list(divide_recipients.lines(io.BytesIO(body)))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", []),
        (b"a\nb\n", [b"a\n", b"b\n"]),
        (b"a\r\nb", [b"a\r\n", b"b"]),
        (b"a\n\nb\n", [b"a\n", b"\n", b"b\n"]),
        (b"\xef\xbb\xbfa\nb\n", [b"a\n", b"b\n"]),
        (b'"a\n"b\n', [b'"a\n', b'"b\n']),
        (b"\xff\n\x00\n", [b"\xff\n", b"\x00\n"]),
    ],
    ids=["nothing", "two", "CRLF, no last end", "a blank one", "a mark", "an open quotation", "no text"],
)
def test_a_line_ends_where_it_ends(body: bytes, told: list[bytes]) -> None:
    assert lines(body) == told


@pytest.mark.parametrize("length", [LONG - 1, LONG, LONG + 1, 3 * LONG - 1, 3 * LONG])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_that_is_too_long_becomes_one_that_cannot_be_read(length: int, end: bytes) -> None:
    """So that nobody reads its beginning as if it were all of it; those beside it stay as they are."""
    body = b"a" * (length - len(end)) + end
    told = lines(b"before\n" + body + (b"after\n" if end else b""))
    whole = length < LONG or (length == LONG and end)
    assert told == [b"before\n", body if whole else b"\xff\n", *([b"after\n"] if end else [])]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_refused(encoding: str) -> None:
    with pytest.raises(Meaningless) as refused:
        lines("\ufeffuser_id\nada\n".encode(encoding))
    assert refused.value.detail is Detail.NOT_UTF_8


class Endless(io.RawIOBase):
    """A stream that gives the same line as often as it is asked, and counts what it gave."""

    def __init__(self, line: bytes, times: int) -> None:
        self.line, self.left = line, len(line) * times
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer) // len(self.line) * len(self.line), self.left)
        buffer[:size] = self.line * (size // len(self.line))
        self.left -= size
        self.given += size
        return size


def test_of_ten_million_lines_one_chunk_is_held_at_a_time() -> None:
    """When a chunk is there, no more was read than it and what is before it: memory does not grow."""
    line, buffer = b"0123456789\n", 1024 * 11
    source = Endless(line, LINES_LIMIT)
    chunks = divide_recipients.chunks(divide_recipients.lines(io.BufferedReader(source, buffer)), 1)
    for chunk in islice(chunks, 100):
        asked = (chunk.number + 1) * LINES_A_CHUNK * len(line)
        assert asked <= source.given <= asked + buffer
    assert (chunk.number, chunk.first_line) == (99, 99 * LINES_A_CHUNK + 1)


def test_ten_million_lines_are_taken_and_one_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(divide_recipients, "LINES_LIMIT", 12_000)
    taken = list(divide_recipients.chunks(iter([b"x\n"] * 12_000), 2))
    assert [(one.number, one.first_line, len(one.lines)) for one in taken] == [
        (0, 2, 5_000),
        (1, 5_002, 5_000),
        (2, 10_002, 2_000),
    ]
    with pytest.raises(TooLarge):
        list(divide_recipients.chunks(iter([b"x\n"] * 12_001), 2))
