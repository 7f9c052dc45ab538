"""What an upload is where it is no OneRoster: every one is refused with a word of what it looks like."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import pytest

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import formats
from tests.roster_exports import district, zipped
from tests.unit.oneroster.exports import reading


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return buffer.getvalue()


def _is(bytes_: bytes, kind: ProblemKind, figures: str | None, file: str = "the zip") -> None:
    found = reading(bytes_)
    assert (found.only.kind, found.only.figures, found.only.file) == (kind, figures, file)
    assert found.problems.refuse
    assert not found.rows


@pytest.mark.parametrize(
    ("bytes_", "kind", "figures"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ProblemKind.WORKBOOK, None),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", ProblemKind.NOT_A_ZIP, "7z"),
        (b"Rar!\x1a\x07\x01\x00", ProblemKind.NOT_A_ZIP, "RAR"),
        (b"\x1f\x8b\x08\x00", ProblemKind.NOT_A_ZIP, "gzip"),
        (b"%PDF-1.7", ProblemKind.NOT_A_ZIP, "PDF"),
        (b'{"orgs": []}', ProblemKind.NOT_A_ZIP, "JSON"),
        (b'\n  [{"sourcedId": "ada"}]', ProblemKind.NOT_A_ZIP, "JSON"),
        (b'<?xml version="1.0"?>', ProblemKind.NOT_A_ZIP, "XML / HTML"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><title>Sign in</title>", ProblemKind.NOT_A_ZIP, "XML / HTML"),
        (b"sourcedId,name,type\nnorth,North,school\n", ProblemKind.NOT_A_ZIP, "CSV"),
        (b"\xef\xbb\xbfSourcedId;Name\n", ProblemKind.NOT_A_ZIP, "CSV"),
        ("sourcedId,name\n".encode("utf-16"), ProblemKind.NOT_A_ZIP, "CSV"),
        (b"propertyName,value\noneroster.version,1.1\n", ProblemKind.NOT_A_ZIP, "CSV"),
        (b"", ProblemKind.NOT_A_ZIP, None),
        (b"Dear sir,", ProblemKind.NOT_A_ZIP, None),
    ],
)
def test_what_is_no_zip_is_told_by_its_first_bytes(
    bytes_: bytes, kind: ProblemKind, figures: str | None
) -> None:
    _is(bytes_, kind, figures)


@pytest.mark.parametrize(
    ("names", "kind", "figures"),
    [
        (["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"], ProblemKind.WORKBOOK, None),
        (["roster.xlsx"], ProblemKind.WORKBOOK, None),
        (["export/Users.XLS", "export/Orgs.xls"], ProblemKind.WORKBOOK, None),
        (["users.xlsm"], ProblemKind.WORKBOOK, None),
        (["users.ods", "orgs.csv"], ProblemKind.WORKBOOK, None),
        (["oneroster.zip"], ProblemKind.ZIP_IN_ZIP, None),
        (["export/OneRoster.ZIP", "readme.txt"], ProblemKind.ZIP_IN_ZIP, None),
        (["export\\oneroster.7z"], ProblemKind.ZIP_IN_ZIP, None),
        (["users.csv.gz", "orgs.csv.gz"], ProblemKind.ZIP_IN_ZIP, None),
        (
            ["School.csv", "Student.csv", "Teacher.csv", "Section.csv"],
            ProblemKind.ANOTHER_FORMAT,
            "School Data Sync",
        ),
        (
            ["sds/School.csv", "sds/Section.csv", "sds/User.csv"],
            ProblemKind.ANOTHER_FORMAT,
            "School Data Sync",
        ),
        (
            ["orgs.csv", "users.csv", "roles.csv", "classes.csv", "relationships.csv"],
            ProblemKind.ANOTHER_FORMAT,
            "School Data Sync",
        ),
        (["School.csv", "Student.csv"], ProblemKind.ANOTHER_FORMAT, "School Data Sync"),
        (["School.csv", "Section.csv"], ProblemKind.ANOTHER_FORMAT, "School Data Sync"),
        (["orgs.csv", "users.csv", "relationships.csv"], ProblemKind.ANOTHER_FORMAT, "School Data Sync"),
        (["schools.csv", "students.csv", "teachers.csv"], ProblemKind.ANOTHER_FORMAT, "Clever"),
        (["students.csv", "sections.csv"], ProblemKind.ANOTHER_FORMAT, "Clever"),
        (
            ["locations.csv", "students.csv", "staff.csv", "rosters.csv"],
            ProblemKind.ANOTHER_FORMAT,
            "Apple School Manager",
        ),
        (["locations.csv", "students.csv"], ProblemKind.ANOTHER_FORMAT, "Apple School Manager"),
        (["students.csv", "rosters.csv"], ProblemKind.ANOTHER_FORMAT, "Apple School Manager"),
        # As a program of Windows writes it, against APPNOTE.TXT 4.4.17
        (["sds\\School.csv", "sds\\Section.csv"], ProblemKind.ANOTHER_FORMAT, "School Data Sync"),
        (["Clever\\schools.csv", "Clever\\students.csv"], ProblemKind.ANOTHER_FORMAT, "Clever"),
        (["users.json", "orgs.json"], ProblemKind.ANOTHER_FORMAT, "JSON / XML"),
        (["roster.xml"], ProblemKind.ANOTHER_FORMAT, "JSON / XML"),
    ],
)
def test_what_is_another_zip_is_told_by_its_names(
    names: Sequence[str], kind: ProblemKind, figures: str | None
) -> None:
    _is(_zip(*names), kind, figures)


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["readme.txt"],
        ["orgs.csv", "users.csv", "classes.csv", "enrollments.csv", "academicSessions.csv"],  # 1.0
        ["orgs.csv", "users.csv", "meta.json"],
        ["manifest.txt", "users.csv"],
        # One of the files of another format says nothing yet
        ["School.csv"],
        ["Student.csv"],
        ["Section.csv", "Student.csv"],
        ["orgs.csv", "relationships.csv"],
        ["users.csv", "relationships.csv"],
        ["schools.csv", "locations.csv", "rosters.csv", "sections.csv"],
        ["students.csv"],
    ],
)
def test_of_another_zip_the_manifest_is_missed(names: Sequence[str]) -> None:
    _is(_zip(*names), ProblemKind.NO_MANIFEST, None, "manifest.csv")


@pytest.mark.parametrize(
    "beside",
    ["School.csv", "students.csv", "notes.xlsx", "older.zip", "[Content_Types].xml", "relationships.csv"],
)
def test_what_else_lies_beside_a_manifest_makes_no_other_format_of_it(beside: str) -> None:
    files: Mapping[str, bytes] = {beside: b"x", "schools.csv": b"x"}
    found = reading(zipped(district(), files=files))
    assert (found.kinds, len(found.rows.people)) == ([], 6)


@pytest.mark.parametrize(("bit", "encrypted"), [(0x0, False), (0x1, True), (0x9, True), (0x800, False)])
def test_a_file_says_by_a_bit_whether_it_has_a_password(bit: int, encrypted: bool) -> None:
    member = zipfile.ZipInfo("users.csv")
    member.flag_bits = bit
    assert formats.is_encrypted(member) is encrypted
