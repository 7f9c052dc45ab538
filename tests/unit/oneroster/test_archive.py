"""From bytes to lines: zips, manifests, encodings, and what real exports make of CSV."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import archive
from tests.roster_exports import as_csv, columns_of, district, in_1_2, user, zipped
from tests.unit.oneroster.exports import reading

USERS = columns_of("users")


def _users(text: str | bytes) -> bytes:
    """The district with this users.csv."""
    return zipped(district(), files={"users.csv": text.encode() if isinstance(text, str) else text})


def _users_text() -> str:
    return as_csv(USERS, district()["users"]).decode()


# Zips


def test_a_district_is_read_without_a_problem() -> None:
    found = reading(zipped(district()))
    assert found.kinds == []
    assert found.counts == {"orgs": 3, "people": 6, "classes": 1, "enrollments": 2}
    assert found.export.version == "1.1"


@pytest.mark.parametrize("bytes_", [b"", b"PK", b"no zip", b"PK\x03\x04 but not really", bytes(10_000)])
def test_what_is_no_zip_is_refused(bytes_: bytes) -> None:
    found = reading(bytes_)
    assert (found.only.kind, found.problems.refuse) == (ProblemKind.NOT_A_ZIP, True)


def _flipped(zip_: bytes) -> bytes:
    at = zip_.index(b"users.csv") + 40
    return zip_[:at] + bytes(b ^ 0xFF for b in zip_[at : at + 20]) + zip_[at + 20 :]


def _encrypted(zip_: bytes) -> bytes:
    """The flag bit of encryption, in the local headers and in the directory."""
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = zip_.split(mark)
        zip_ = mark.join(
            [parts[0], *(part[: offset - 4] + b"\x01" + part[offset - 3 :] for part in parts[1:])]
        )
    return zip_


def _unknown_method(zip_: bytes) -> bytes:
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        parts = zip_.split(mark)
        zip_ = mark.join(
            [parts[0], *(part[: offset - 4] + b"\x63" + part[offset - 3 :] for part in parts[1:])]
        )
    return zip_


def _cut(zip_: bytes) -> bytes:
    return zip_[: len(zip_) // 2]


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (_flipped, ProblemKind.NOT_A_ZIP),
        (_encrypted, ProblemKind.PASSWORD),
        (_unknown_method, ProblemKind.NOT_A_ZIP),
        (_cut, ProblemKind.NOT_A_ZIP),
    ],
)
def test_a_damaged_or_encrypted_zip_is_refused(spoil: Callable[[bytes], bytes], kind: ProblemKind) -> None:
    found = reading(spoil(zipped(district())))
    assert (found.only.kind, found.rows.people, found.problems.refuse) == (kind, {}, True)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "UNPACKED_LIMIT", 1_000_000)
    bomb = zipped(district(), files={"demographics.csv": bytes(1_000_001)})
    assert len(bomb) < 10_000
    monkeypatch.setattr(zipfile.ZipFile, "open", _never)
    assert reading(bomb).only.kind is ProblemKind.TOO_LARGE


def _never(*_: object, **__: object) -> None:
    raise AssertionError("opened")


@pytest.mark.parametrize(
    ("name", "kinds"), [("courses.csv", [ProblemKind.NOT_A_ZIP]), ("demographics.csv", [])]
)
def test_a_zip_that_lies_about_its_sizes_is_refused(name: str, kinds: list[ProblemKind]) -> None:
    """Its directory says 10 bytes of a file that unpacks to far more: no more than 10 are ever unpacked."""
    bomb = bytearray(zipped(district(), files={name: bytes(1_000_000)}, modes={"courses": "absent"}))
    directory = bomb.index(name.encode(), bomb.index(b"PK\x01\x02")) - 46
    bomb[directory + 24 : directory + 28] = struct.pack("<L", 10)
    assert reading(bytes(bomb)).kinds == kinds


def test_files_may_lie_in_a_folder_and_be_written_in_capitals() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(zipped(district()))) as plain, zipfile.ZipFile(buffer, "w") as moved:
        moved.mkdir("export")
        for name in plain.namelist():
            moved.writestr(f"export/{name.replace('users', 'Users')}", plain.read(name))
            moved.writestr(f"__MACOSX/export/{name}", b"\0\0")
    found = reading(buffer.getvalue())
    assert (found.kinds, len(found.rows.people)) == ([], 6)


def test_two_files_of_one_name_are_refused() -> None:
    twice = zipped(district(), files={"old/users.csv": _users_text().encode()})
    found = reading(twice)
    assert (found.only.kind, found.only.file) == (ProblemKind.FILE_TWICE, "users.csv")
    assert found.problems.refuse


@pytest.mark.parametrize("name", ["manifest.csv", "Orgs.csv"])
def test_files_that_are_read_may_not_be_there_twice(name: str) -> None:
    found = reading(zipped(district(), files={f"old/{name}": b"sourcedId,name,type\n"}))
    assert ProblemKind.FILE_TWICE in found.kinds


def test_other_files_may_be_there_as_often_as_they_like() -> None:
    files = {f"{folder}/{name}": b"\0" for folder in "ab" for name in (".DS_Store", "results.csv")}
    assert reading(zipped(district(), files=files)).kinds == []


def test_a_program_on_windows_may_write_the_folder_with_a_backslash() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(zipped(district()))) as plain, zipfile.ZipFile(buffer, "w") as moved:
        for name in plain.namelist():
            moved.writestr(f"export\\{name}", plain.read(name))
    found = reading(buffer.getvalue())
    assert (found.kinds, len(found.rows.people)) == ([], 6)


# Manifests


def test_without_a_manifest_nothing_is_read() -> None:
    found = reading(zipped(district(), files={"manifest.csv": None}))
    assert (found.only.kind, found.rows.people) == (ProblemKind.NO_MANIFEST, {})


@pytest.mark.parametrize("version", ["", "1.0", "2.0", "one"])
def test_another_version_is_refused(version: str) -> None:
    found = reading(zipped(district(), version=version))
    assert (found.only.kind, found.only.column) == (ProblemKind.UNSUPPORTED_VERSION, "oneroster.version")


@pytest.mark.parametrize(
    ("mode", "kind"), [("full", ProblemKind.UNKNOWN_MODE), ("", ProblemKind.UNKNOWN_MODE), ("Bulk", None)]
)
def test_a_file_is_absent_bulk_or_delta(mode: str, kind: ProblemKind | None) -> None:
    found = reading(zipped(district(), modes={"users": mode}))
    assert [(p.kind, p.line, p.column) for p in found.problems.listed] == (
        [] if kind is None else [(kind, 5, "file.users")]
    )


@pytest.mark.parametrize(
    "manifest",
    [
        b"name,value\noneroster.version,1.1\n",
        b'propertyName,value\noneroster.version,1.1,"\n',
        b"",
    ],
)
def test_a_manifest_that_cannot_be_read_refuses_the_export(manifest: bytes) -> None:
    found = reading(zipped(district(), files={"manifest.csv": manifest}))
    assert found.problems.refuse
    assert {problem.file for problem in found.problems.listed} == {"manifest.csv"}


MANIFEST = "propertyName,value\noneroster.version,1.1\n" + "".join(
    f"file.{table},bulk\n" for table in ("orgs", "users", "classes", "enrollments")
)


@pytest.mark.parametrize(
    "more",
    [
        "file.systemName,union\nfile.systemCode,edu\n",
        "file.results,\nfile.lineItems,full\nfile.demographics,BULK\nfile.userProfiles,incremental\n",
        "source.systemName,Acme, Inc.\n",
        'source.systemName,"Acme\n',
        'source.systemName,Ac"me\n',
        "source.systemCode\n",
        ",,\n\n , \n\x1a",
        "file.users.csv,full\n",
        "file.,bulk\nfile,bulk\n",
    ],
)
def test_lines_of_the_manifest_about_what_nobody_reads_are_ignored(more: str) -> None:
    found = reading(zipped(district(), files={"manifest.csv": (MANIFEST + more).encode()}))
    assert (found.kinds, len(found.rows.people)) == ([], 6)


@pytest.mark.parametrize(
    ("line", "kind", "column"),
    [
        ("file.users,full", ProblemKind.UNKNOWN_MODE, "file.users"),
        ("file.users,", ProblemKind.UNKNOWN_MODE, "file.users"),
        ("File.Users,absent.", ProblemKind.UNKNOWN_MODE, "File.Users"),
        ("file.users,bulk,x", ProblemKind.FIELD_COUNT, None),
        ('file.users,"bulk', ProblemKind.CSV_UNREADABLE, None),
        ('"file.users,bulk', ProblemKind.CSV_UNREADABLE, None),
        ("file.users", ProblemKind.FIELD_COUNT, None),
    ],
)
def test_a_line_of_the_manifest_about_a_file_that_is_read_is_told(
    line: str, kind: ProblemKind, column: str | None
) -> None:
    manifest = MANIFEST.replace("file.users,bulk", line)
    found = reading(zipped(district(), files={"manifest.csv": manifest.encode()}))
    first = found.problems.listed[0]
    assert (first.kind, first.file, first.line, first.column) == (kind, "manifest.csv", 4, column)
    assert found.problems.refuse  # without users nothing is whole


@pytest.mark.parametrize("version", ["1.1", " 1.1 ", "1.1.0", "v1.1", "V 1.1.1"])
def test_a_version_may_be_written_in_any_way(version: str) -> None:
    found = reading(zipped(district(), version=version))
    assert (found.kinds, found.export.version) == ([], "1.1")


@pytest.mark.parametrize(
    "name", ["Manifest.csv", "MANIFEST.CSV", "export/manifest.csv", "export\\Manifest.CSV"]
)
def test_a_manifest_may_lie_in_a_folder_and_be_written_in_capitals(name: str) -> None:
    found = reading(zipped(district(), files={"manifest.csv": None, name: MANIFEST.encode()}))
    assert (found.kinds, len(found.rows.people)) == ([], 6)


@pytest.mark.parametrize(
    "style",
    [
        lambda text: text.replace(",", " , "),
        lambda text: text.replace("\n", ",\n"),
        lambda text: text.replace("\n", ",a note\n"),
        lambda text: "".join('"' + line.replace(",", '","') + '"\r\n' for line in text.splitlines()),
        lambda text: "".join(",".join(reversed(line.split(","))) + "\n" for line in text.splitlines()),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("propertyName", "Property Name").replace("bulk", "BULK"),
        lambda text: text.rstrip("\n"),
    ],
)
def test_a_manifest_may_be_written_in_any_way(style: Callable[[str], str]) -> None:
    found = reading(zipped(district(), files={"manifest.csv": style(MANIFEST).encode()}))
    assert (found.kinds, len(found.rows.people)) == ([], 6)


def test_a_manifest_may_be_written_in_any_case() -> None:
    plain = zipped(district() | {"academicSessions": [{"sourcedId": "fall", "endDate": "2026-12-18"}]})
    with zipfile.ZipFile(io.BytesIO(plain)) as archive_:
        manifest = archive_.read("manifest.csv")
    upper = zipped(district() | {"academicSessions": []}, files={"manifest.csv": manifest.upper()})
    found = reading(upper)
    assert (found.kinds, "sessions" in found.counts) == ([], True)


def test_what_the_manifest_calls_absent_is_not_read() -> None:
    found = reading(zipped(district(), modes={"enrollments": "absent"}))
    assert (found.only.kind, found.only.file) == (ProblemKind.FILE_NOT_ANNOUNCED, "enrollments.csv")
    assert (found.rows.enrollments, found.problems.refuse) == ({}, False)


def test_what_the_manifest_does_not_name_is_absent() -> None:
    manifest = b"propertyName,value\noneroster.version,1.1\nfile.orgs,bulk\nfile.users,bulk\n"
    found = reading(zipped(district(), files={"manifest.csv": manifest}))
    assert found.kinds == [ProblemKind.FILE_NOT_ANNOUNCED] * 2
    assert found.counts == {"orgs": 3, "people": 6}


@pytest.mark.parametrize("mode", ["bulk", "delta"])
def test_what_the_manifest_announces_must_be_there(mode: str) -> None:
    base = reading(zipped(district())).rows
    found = reading(zipped(district(), modes={"users": mode}, files={"users.csv": None}), base)
    assert (found.only.kind, found.only.file) == (ProblemKind.FILE_MISSING, "users.csv")


@pytest.mark.parametrize(
    ("version", "file", "bytes_"),
    [
        ("1.1", "users", None),
        ("1.1", "users", b"sourcedId\nada\n"),
        ("1.1", "users", b""),
        ("1.1", "users", b"\xff\xfe\x00\xd8\x00\xd8"),
        ("1.1", "users", b"sourcedId;role;orgSourcedIds;givenName;familyName\nada;parent;north;Ada;Reyes\n"),
        ("1.1", "orgs", None),
        ("1.1", "classes", None),
        ("1.1", "courses", None),
        ("1.2", "users", None),
        ("1.2", "orgs", None),
        ("1.2", "roles", None),
    ],
)
def test_a_file_that_cannot_be_read_is_the_only_problem_whoever_refers_to_it(
    version: str, file: str, bytes_: bytes | None
) -> None:
    tables = district() | {"courses": [{"sourcedId": "painting", "title": "Painting"}]}
    tables["classes"] = [tables["classes"][0] | {"title": "", "courseSourcedId": "painting"}]
    if version == "1.2":
        tables = in_1_2(tables)
    assert reading(zipped(tables, version=version)).kinds == []
    found = reading(zipped(tables, version=version, files={f"{file}.csv": bytes_}))
    assert {problem.file for problem in found.problems.listed} == {f"{file}.csv"}
    assert found.problems.refuse


def test_a_file_called_absent_that_must_be_there_is_the_only_problem() -> None:
    found = reading(zipped(district(), modes={"orgs": "absent"}, files={"orgs.csv": None}))
    assert (found.only.kind, found.only.file) == (ProblemKind.FILE_MISSING, "orgs.csv")


def test_a_delta_over_nothing_is_the_only_problem() -> None:
    found = reading(zipped(district(), modes={"users": "delta"}))
    assert (found.only.kind, found.only.file) == (ProblemKind.DELTA_WITHOUT_BASE, "users.csv")


# Encodings


@pytest.mark.parametrize(
    ("encoding", "kinds"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("cp1252", [ProblemKind.ENCODING_NOT_UTF8]),
        ("utf-16", [ProblemKind.ENCODING_NOT_UTF8]),
    ],
)
def test_text_is_read_by_whatever_encoding_it_has(encoding: str, kinds: list[ProblemKind]) -> None:
    text = _users_text().replace("Ada Reyes", "Ada").replace("Dennis", "Zoë Nuñez")
    found = reading(_users(text.encode(encoding)))
    assert found.kinds == kinds
    assert found.rows.people["dennis"].given_name == "Zoë Nuñez"
    assert not found.problems.refuse


def test_one_letter_of_windows_1252_far_down_is_enough() -> None:
    """The whole file is looked at before the first line is read."""
    many = [user(f"g{i}", "guardian", f"Guard {i}") for i in range(30_000)]
    text = as_csv(USERS, [*district()["users"], *many, user("last", "guardian", "Zoë End")]).decode()
    found = reading(_users(text.encode("cp1252")))
    assert (found.kinds, found.rows.people["last"].given_name) == ([ProblemKind.ENCODING_NOT_UTF8], "Zoë")


def test_what_no_encoding_reads_is_refused() -> None:
    spoilt = _users_text().encode("utf-16") + b"\x00\xd8\x00"
    found = reading(_users(spoilt))
    assert (found.kinds, found.problems.refuse) == ([ProblemKind.ENCODING_UNREADABLE], True)
    assert found.only.file == "users.csv"


# CSV


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(end: str) -> None:
    found = reading(_users(_users_text().replace("\n", end)))
    assert (found.kinds, len(found.rows.people)) == ([], 6)


def test_columns_may_stand_in_any_order_and_case_with_others_between() -> None:
    header = "FamilyName, GIVENNAME ,metadata.shoe,role,orgSourcedIds,sourcedid,Email,,"
    line = "Reyes,Ada,42,parent,north,ada,ada@example.org,,"
    found = reading(zipped(district(), files={"users.csv": f"{header}\n{line}\n".encode()}))
    ada = found.rows.people["ada"]
    assert (ada.given_name, ada.family_name, ada.email) == ("Ada", "Reyes", "ada@example.org")


def test_a_line_break_inside_quotes_is_no_line_and_problems_are_found_at_their_first_line() -> None:
    lines = [
        "sourcedId,role,orgSourcedIds,givenName,familyName,email",
        'ada,parent,north,"Ada\r\nMaria",Reyes,',
        'bo,parent,north,"Bo\n",Reyes,none',
        "cy,parent,north,Cy,Reyes,not an email",
    ]
    found = reading(_users("\n".join(lines)))
    assert found.rows.people["ada"].given_name == "Ada Maria"
    at = [(p.kind, p.line) for p in found.problems.listed if p.file == "users.csv" and p.column == "email"]
    assert at == [(ProblemKind.NOT_AN_EMAIL, 6)]


@pytest.mark.parametrize("line", ["", ",,,", ",,,,,,,,", ",,"])
def test_a_blank_line_is_none(line: str) -> None:
    text = f"sourcedId,name,type,\nnorth,North,school,\n{line}\nsouth,South,school,\n"
    found = reading(zipped(district(), files={"orgs.csv": text.encode()}))
    assert (found.kinds, found.counts["orgs"]) == ([], 2)


def test_commas_after_the_last_column_are_harmless() -> None:
    text = "sourcedId,name,type\nnorth,North,school,,,\n"
    assert reading(zipped(district(), files={"orgs.csv": text.encode()})).rows.orgs["north"].name == "North"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("north,North", None),
        ("north,North,school,extra", "north"),
        ("north", None),
    ],  # half a line is nobody's
)
def test_a_line_of_another_length_is_not_read(line: str, shown: str | None) -> None:
    text = f"sourcedId,name,type\nsouth,South,school\n{line}\n"
    found = reading(zipped(district(), files={"orgs.csv": text.encode()}))
    first = found.only
    assert (first.kind, first.file, first.line, first.sourced_id) == (
        ProblemKind.FIELD_COUNT,
        "orgs.csv",
        3,
        shown,
    )
    assert (set(found.rows.orgs), found.problems.refuse) == ({"south"}, False)


@pytest.mark.parametrize(
    "line", ['north,"North,school', 'north,"North" School,school', f"north,{'x' * 131_073},school"]
)
def test_a_quote_that_is_not_closed_costs_its_own_line(line: str) -> None:
    text = f"sourcedId,name,type\nsouth,South,school\n{line}\neast,East,school\n"
    found = reading(zipped(district(), files={"orgs.csv": text.encode()}))
    first = found.only
    assert (first.kind, first.file, first.line, first.sourced_id) == (
        ProblemKind.CSV_UNREADABLE,
        "orgs.csv",
        3,
        "north",
    )
    assert (set(found.rows.orgs), found.problems.refuse) == ({"south", "east"}, False)


@pytest.mark.parametrize("header", ['sourcedId,"na"me,type', 'sourcedId,name,"type'])
def test_a_quote_that_is_not_closed_in_the_header_is_told_of_line_1(header: str) -> None:
    found = reading(zipped(district(), files={"orgs.csv": f"{header}\nsouth,South,school\n".encode()}))
    first = found.only
    assert (first.kind, first.file, first.line) == (ProblemKind.COLUMN_MISSING, "orgs.csv", 1)
    assert found.problems.refuse


def test_a_column_twice_refuses_the_export_where_it_is_read() -> None:
    columns = "sourcedId,role,orgSourcedIds,givenName,familyName,email"
    twice = reading(_users(f"{columns},Email\n")).problems.listed[0]
    assert (twice.kind, twice.line, twice.column) == (ProblemKind.COLUMN_TWICE, 1, "email")
    found = reading(_users(f"{columns},metadata.note,metadata.note\nada,parent,north,Ada,Reyes,,x,y\n"))
    assert (ProblemKind.COLUMN_TWICE in found.kinds, "ada" in found.rows.people) == (False, True)


@pytest.mark.parametrize(
    ("version", "file", "column"),
    [
        ("1.1", "users", "role"),
        ("1.1", "users", "orgSourcedIds"),
        ("1.1", "users", "sourcedId"),
        ("1.1", "orgs", "type"),
        ("1.2", "roles", "userSourcedId"),
    ],
)
def test_a_column_that_must_be_there_refuses_the_export(version: str, file: str, column: str) -> None:
    header = [name for name in columns_of(file, version) if name != column]
    tables = district() if version == "1.1" else in_1_2()
    found = reading(zipped(tables, version=version, files={f"{file}.csv": as_csv(header, [])}))
    first = found.problems.listed[0]
    assert (first.kind, first.file, first.column) == (ProblemKind.COLUMN_MISSING, f"{file}.csv", column)
    assert found.problems.refuse


@pytest.mark.parametrize("bytes_", [b"", b"\xef\xbb\xbf", b"\n\n", b" , ,\r\n"])
def test_an_empty_file_is_told_as_that(bytes_: bytes) -> None:
    found = reading(zipped(district(), files={"orgs.csv": bytes_}))
    assert (found.only.kind, found.only.file, found.problems.refuse) == (
        ProblemKind.FILE_EMPTY,
        "orgs.csv",
        True,
    )
