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
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Final

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster.problems import ID_LIMIT, Problems
from reachable.oneroster.vocabulary import RESEMBLING, SHAPES, SYNONYMS, FileColumns

if TYPE_CHECKING:
    import _csv

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

_COMMAS_OF_A_TEXT: Final = 3
"""In one line of a field that has several."""

type Fields = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Doubted:
    """A line that is longer or shorter than the header.

    ``last`` is where it ends, if it spans several lines of text; ``ends``: with a word, not with a blank;
    ``closed``: by a line end, which a file lacks that broke off.
    """

    line: int
    last: int
    width: int
    fields: Fields
    ends: bool
    closed: bool


@dataclass(slots=True)
class Unread:
    """The lines of a file that could not be read, and whose they are."""

    kinds: Counter[ProblemKind] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    nameless: int = 0
    """Those of which the id cannot be read: it may be anybody's."""
    absent: frozenset[str] = frozenset()
    """The columns that the file does not have."""
    known: Container[str] | None = None
    """The ids that are stored, which are shown even of half a line; None where any may be."""

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
            self.nameless += 1


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
        self.reader = self._new_reader()
        self.end = 0
        self.top = 0
        """The line where the header ends."""
        self.read_again = 0
        self.doubted: _Doubted | None = None
        """A line that is shorter or longer than it should be, its number and the fields that it has. The next
        one shows whether it is half of a line that was broken, or has a comma too many in the middle."""
        self.cut = False
        """Whether a line was read that is shorter than the header."""
        self.widths: set[int] = set()
        """Fields of lines that are longer than the header by commas alone."""

    def _new_reader(self) -> "_csv.Reader":
        return csv.reader(self._physical(), strict=True, skipinitialspace=True)

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
        by_name = dict(zip(self.columns.names, places, strict=True))
        self.unread.absent = frozenset(name for name, place in by_name.items() if place == self.full)
        self.shapes = [(by_name[name], shape) for name, shape in SHAPES.items() if name in by_name]
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
        self.problems.add(ProblemKind.QUOTES_UNREADABLE, self.name, self.end, figures=f"{self.unread.lines}")

    def _header(self) -> list[str] | None:
        """The first line that is not blank; None where none is there."""
        try:
            for cells in self.reader:
                self.end += len(self.record)
                self.record.clear()
                if not _is_blank(cells):
                    self.top = self.end
                    return [_STRAY.sub(_of_windows, cell) for cell in cells]
        except csv.Error:
            self.problems.add(ProblemKind.COLUMN_MISSING, self.name, self.end + 1)
            return None
        self.problems.add(ProblemKind.FILE_EMPTY, self.name)
        return None

    def _looked_at(self, cells: list[str]) -> Iterator[tuple[int, Fields]]:
        """A record that is not as most are: blank, short, long, of several lines, or with strange bytes."""
        if _has_swallowed(cells, self.full) or self._is_two_lines():
            raise csv.Error
        line = self.end + 1
        self.end += len(self.record)
        closed = self.record[-1].endswith(("\n", "\r"))
        self.record.clear()
        if _is_blank(cells):
            return  # a blank line, or one of commas, as spreadsheets leave them
        width = len(cells)
        if width > self.full and not any(cells[self.full :]):
            del cells[self.full :]
        other_half = self.doubted is not None and self.doubted.width + width == self.full + 1
        if other_half or not self._fits(cells):
            short = len(cells) < self.full
            yield from self._settled(half=short)
            # Before the column of the id a comma too many or too few would make another's id of it. And the
            # second half of a line begins with anything: that is shown to nobody.
            theirs = cells[0].strip() if self.id_place == 0 else None
            self._lose(ProblemKind.FIELD_COUNT, line, theirs, shown=not short or self._is_known(theirs))
            self._lose_what_it_took(line, self.end)
            return
        if self.doubted is not None and self.doubted.width == width != self.full:
            self.widths.add(width)
        yield from self._settled()
        found = self._fields(line, cells + [""] * (self.full - len(cells) + 1))
        if found is None:
            return
        if width == self.full or (width > self.full and width in self.widths):
            yield line, found
        else:
            self.doubted = _Doubted(line, self.end, width, found, bool(cells[-1].strip()), closed)

    def _is_two_lines(self) -> bool:
        """Whether a record begins with a whole line and ends with one: an open mark here, another there.

        Around a text of several lines its own record's commas are divided between the two.
        """
        ends = (self.record[0], self.record[-1])
        return len(self.record) > 1 and all(line.count(",") >= self.full - 1 for line in ends)

    def _fits(self, cells: Sequence[str]) -> bool:
        """Whether a line may be whole: what is left of one that a spreadsheet has cut is in its columns."""
        if len(cells) == self.full:
            return True
        return self.least <= len(cells) < self.full and all(
            shape.fullmatch(cells[place].strip()) for place, shape in self.shapes if place < len(cells)
        )

    def _settled(self, *, half: bool = False) -> Iterator[tuple[int, Fields]]:
        """The line that was doubted, now that the next one is known: whether as long, or another half.

        A spreadsheet cuts a line after its last word, or all lines of a page alike; what ends in a blank and
        is as long as no other has a comma too few in its middle.
        """
        doubted, self.doubted = self.doubted, None
        if doubted is None:
            return
        alike = doubted.width in self.widths
        if alike if doubted.width > self.full else (alike or doubted.ends) and not half:
            self.cut = self.cut or doubted.width < self.full
            yield doubted.line, doubted.fields
        else:
            theirs = doubted.fields[0]
            shown = not half or self._is_known(theirs)
            self._lose(ProblemKind.FIELD_COUNT, doubted.line, theirs, shown=shown)
            self._lose_what_it_took(doubted.line, doubted.last)

    def _lose_what_it_took(self, line: int, last: int) -> None:
        """Of a lost record of several lines each but the first may have been anybody's."""
        if last > line:
            self._lose(ProblemKind.FIELD_COUNT, last, None)

    def _is_known(self, sourced_id: str | None) -> bool:
        return self.unread.known is None or sourced_id in self.unread.known

    def _last(self) -> Iterator[tuple[int, Fields]]:
        """The line that was doubted, if no other followed; a longer one may be the only one.

        Where the last line alone is short, and has no end, the file broke off in it.
        """
        if self.doubted is None:
            return
        if self.doubted.line == self.top + 1:
            self.widths.add(self.doubted.width)
        broke_off = self.doubted.width < self.full and not self.doubted.closed and not self.cut
        yield from self._settled(half=broke_off)

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
        self.reader = self._new_reader()  # the other may be at the end of the text

    def _id_of(self, line: str) -> str | None:
        """The id of a line of unfitting quotation marks: the first field, where the marks begin after it."""
        first, comma, _ = line.partition(",")
        plain = first.strip()
        if len(plain) > 1 and plain[0] == plain[-1] == '"':
            plain = plain[1:-1]
        return plain if comma and '"' not in plain and self.id_place == 0 else None

    def _lose(self, kind: ProblemKind, line: int, sourced_id: str | None, *, shown: bool = True) -> None:
        if sourced_id is not None and (len(sourced_id) > ID_LIMIT or _STRAY.search(sourced_id)):
            sourced_id = None
        self.unread.add(kind, sourced_id)
        self.problems.add(kind, self.name, line, None, sourced_id or None if shown else None)


def _has_swallowed(cells: Sequence[str], full: int) -> bool:
    """Whether a record of several lines is one line with an open quotation mark and what came after it.

    A line of an address has a comma or two; one of an export has as many as it has columns.
    """
    most = min(_COMMAS_OF_A_TEXT, full - 1)
    return any(
        line.count(",") >= most
        for cell in cells
        if "\n" in cell or "\r" in cell
        for line in cell.splitlines()[1:]
    )


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
    known = {column.casefold(): column for column in columns.names}
    exact = [
        (known[key], place)
        for place, typed in enumerate(header)
        if (key := typed.strip().casefold()) in known
    ]
    places = dict(exact)
    if len(places) < len(exact):
        twice = Counter(column for column, _ in exact).most_common(1)[0][0]
        problems.add(ProblemKind.COLUMN_TWICE, name, 1, twice)
        return None
    synonyms = {_folded(column): column for column in columns.names} | {
        _folded(other): column for other, column in SYNONYMS.get(columns.file, {}).items()
    }
    strangers: list[tuple[int, str | None]] = []
    for place in sorted(set(range(len(header))) - set(places.values())):
        column = synonyms.get(_folded(header[place]))
        if column is None or column in places:
            strangers.append((place, column))
        else:
            places[column] = place
    missing = [column for column in columns.names if column in needed and column not in places]
    if missing and len(header) == 1 and (separator := _separator(header[0])):
        problems.add(ProblemKind.NOT_COMMAS, name, 1, figures=separator)
        return None
    for column in missing:
        problems.add(ProblemKind.COLUMN_MISSING, name, 1, column)
    if missing:
        return None  # and nothing more of it is shown: it may be a line of somebody's data
    _note_strangers(strangers, header, columns, places, problems)
    return [places.get(column, len(header)) for column in columns.names]


def _note_strangers(
    strangers: Iterable[tuple[int, str | None]],
    header: Sequence[str],
    columns: FileColumns,
    places: Mapping[str, int],
    problems: Problems,
) -> None:
    """Tell of columns that are not read: they say the same as one that is, or look like one of ours."""
    absent = {_folded(column): column for column in columns.names if column not in places}
    for place, same in strangers:
        typed = header[place].strip()
        if column := same or _resembled(_folded(typed), columns.file, absent):
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
