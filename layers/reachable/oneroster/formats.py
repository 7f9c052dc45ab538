"""What an upload is where it is no OneRoster: told by its first bytes and by the names in the zip."""

import zipfile
from collections.abc import Collection, Mapping
from typing import IO, Final

from reachable.model.roster_problem import ProblemKind

_OFFICE: Final = b"\xd0\xcf\x11\xe0"
"""An old workbook, or a new one with a password: a compound file ([MS-CFB] 2.2)."""
_MAGIC: Final[Mapping[bytes, str]] = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"\x1f\x8b": "gzip",
    b"%PDF": "PDF",
    b"{": "JSON",
    b"[": "JSON",
    b"<": "XML / HTML",
}
_ENCRYPTED: Final = 0x1
"""The first bit of a zip's general purpose flags (APPNOTE.TXT 4.4.4)."""
_OTHERS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({"school.csv", "student.csv"}), "School Data Sync"),
    (frozenset({"school.csv", "section.csv"}), "School Data Sync"),
    (frozenset({"orgs.csv", "users.csv", "relationships.csv"}), "School Data Sync"),
    (frozenset({"schools.csv", "students.csv"}), "Clever"),
    (frozenset({"students.csv", "sections.csv"}), "Clever"),
    (frozenset({"locations.csv", "students.csv"}), "Apple School Manager"),
    (frozenset({"students.csv", "rosters.csv"}), "Apple School Manager"),
)
"""By files that stand together in no OneRoster export."""


def of_bytes(file: IO[bytes]) -> tuple[ProblemKind, str | None]:
    """What a file is that is no zip, as far as its first bytes tell."""
    file.seek(0)
    first = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    if first.startswith(_OFFICE):
        return ProblemKind.WORKBOOK, None
    for magic, name in _MAGIC.items():
        if first.startswith(magic):
            return ProblemKind.NOT_A_ZIP, name
    text = first.replace(b"\0", b"").lower()
    return ProblemKind.NOT_A_ZIP, "CSV" if b"sourcedid" in text or b"propertyname" in text else None


def of_members(members: Collection[zipfile.ZipInfo]) -> tuple[ProblemKind, str | None] | None:
    """What a zip is that has no manifest, by the names in it; None where nothing else is known of it."""
    paths = {member.filename.replace("\\", "/").lower() for member in members}
    names = {path.rpartition("/")[2] for path in paths}
    if "[content_types].xml" in names or any(
        name.endswith((".xlsx", ".xls", ".xlsm", ".ods")) for name in names
    ):
        return ProblemKind.WORKBOOK, None
    if any(name.endswith((".zip", ".7z", ".gz")) for name in names):
        return ProblemKind.ZIP_IN_ZIP, None
    for together, name in _OTHERS:
        if together <= names:
            return ProblemKind.ANOTHER_FORMAT, name
    if "orgs.csv" not in names and any(name.endswith((".json", ".xml")) for name in names):
        return ProblemKind.ANOTHER_FORMAT, "JSON / XML"
    return None


def is_encrypted(member: zipfile.ZipInfo) -> bool:
    """Whether one needs a password to read it."""
    return bool(member.flag_bits & _ENCRYPTED)
