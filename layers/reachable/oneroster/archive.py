"""The zip, its manifest, its text: from bytes to lines of fields, with everything checked on the way.

What bites in real exports is met here: a folder inside the zip, a byte order mark, Windows-1252, CRLF,
columns in any order and case, line breaks inside quotes, lines of commas alone.
"""

import csv
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Final

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster.problems import Problems
from reachable.oneroster.vocabulary import FILES_READ, VERSIONS, FileColumns

MANIFEST: Final = "manifest.csv"
UNPACKED_LIMIT: Final = 8 * 1024**3
"""Bytes that a zip may unpack to: far over a district of a million, far under what would hang a function."""
_BLOCK: Final = 1024**2
_NAMES: Final = frozenset({MANIFEST, *(f"{columns.file}.csv".lower() for columns in FILES_READ)})
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,  # an unknown way of compressing
    RuntimeError,  # encrypted
    OSError,
    EOFError,
    ValueError,
)
"""What zipfile raises for bytes that are no zip, a damaged one, or one that it cannot open."""


class Mode(StrEnum):
    """What the manifest says of a file."""

    ABSENT = "absent"
    BULK = "bulk"
    DELTA = "delta"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The version, and how each file is to be read."""

    version: str
    modes: Mapping[str, Mode]
    """By the file's name in lower case."""

    def mode(self, file: str) -> Mode:
        """How a file is to be read; one that the manifest does not name is absent."""
        return self.modes.get(file.lower(), Mode.ABSENT)


@dataclass(frozen=True, slots=True)
class Archive:
    """An open export: its manifest and where its files lie."""

    zip: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    manifest: Manifest


def opened(file: IO[bytes], problems: Problems) -> Archive | None:
    """The export in a zip; None where the zip or its manifest cannot be read, and the problem is noted."""
    try:
        archive = zipfile.ZipFile(file)
        if sum(member.file_size for member in archive.infolist()) > UNPACKED_LIMIT:
            problems.add(ProblemKind.TOO_LARGE, "the zip")
            return None
        damaged = archive.testzip()
    except _UNREADABLE:
        damaged = "the zip"
    if damaged is not None:
        problems.add(ProblemKind.NOT_A_ZIP, damaged)
        return None
    members = _members(archive, problems)
    if MANIFEST not in members:
        problems.add(ProblemKind.NO_MANIFEST, MANIFEST)
        return None
    manifest = _manifest(archive, members[MANIFEST], problems)
    return Archive(archive, members, manifest) if manifest else None


def _members(archive: zipfile.ZipFile, problems: Problems) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        if member.is_dir() or member.filename.startswith("__MACOSX/"):
            continue
        path = member.filename.replace("\\", "/")  # as some programs on Windows write it
        name = path.rpartition("/")[2].lower()
        if name in members and name in _NAMES:
            problems.add(ProblemKind.FILE_TWICE, name)
        members[name] = member
    return members


def _manifest(archive: zipfile.ZipFile, member: zipfile.ZipInfo, problems: Problems) -> Manifest | None:
    columns = FileColumns("manifest", "", ("propertyName", "value"))
    values: dict[str, str] = {}
    for line, (typed, value) in _fields(archive, member, MANIFEST, columns, problems):
        name = typed.lower()
        if name.startswith("file."):
            value = value.lower()  # noqa: PLW2901 - Bulk and BULK are bulk
            if value not in Mode:
                problems.add(ProblemKind.UNKNOWN_MODE, MANIFEST, line, typed)
        values[name] = value
    version = values.get("oneroster.version", "")
    if version not in VERSIONS:
        problems.add(ProblemKind.UNSUPPORTED_VERSION, MANIFEST, column="oneroster.version")
    if problems.refuse:
        return None
    files = {name.removeprefix("file."): value for name, value in values.items() if name.startswith("file.")}
    return Manifest(version, {file: Mode(value) for file, value in files.items()})


def read(archive: Archive, columns: FileColumns, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """The lines of one file: the line's number and the fields of ``columns``, in that order, trimmed.

    An optional column that is not there gives blanks. A file that cannot be read any further ends, and the
    problem is noted.
    """
    name = f"{columns.file}.csv"
    member = archive.members.get(name.lower())
    if member is None:
        problems.add(ProblemKind.FILE_MISSING, name)
        return
    yield from _fields(archive.zip, member, name, columns, problems)


def _fields(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, columns: FileColumns, problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    encoding = _encoding(archive, member, name, problems)
    if encoding is None:
        return
    with archive.open(member) as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
        lines = csv.reader(text, strict=True)
        end = 0
        try:
            header = next(lines, [])
            wanted = _columns(header, name, columns, problems)
            if wanted is None:
                return
            end, width = lines.line_num, len(header)
            for cells in lines:
                line, end = end + 1, lines.line_num
                if not any(cells):
                    continue  # a blank line, or one of commas, as spreadsheets leave them
                if not any(cells[width:]):
                    del cells[width:]  # commas after the last column are harmless
                if len(cells) != width:
                    problems.add(ProblemKind.FIELD_COUNT, name, line)
                    continue
                cells.append("")
                yield line, [cells[place].strip() for place in wanted]
        except csv.Error:
            problems.add(ProblemKind.CSV_UNREADABLE, name, end + 1)


def _columns(header: list[str], name: str, columns: FileColumns, problems: Problems) -> list[int] | None:
    """Where the columns stand; the place after the last stands for one that is not there."""
    read_here = {column.lower() for column in (*columns.required, *columns.optional)}
    places: dict[str, int] = {}
    for place, column in enumerate(header):
        known = column.strip().lower()
        if known in places and known in read_here:
            problems.add(ProblemKind.COLUMN_TWICE, name, 1, column.strip())
            return None
        places[known] = place
    missing = [column for column in columns.required if column.lower() not in places]
    for column in missing:
        problems.add(ProblemKind.COLUMN_MISSING, name, 1, column)
    if missing:
        return None
    return [places.get(column.lower(), len(header)) for column in (*columns.required, *columns.optional)]


def _encoding(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, problems: Problems) -> str | None:
    """By which encoding the whole file can be read: UTF-8, UTF-16 with its mark, else Windows-1252."""
    with archive.open(member) as raw:
        mark = raw.read(2)
    candidates = ("utf-16",) if mark in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in candidates:
        if _decodes(archive, member, encoding):
            if encoding != "utf-8-sig":
                problems.add(ProblemKind.ENCODING_NOT_UTF8, name)
            return encoding
    problems.add(ProblemKind.ENCODING_UNREADABLE, name)
    return None


def _decodes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, encoding: str) -> bool:
    try:
        with archive.open(member) as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
            while text.read(_BLOCK):
                pass
    except UnicodeError:
        return False
    return True
