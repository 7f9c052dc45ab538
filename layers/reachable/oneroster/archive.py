"""The zip and its manifest: which files there are, and how each is to be read.

What bites in real exports is met here: a folder inside the zip, lines of the manifest about files that nobody
reads, another format, a workbook, a zip in a zip, a password.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Final

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import formats, sheet
from reachable.oneroster.problems import LINE_ERRORS, Problems
from reachable.oneroster.sheet import Fields, Unread
from reachable.oneroster.vocabulary import FILES_READ, VERSIONS, FileColumns

MANIFEST: Final = "manifest.csv"
UNPACKED_LIMIT: Final = 8 * 1024**3
"""Bytes that a zip may unpack to: far over a district of a million, far under what would hang a function."""
_BLOCK: Final = 1024**2
_VERSION: Final = re.compile(r"v?\s*(\d+\.\d+)(?:\.\d+)*", re.ASCII | re.IGNORECASE)
_PROPERTIES: Final = FileColumns("manifest", "", ("propertyName", "value"))
_NAMES: Final = frozenset({MANIFEST, *(f"{columns.file}.csv".lower() for columns in FILES_READ)})
_READ_HERE: Final = frozenset(
    {"oneroster.version", *(f"file.{columns.file}".lower() for columns in FILES_READ)}
)
"""The properties that count; what is wrong with the line of another one concerns nobody."""
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
    except _UNREADABLE:
        kind, name = formats.of_bytes(file)
        problems.add(kind, "the zip", figures=name)
        return None
    if sum(member.file_size for member in archive.infolist()) > UNPACKED_LIMIT:
        problems.add(ProblemKind.TOO_LARGE, "the zip")
        return None
    members = _members(archive, problems)
    read_here = [member for name, member in members.items() if name in _NAMES]
    for member in read_here:
        if formats.is_encrypted(member):
            problems.add(ProblemKind.PASSWORD, "the zip")
            return None
        if _is_damaged(archive, member):
            problems.add(ProblemKind.NOT_A_ZIP, member.filename)
            return None
    if MANIFEST not in members:
        kind, name = formats.of_members(archive.infolist()) or (ProblemKind.NO_MANIFEST, None)
        problems.add(kind, MANIFEST if kind is ProblemKind.NO_MANIFEST else "the zip", figures=name)
        return None
    manifest = _manifest(archive, members[MANIFEST], problems)
    return Archive(archive, members, manifest) if manifest else None


def _is_damaged(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether one cannot be unpacked to its end, or is not what its checksum says."""
    try:
        with archive.open(member) as raw:
            while raw.read(_BLOCK):
                pass
    except _UNREADABLE:
        return True
    return False


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
    found = Problems()
    lines = sheet.read(archive, member, _PROPERTIES, _PROPERTIES.required, found, Unread())
    values = {name.lower(): (line, name, value) for line, (name, value) in lines}
    for problem in found.listed:
        name = (problem.sourced_id or "").lower()
        if problem.kind not in LINE_ERRORS or not name or name in _READ_HERE:
            problems.add(problem.kind, MANIFEST, problem.line, problem.column, figures=problem.figures)
    if problems.refuse:
        return None
    modes: dict[str, Mode] = {}
    for columns in FILES_READ:
        line, name, said = values.get(f"file.{columns.file}".lower(), (None, "", Mode.ABSENT))
        if said.lower() in Mode:
            modes[columns.file.lower()] = Mode(said.lower())
        else:
            problems.add(ProblemKind.UNKNOWN_MODE, MANIFEST, line, name)
    _, _, version = values.get("oneroster.version", (None, "", ""))
    known = _VERSION.fullmatch(version)
    if known is None or known[1] not in VERSIONS:
        problems.add(ProblemKind.UNSUPPORTED_VERSION, MANIFEST, column="oneroster.version")
    if known is None or problems.refuse:
        return None
    if not any(mode is not Mode.ABSENT for mode in modes.values()):
        problems.add(ProblemKind.NOTHING_ANNOUNCED, MANIFEST)
    return Manifest(known[1], modes)


def read(
    archive: Archive, columns: FileColumns, needed: Collection[str], problems: Problems, unread: Unread
) -> Iterator[tuple[int, Fields]]:
    """The lines of one file, as ``sheet.read``; of one that is not there none, and that is noted."""
    name = f"{columns.file}.csv"
    member = archive.members.get(name.lower())
    if member is None:
        problems.add(ProblemKind.FILE_MISSING, name)
        return iter(())
    return sheet.read(archive.zip, member, columns, needed, problems, unread)
