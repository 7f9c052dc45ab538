"""Exports as a SIS writes them, with all columns of the field lists of 1.1 and 1.2, and without each of them.

The samples are in tests/samples/oneroster: one district in either version, every column filled somewhere,
with line breaks in quotes, lines to be deleted, and letters that only Windows-1252 and Unicode have.
"""

import csv
import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from reachable.model.people import AccountStatus, Role, RosterKind, id_of
from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import vocabulary
from tests.roster_exports import HEADERS
from tests.unit.oneroster.exports import Reading, reading

SAMPLES: Final = Path(__file__).parents[2] / "samples" / "oneroster"
VERSIONS: Final = sorted(vocabulary.VERSIONS)
READ: Final = {columns.file: columns for columns in vocabulary.FILES_READ}

type Style = Callable[[str], bytes]


def _plain(text: str) -> bytes:
    return text.encode()


def _windows(text: str) -> bytes:
    """With the mark, CRLF even inside quotes, and every field quoted."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(csv.reader(io.StringIO(text)))
    return out.getvalue().replace("\n", "\r\n").encode("utf-8-sig")


def _windows_1252(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("cp1252")


@cache
def _sample(version: str) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in (SAMPLES / version).glob("*.csv")}


def _zipped(texts: dict[str, str], style: Style = _plain) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, style(text))
    return buffer.getvalue()


@cache
def _read(version: str, style: Style = _plain) -> Reading:
    return reading(_zipped(_sample(version), style))


def _columns(version: str, file: str) -> list[str]:
    """The columns of a file by the field lists, and ours."""
    ours = ["metadata.language"] if file == "users" else []
    return [*HEADERS[version][file].split(","), *ours]


def _needed(version: str, file: str) -> set[str]:
    return {*READ[file].required, *vocabulary.REQUIRED_OF_VERSION[version].get(file, ())}


def _less(text: str, gone: set[str]) -> str:
    """The file without these columns."""
    rows = csv.DictReader(io.StringIO(text))
    kept = [name for name in rows.fieldnames or () if name not in gone]
    out = io.StringIO()
    writer = csv.DictWriter(out, kept, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


FILES: Final = [(version, file) for version in VERSIONS for file in READ if f"{file}.csv" in _sample(version)]
OPTIONAL: Final = [
    (version, file, column)
    for version, file in FILES
    for column in _columns(version, file)
    if column not in _needed(version, file)
]


# Every column there


@pytest.mark.parametrize(("version", "file"), FILES)
def test_the_samples_fill_every_column_of_the_field_lists(version: str, file: str) -> None:
    rows = list(csv.DictReader(io.StringIO(_sample(version)[f"{file}.csv"])))
    assert list(rows[0]) == _columns(version, file)
    assert [column for column in rows[0] if not any(row[column] for row in rows)] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_file_that_is_read_is_in_the_samples(version: str) -> None:
    assert {file for of, file in FILES if of == version} == set(READ) - (
        {"roles"} if version == "1.1" else set()
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_an_export_with_all_columns_is_read(version: str) -> None:
    found = _read(version)
    assert (found.kinds, found.export.missing) == ([], ())
    people = {one.sourced_id: one for one in found.joined.users()}
    assert {id_: (one.name, one.role, one.language) for id_, one in people.items()} == {
        "U-201": ("Ada Reyes", Role.GUARDIAN, "es"),
        "U-202": ("Dennis Reyes García", Role.GUARDIAN, "en"),
        "U-203": ("Máire O’Brien", Role.GUARDIAN, "en"),  # noqa: RUF001 - as it is typed
        "U-301": ("Tess Young", Role.TEACHER, "en"),
        "U-302": ("Kai Smith", Role.TEACHER, "en"),
        "U-303": ("Cory Grant", Role.DISTRICT, "en"),
    }
    assert {id_: sorted(map(str, one.credentials.values())) for id_, one in people.items()} == {
        "U-201": ["email:reyes.family@example.org", "phone:+12025550101"],
        "U-202": ["email:reyes.family@example.org", "phone:+12025550101"],
        "U-203": ["phone:+12025550103"],
        "U-301": ["email:tess.young@example.org", "phone:+12025550104"],
        "U-302": ["email:kai.smith@example.org"],
        "U-303": ["email:cory.grant@example.org"],
    }
    pending = [id_ for id_, one in people.items() if one.account_status is AccountStatus.PENDING]
    assert pending == ["U-203"]
    zoe, liam = found.joined.students()
    assert (zoe.name, zoe.grade, [link.name for link in zoe.guardians]) == (
        "Zoë Reyes Núñez",
        "03",
        ["Ada Reyes", "Dennis Reyes García", "Kai Smith"],
    )
    assert [link.name for link in liam.guardians] == ["Máire O’Brien"]  # noqa: RUF001 - as it is typed
    assert {one.name for one in found.joined.schools()} == {
        "Cañon Elementary",
        "Saint Mary’s Middle School",  # noqa: RUF001 - as it is typed
    }
    assert {one.title for one in found.joined.classes()} == {"Grade 3 Room 12", "Pre-Algebra, period 2"}
    assert people["U-301"].classes == (id_of(RosterKind.CLASS, "K-3A"),)
    assert people["U-302"].works_at == (id_of(RosterKind.SCHOOL, "S-020"),)
    assert people["U-303"].works_at == ()


def test_both_versions_tell_the_same() -> None:
    """But for the one relation that 1.1 cannot: Kai is a teacher and a parent."""
    one, two = _read("1.1"), _read("1.2")
    assert [u.sourced_id for u in one.joined.users()] == [u.sourced_id for u in two.joined.users()]
    assert (one.user("U-302").students[0].relation, two.user("U-302").students[0].relation) == (
        "guardian",
        "parent",
    )
    assert list(one.joined.classes()) == list(two.joined.classes())


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("style", "kind"), [(_windows, None), (_windows_1252, ProblemKind.ENCODING_NOT_UTF8)]
)
def test_an_export_of_a_windows_sis_is_read_alike(
    version: str, style: Style, kind: ProblemKind | None
) -> None:
    found = _read(version, style)
    assert set(found.kinds) <= {kind}
    assert found.rows == _read(version).rows


def test_windows_1252_is_told_where_it_makes_a_difference() -> None:
    files = [problem.file for problem in _read("1.1", _windows_1252).problems.listed]
    assert sorted(files) == ["orgs.csv", "users.csv"]


# Columns not there


@pytest.mark.parametrize("style", [_windows, _windows_1252])
@pytest.mark.parametrize(("version", "file", "column"), OPTIONAL)
def test_each_column_may_be_absent_but_those_that_are_needed(
    version: str, file: str, column: str, style: Style
) -> None:
    """Without a column that is not read nothing changes; without one that is, just what it told is gone."""
    texts = _sample(version)
    found = reading(_zipped(texts | {f"{file}.csv": _less(texts[f"{file}.csv"], {column})}, style))
    assert not found.problems.refuse
    if column != "status":  # without it lines that are to be deleted stay
        assert set(found.kinds) <= {ProblemKind.ENCODING_NOT_UTF8}
    assert (found.rows == _read(version).rows) is (column not in READ[file].optional)


@pytest.mark.parametrize("style", [_windows, _windows_1252])
@pytest.mark.parametrize("version", VERSIONS)
def test_all_columns_may_be_absent_but_those_that_are_needed(version: str, style: Style) -> None:
    texts = _sample(version)
    for of, file in FILES:
        if of == version:
            gone = set(_columns(version, file)) - _needed(version, file)
            texts = texts | {f"{file}.csv": _less(texts[f"{file}.csv"], gone)}
    found = reading(_zipped(texts, style))
    assert set(found.kinds) <= {ProblemKind.ENCODING_NOT_UTF8}
    users = list(found.joined.users())
    assert ("U-201", "Ada Reyes", "en") in [(one.sourced_id, one.name, one.language) for one in users]
    assert not any(one.credentials or one.students for one in users)
    assert len(list(found.joined.students())) == 2
