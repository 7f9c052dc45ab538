"""One CSV file of an export: from its bytes to lines of fields, with everything checked on the way.

What bites in real exports is met here: a byte order mark, Windows-1252, one letter of it in UTF-8, UTF-16
without its mark, columns in any order, case and spelling, line breaks inside quotes, quotation marks that do
not fit, lines of commas alone, lines that a spreadsheet has cut short. A line that cannot be read costs
itself alone.
"""

import csv
import difflib
import io
import re
import string
import zipfile
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import IO, Final

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster.problems import ID_LIMIT, Problems
from reachable.oneroster.vocabulary import RESEMBLING, SYNONYMS, FileColumns

READ_AGAIN_LIMIT: Final = 128 * 1024**2
"""Characters after open quotation marks that are read again: each mark takes up to 128 KB with it."""
_BLOCK: Final = 1024**2
_STRAY: Final = re.compile("[\udc80-\udcff]")
"""Bytes that are no UTF-8, as Python carries them (PEP 383)."""
_STRAYS_A_LETTER: Final = 10
"""In a file of both encodings; "É”" in Windows-1252 looks like a letter of UTF-8 as well, but is rare."""
_BESIDE_LETTERS: Final = re.compile(r"[^a-z0-9.]")
_ALIKE: Final = 0.8
_FIRST_BYTES: Final = 512
_NOTHING: Final = string.whitespace + "\0\x1a\u00a0\ufeff"
_SEPARATORS: Final = {";": ";", "\t": "TAB", "|": "|"}

type Fields = tuple[str, ...]


@dataclass(slots=True)
class Unread:
    """The lines of a file that could not be read, and whose they are."""

    kinds: Counter[ProblemKind] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    nameless: bool = False
    """Whether of one of them the id cannot be read: it may be anybody's."""

    @property
    def lines(self) -> int:
        """How many there are."""
        return self.kinds.total()

    def add(self, kind: ProblemKind, sourced_id: str | None) -> None:
        """Count one."""
        self.kinds[kind] += 1
        if sourced_id:
            self.ids.add(sourced_id)
        else:
            self.nameless = True


@dataclass(frozen=True, slots=True)
class _Text:
    """How a file's bytes become text."""

    encoding: str
    errors: str = "strict"

    def of(self, raw: IO[bytes]) -> io.TextIOWrapper:
        return io.TextIOWrapper(raw, self.encoding, self.errors, newline="")


_UTF_8: Final = _Text("utf-8-sig")
_MOSTLY_UTF_8: Final = _Text("utf-8-sig", "surrogateescape")
_WINDOWS: Final = _Text("cp1252")
_MOSTLY_WINDOWS: Final = _Text("cp1252", "surrogateescape")
"""Five bytes are no letter there."""


def read(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    columns: FileColumns,
    needed: Collection[str],
    problems: Problems,
    unread: Unread,
) -> Iterator[tuple[int, Fields]]:
    """The lines of one file: the line's number and the fields of ``columns``, in their order, trimmed.

    An optional column that is not there gives blanks; one of ``needed`` ends the reading. A line that cannot
    be read is noted in ``unread``. ``columns`` begins with the id.
    """
    name = f"{columns.file}.csv"
    how = _how(archive, member, name, problems)
    if how is None:
        return
    with archive.open(member) as raw, how.of(raw) as text:
        yield from _Sheet(text, columns, problems, unread, guess=how.errors != "strict").lines(needed)


class _Sheet:
    """A file's text, record by record. ``record`` are the lines of text that the present one spans."""

    def __init__(
        self, text: Iterator[str], columns: FileColumns, problems: Problems, unread: Unread, *, guess: bool
    ) -> None:
        self.columns = columns
        self.name = f"{columns.file}.csv"
        self.problems = problems
        self.unread = unread
        self.guess = guess
        self.record: list[str] = []
        self.again: deque[str] = deque()
        self.text = text
        self.reader = csv.reader(self._physical(), strict=True)
        self.end = 0
        self.top = 0
        """The line where the header ends."""
        self.read_again = 0
        self.doubted: tuple[int, int, Fields] | None = None
        """A line that is shorter or longer than it should be, its number and the fields that it has. The next
        one shows whether it is half of a line that was broken, or has a comma too many in the middle."""
        self.widths: set[int] = set()
        """Fields of lines that are longer than the header by commas alone."""

    def _physical(self) -> Iterator[str]:
        """The lines of text; first those that a broken record had taken with it."""
        record, again = self.record, self.again
        while again:
            line = again.popleft()
            record.append(line)
            yield line
        for line in self.text:
            record.append(line)
            yield line

    def lines(self, needed: Collection[str]) -> Iterator[tuple[int, Fields]]:
        header = self._header()
        places = _places(header, self.columns, needed, self.name, self.problems) if header else None
        if header is None or places is None:
            return
        self.pick, self.full, self.id_place = itemgetter(*places), len(header), places[0]
        self.least = max(places[self.columns.names.index(column)] for column in needed) + 1
        record, pick, full, strip = self.record, self.pick, self.full, str.strip
        while self.read_again <= READ_AGAIN_LIMIT:
            try:
                for cells in self.reader:
                    # Nearly all lines; the rest is looked at more closely.
                    if (
                        len(cells) == full
                        and len(record) == 1
                        and cells[0].strip()
                        and not self.guess
                        and self.doubted is None
                    ):
                        record.clear()
                        self.end += 1
                        cells.append("")
                        yield self.end, tuple(map(strip, pick(cells)))
                    else:
                        yield from self._looked_at(cells)
            except csv.Error:
                self._break()
            else:
                yield from self._last()
                return
        self.problems.add(ProblemKind.TOO_MUCH_UNREAD, self.name, self.end, figures=f"{self.unread.lines}")

    def _header(self) -> list[str] | None:
        """The first line that is not blank; None where none is there."""
        try:
            for cells in self.reader:
                self.end += len(self.record)
                self.record.clear()
                if not _is_blank(cells):
                    self.top = self.end
                    return cells
        except csv.Error:
            self.problems.add(ProblemKind.COLUMN_MISSING, self.name, self.end + 1)
            return None
        self.problems.add(ProblemKind.FILE_EMPTY, self.name)
        return None

    def _looked_at(self, cells: list[str]) -> Iterator[tuple[int, Fields]]:
        """A record that is not as most are: blank, short, long, of several lines, or with strange bytes."""
        if _has_swallowed(cells, self.full):
            raise csv.Error
        line = self.end + 1
        self.end += len(self.record)
        self.record.clear()
        if _is_blank(cells):
            return  # a blank line, or one of commas, as spreadsheets leave them
        width = len(cells)
        if width > self.full and not any(cells[self.full :]):
            del cells[self.full :]
        if not self.least <= len(cells) <= self.full:
            yield from self._settled(half=len(cells) < self.full)
            # Before the column of the id a comma too many or too few would make another's id of it.
            self._lose(ProblemKind.FIELD_COUNT, line, cells[0].strip() if self.id_place == 0 else None)
            return
        if self.doubted is not None and self.doubted[1] == width > self.full:
            self.widths.add(width)
        yield from self._settled()
        found = self._fields(line, cells + [""] * (self.full - len(cells) + 1))
        if found is None:
            return
        if width == self.full or width in self.widths:
            yield line, found
        else:
            self.doubted = (line, width, found)

    def _settled(self, *, half: bool = False) -> Iterator[tuple[int, Fields]]:
        """The line that was doubted, now that the next one is known: whether as long, or another half."""
        if self.doubted is not None:
            line, width, fields = self.doubted
            self.doubted = None
            if width in self.widths or (width < self.full and not half):
                yield line, fields
            else:
                self._lose(ProblemKind.FIELD_COUNT, line, fields[0])

    def _last(self) -> Iterator[tuple[int, Fields]]:
        """The line that was doubted, if no other followed; a longer one may be the only one."""
        if self.doubted is not None and self.doubted[0] == self.top + 1:
            self.widths.add(self.doubted[1])
        yield from self._settled()

    def _fields(self, line: int, cells: list[str]) -> Fields | None:
        """The fields of a line; bytes that are no UTF-8 are taken as Windows-1252, but not in an id."""
        if self.guess and any(_STRAY.search(cell) for cell in cells):
            if _STRAY.search(cells[self.id_place]):
                self._lose(ProblemKind.ID_MISSING, line, None)
                return None
            cells = [_STRAY.sub(_of_windows, cell) for cell in cells]
            theirs = cells[self.id_place].strip()
            self.problems.add(ProblemKind.LETTERS_GUESSED, self.name, line, None, theirs)
        return tuple(map(str.strip, self.pick(cells)))

    def _break(self) -> None:
        """Give up a record whose quotation marks do not fit: its first line is lost, the rest read anew."""
        self.read_again += sum(map(len, self.record)) - len(self.record[0])
        self.end += 1
        self._lose(ProblemKind.CSV_UNREADABLE, self.end, self._id_of(self.record[0]))
        self.again.extendleft(reversed(self.record[1:]))
        self.record.clear()
        self.reader = csv.reader(self._physical(), strict=True)  # the other may be at the end of the text

    def _id_of(self, line: str) -> str | None:
        """The id of a line of unfitting quotation marks: the first field, where the marks begin after it."""
        first, comma, _ = line.partition(",")
        plain = first.strip()
        if len(plain) > 1 and plain[0] == plain[-1] == '"':
            plain = plain[1:-1]
        return plain if comma and '"' not in plain and self.id_place == 0 else None

    def _lose(self, kind: ProblemKind, line: int, sourced_id: str | None) -> None:
        if sourced_id is not None and (len(sourced_id) > ID_LIMIT or _STRAY.search(sourced_id)):
            sourced_id = None
        self.unread.add(kind, sourced_id)
        self.problems.add(kind, self.name, line, None, sourced_id or None)


def _has_swallowed(cells: Sequence[str], full: int) -> bool:
    """Whether a record of several lines is one line with an open quotation mark and what came after it."""
    commas = full - 1 if len(cells) == full else 1
    return any(("\n" in cell or "\r" in cell) and cell.count(",") >= commas for cell in cells)


def _is_blank(cells: Sequence[str]) -> bool:
    """Whether a line says nothing: blanks, and the zeros and marks with which old programs end a file."""
    return not any(cell.strip(_NOTHING) for cell in cells)


def _of_windows(stray: re.Match[str]) -> str:
    return bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace")


def _folded(column: str) -> str:
    """A column's name as people tell names apart: ``Agent Source ID`` is ``agentSourcedIds``."""
    return _BESIDE_LETTERS.sub("", column.casefold()).replace("sourceid", "sourcedid").removesuffix("s")


def _places(
    header: list[str], columns: FileColumns, needed: Collection[str], name: str, problems: Problems
) -> list[int] | None:
    """Where the columns stand; the place after the last stands for one that is not there."""
    exact: dict[str, int] = {}
    others: dict[str, int] = {}
    strangers: list[str] = []
    known = {column.casefold(): column for column in columns.names}
    synonyms = {_folded(column): column for column in columns.names} | {
        _folded(other): column for other, column in SYNONYMS.get(columns.file, {}).items()
    }
    for place, typed in enumerate(header):
        if column := known.get(typed.strip().casefold()):
            if column in exact:
                problems.add(ProblemKind.COLUMN_TWICE, name, 1, column)
                return None
            exact[column] = place
        elif column := synonyms.get(_folded(typed)):
            others.setdefault(column, place)
        else:
            strangers.append(typed.strip())
    places = others | exact
    missing = [column for column in columns.names if column in needed and column not in places]
    if missing and len(header) == 1 and (separator := _separator(header[0])):
        problems.add(ProblemKind.NOT_COMMAS, name, 1, figures=separator)
        return None
    _note_resembling(strangers, columns, places, problems)
    for column in missing:
        problems.add(ProblemKind.COLUMN_MISSING, name, 1, column)
    return None if missing else [places.get(column, len(header)) for column in columns.names]


def _note_resembling(
    strangers: Iterable[str], columns: FileColumns, places: Mapping[str, int], problems: Problems
) -> None:
    """Tell of columns that are not read and look like one that is not there."""
    absent = {_folded(column): column for column in columns.names if column not in places}
    for typed in strangers:
        if column := _resembled(_folded(typed), columns.file, absent):
            problems.add(ProblemKind.COLUMN_NOT_READ, f"{columns.file}.csv", 1, typed, figures=column)


def _resembled(folded: str, file: str, absent: Mapping[str, str]) -> str | None:
    """Which of the columns that are not there one may be meant for."""
    for other, column in RESEMBLING.get(file, {}).items():
        if _folded(other) == folded and column in absent.values():
            return column
    close = difflib.get_close_matches(folded, absent, n=1, cutoff=_ALIKE)
    return absent[close[0]] if close else None


def _separator(header: str) -> str | None:
    return next((name for sign, name in _SEPARATORS.items() if sign in header), None)


def _how(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, problems: Problems) -> _Text | None:
    """How the whole file can be read: UTF-8, UTF-16, UTF-8 with a few other bytes, else Windows-1252."""
    with archive.open(member) as raw:
        first = raw.read(_FIRST_BYTES)
    sixteen = _utf_16(first)
    if sixteen is not None:
        if not _decodes(archive, member, sixteen):
            problems.add(ProblemKind.ENCODING_UNREADABLE, name)
            return None
        problems.add(ProblemKind.ENCODING_NOT_UTF8, name, figures="UTF-16")
        return sixteen
    if _decodes(archive, member, _UTF_8):
        return _UTF_8
    if _is_mostly_utf_8(archive, member):
        return _MOSTLY_UTF_8
    problems.add(ProblemKind.ENCODING_NOT_UTF8, name, figures="Windows-1252")
    return _WINDOWS if _decodes(archive, member, _WINDOWS) else _MOSTLY_WINDOWS


def _utf_16(first: bytes) -> _Text | None:
    """UTF-16 by its mark, or by the zeros between Latin letters."""
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _Text("utf-16")
    half = len(first) // 2
    if half and first[1::2].count(0) > half // 2:
        return _Text("utf-16-le")
    if half and first[::2].count(0) > half // 2:
        return _Text("utf-16-be")
    return None


def _decodes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, how: _Text) -> bool:
    try:
        with archive.open(member) as raw, how.of(raw) as text:
            while text.read(_BLOCK):
                pass
    except UnicodeError:
        return False
    return True


def _is_mostly_utf_8(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether there are letters of several bytes, for each not many that are none: no chance makes them."""
    letters = strays = 0
    with archive.open(member) as raw, _MOSTLY_UTF_8.of(raw) as text:
        while block := text.read(_BLOCK):
            beyond = sum(c > "\x7f" for c in block)
            stray = len(_STRAY.findall(block))
            letters, strays = letters + beyond - stray, strays + stray
    return letters * _STRAYS_A_LETTER >= strays
