"""Divide a list of recipients into chunks: by its lines, as they come, without reading what they say.

A line is a row: no field of a recipient has a line break in it. So a stray quotation mark spoils its own
line alone, whatever stands in it, and line numbers are those that an editor shows.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BufferedIOBase
from itertools import batched
from typing import Final

from reachable.model.details import Detail
from reachable.model.errors import Meaningless, TooLarge

LINES_A_CHUNK: Final = 5_000
"""Five calls' worth: some seconds of a child, and one that fails costs little."""
LINES_LIMIT: Final = 10_000_000
_LONGEST: Final = 16 * 1024
"""Bytes of a line: far over the longest row, and all that an object without line ends can take of memory."""
_UNREADABLE: Final = b"\xff\n"
"""Stands for a line that is too long: no UTF-8, so that nobody can read it as something else."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines of a list, with their ends; ``first_line`` is the first one's number, from 1."""

    number: int
    first_line: int
    lines: tuple[bytes, ...]


def lines(stream: BufferedIOBase) -> Iterator[bytes]:
    """The lines of an object, without the mark by which some programs begin UTF-8.

    Raises:
        Meaningless: it is UTF-16, as spreadsheets write "Unicode text".
    """
    first = _line(stream)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Meaningless(Detail.NOT_UTF_8)
    if first:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from iter(partial(_line, stream), b"")


def chunks(rows: Iterator[bytes], first_line: int) -> Iterator[Chunk]:
    """The chunks of all lines that are left, the first of which has this number. One is held at a time.

    Raises:
        TooLarge: there are more than 10,000,000.
    """
    for number, batch in enumerate(batched(rows, LINES_A_CHUNK, strict=False)):
        before = number * LINES_A_CHUNK
        if before + len(batch) > LINES_LIMIT:
            raise TooLarge(Detail.TOO_MANY_LINES, limit=f"{LINES_LIMIT:,}")
        yield Chunk(number, first_line + before, batch)


def _line(stream: BufferedIOBase) -> bytes:
    """The next line; nothing at the end."""
    line = stream.readline(_LONGEST)
    if len(line) < _LONGEST or line.endswith(b"\n"):
        return line
    while (rest := stream.readline(_LONGEST)) and not rest.endswith(b"\n"):
        pass
    return _UNREADABLE
