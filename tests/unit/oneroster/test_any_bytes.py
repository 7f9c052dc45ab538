"""Whatever is uploaded, an import gets problems or an export, never an exception."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reachable.oneroster import read
from reachable.oneroster import rows as stored
from reachable.oneroster.join import Joined
from reachable.oneroster.problems import Problems
from reachable.oneroster.rows import Row, Rows
from tests.roster_exports import Table, as_csv, columns_of, district, in_1_2, zipped
from tests.unit.oneroster.exports import TODAY, Checking, checking

BASE: Final = read.export(io.BytesIO(zipped(district())), Rows(), "US", Problems()).rows
GOOD: Final = {"1.1": zipped(_tables := district()), "1.2": zipped(in_1_2(), version="1.2")}
NASTY: Final = st.sampled_from(
    [
        "", " ", "NULL", "null", "\x00", "\n", "\r\n", '"', "'", ",", "a,b", '"a","b"', "tobedeleted",
        "active", "true", "student", "parent", "teacher", "ada", "bo", "north", "district", "art",
        "2026-02-30", "0001-01-01", "9999-12-31T23:59:59Z", "-1", "1e9", "=1+1", "@", "a@b", "none@none.com",
        "x" * 300, "\ufeff", "\u202e", "\U0001f600", "\ud7ff", "+", "x12", "1" * 20, "(202) 555-0123 x1",
    ]
)  # fmt: skip
FIELDS: Final = NASTY | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def _whole(bytes_: bytes, base: Rows) -> Checking:
    """Everything that an import does with an upload, short of writing."""
    found = checking(bytes_, base)
    for counts in found.checked.counts.values():
        assert counts.read == counts.taken + sum(counts.left_out.values())
        assert min([counts.read, counts.taken, *counts.left_out.values()]) >= 0
    for table in stored.ROW_OF:
        _nothing_vanishes(found, table, getattr(base, table))
    assert stored.of_lines(io.BytesIO(b"".join(stored.lines(found.rows)))) == found.rows
    joined = Joined(found.rows, TODAY, "en")
    left_out = {id_ for ids in joined.left_out["people"].values() for id_ in ids}
    assert len(joined.student_ids) + len(joined.roles) + len(left_out) == len(found.rows.people)
    assert joined.student_ids | joined.roles.keys() | left_out == found.rows.people.keys()
    classes = {one.id for one in joined.classes()}
    schools = {one.id for one in joined.schools()}
    students = {one.id: one for one in joined.students()}
    users = {one.id: one for one in joined.users()}
    for student in students.values():
        assert {link.id for link in student.guardians} <= set(users)
        assert set(student.classes) <= classes
        assert set(student.schools) <= schools
    for user in users.values():
        assert {link.id for link in user.students} <= set(students)
        assert set(user.classes) <= classes
        assert {*user.works_at} <= {*user.schools} <= schools
    return found


def _nothing_vanishes(found: Checking, table: str, base: Mapping[str, Row]) -> None:
    """Nothing that is stored goes but for lines that could all be read, and that are without it or say so.

    A tie between two others may have another id.
    """
    now: Mapping[str, Row] = getattr(found.rows, table)
    here = {row[1:] for row in now.values()} if table in ("roles", "enrollments") else set()
    gone = {id_ for id_, row in base.items() if id_ not in now and row[1:] not in here}
    if gone:
        file = found.export.files[table]
        assert not file.unread.nameless
        assert gone.isdisjoint(file.unread.ids)
        assert gone.isdisjoint(file.lines)


# Bytes


@given(st.binary(max_size=200))
def test_any_bytes(bytes_: bytes) -> None:
    found = _whole(bytes_, BASE)
    assert found.refused
    assert found.rows is BASE


@given(st.data(), st.sampled_from(sorted(GOOD)))
def test_a_zip_of_which_bytes_are_others(data: st.DataObject, version: str) -> None:
    zip_ = bytearray(GOOD[version])
    # Its directory, at the end, is where a change tells most.
    at = st.integers(0, len(zip_) - 1) | st.integers(len(zip_) - 600, len(zip_) - 1)
    for place, byte in data.draw(st.lists(st.tuples(at, st.integers(0, 255)), min_size=1, max_size=8)):
        zip_[place] = byte
    _whole(bytes(zip_), BASE)


@given(st.data())
def test_a_zip_that_is_cut_or_holds_something_twice(data: st.DataObject) -> None:
    zip_ = GOOD["1.1"]
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(zip_))] * 2)))
    cut = data.draw(
        st.sampled_from(
            [zip_[:first], zip_[first:], zip_[:first] + zip_[second:], zip_[:second] + zip_[first:]]
        )
    )
    _whole(cut, BASE)


@given(
    st.sampled_from(["manifest", "orgs", "users", "roles", "classes", "enrollments", "courses"]),
    st.binary(max_size=300)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(str.encode)
    | st.lists(st.lists(FIELDS, max_size=6).map(",".join), max_size=8).map("\n".join).map(str.encode),
)
@example("users", b"\xff\xfe\x00\xd8\x00\xd8")
@example("users", b"\xff\xfes")
def test_any_file_in_a_good_zip(file: str, bytes_: bytes) -> None:
    modes = {"roles": "bulk", "courses": "bulk"}
    _whole(zipped(district(), modes=modes, files={f"{file}.csv": bytes_}), BASE)


# Files that a program, or a person with a spreadsheet, has spoilt


def _cut(text: str, data: st.DataObject) -> str:
    return text[: data.draw(st.integers(0, len(text)))]


def _cut_out(text: str, data: st.DataObject) -> str:
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return text[:first] + text[second:]


def _doubled_line(text: str, data: st.DataObject) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = data.draw(st.integers(0, len(lines) - 1))
    return "".join([*lines[: at + 1], *lines[at:]])


def _shuffled_lines(text: str, data: st.DataObject) -> str:
    return "".join(data.draw(st.permutations(text.splitlines(keepends=True))))


def _shuffled_columns(text: str, data: st.DataObject) -> str:
    """The names move, the values stay: what a wrong mapping in the SIS gives."""
    header, _, rest = text.partition("\n")
    return ",".join(data.draw(st.permutations(header.split(",")))) + "\n" + rest


def _other_delimiter(text: str, data: st.DataObject) -> str:
    return text.replace(",", data.draw(st.sampled_from([";", "\t", "|", '","', ",,"])))


def _inserted(text: str, data: st.DataObject) -> str:
    at = data.draw(st.integers(0, len(text)))
    return text[:at] + data.draw(FIELDS) + text[at:]


def _replaced(text: str, data: st.DataObject) -> str:
    """One value, everywhere, by another."""
    values = sorted({value for line in text.splitlines() for value in line.split(",")} or {""})
    return text.replace(data.draw(st.sampled_from(values)) or "\x01", data.draw(FIELDS))


SPOILS: Final[list[Callable[[str, st.DataObject], str]]] = [
    _cut, _cut_out, _doubled_line, _shuffled_lines, _shuffled_columns, _other_delimiter, _inserted, _replaced,
]  # fmt: skip


@settings(max_examples=300)
@given(st.data(), st.sampled_from(sorted(GOOD)), st.sampled_from(["bulk", "delta"]), st.booleans())
def test_a_good_export_spoilt(data: st.DataObject, version: str, mode: str, based: bool) -> None:
    tables = in_1_2() if version == "1.2" else district()
    whole = zipped(tables, mode, version)
    files: dict[str, bytes | None] = {}
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        for name in data.draw(st.lists(st.sampled_from(archive.namelist()), min_size=1, max_size=3)):
            text = (files.get(name) or archive.read(name)).decode(errors="replace")
            spoilt = data.draw(st.sampled_from(SPOILS))(text, data)
            encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
            files[name] = spoilt.encode(encoding, errors="replace")
    _whole(zipped(tables, mode, version, files=files), BASE if based else Rows())


@settings(max_examples=200)
@given(st.data(), st.sampled_from(sorted(GOOD)), st.sampled_from(["bulk", "delta"]))
def test_good_tables_with_any_values(data: st.DataObject, version: str, mode: str) -> None:
    tables = in_1_2() if version == "1.2" else district()
    for _ in range(data.draw(st.integers(1, 5))):
        table = data.draw(st.sampled_from(sorted(tables)))
        rows: Table = [dict(row) for row in tables[table]]
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(FIELDS)
        tables = tables | {table: rows}
    _whole(zipped(tables, mode, version), BASE)


# Lines that a person or a program has spoilt, each in its place: nobody else pays for it

PIECES: Final = st.sampled_from(
    [
        '"',
        '""',
        ',"',
        '",',
        "\n",
        "\r\n",
        "\r",
        ",",
        ",,",
        "'",
        "\\",
        '\\"',
        ";",
        "\t",
        " ",
        "\x00",
        "é",
        "\udce9",
        "\udc81",
        "x" * 256,
    ]
) | st.text(max_size=3)


@st.composite
def _spoilt_line(draw: st.DrawFn, line: str) -> str:
    """A line with something put in or taken out, once or twice."""
    for _ in range(draw(st.integers(1, 2))):
        first, second = sorted(draw(st.tuples(*[st.integers(0, len(line))] * 2)))
        line = line[:first] + draw(PIECES) + line[draw(st.sampled_from([first, first, second])) :]
    return line


def _quoted(line: str) -> str:
    return ",".join(f'"{cell}"' for cell in next(csv.reader([line])))


LINES: Final = as_csv(columns_of("users"), _tables["users"]).decode().splitlines()
STYLES: Final[list[Callable[[str], str]]] = [str, _quoted, lambda line: line.rstrip(",")]


@settings(max_examples=400)
@given(st.data(), st.sampled_from(STYLES), st.sampled_from(["\n", "\r\n"]), st.sampled_from([BASE, Rows()]))
def test_lines_that_are_spoilt_cost_themselves_alone(
    data: st.DataObject, style: Callable[[str], str], end: str, base: Rows
) -> None:
    lines = [style(line) for line in LINES]
    places = data.draw(st.sets(st.integers(1, len(lines) - 1), min_size=1, max_size=2))
    for place in places:
        lines[place] = data.draw(_spoilt_line(lines[place]))
    bytes_ = end.join(lines).encode("utf-8", "surrogateescape") + end.encode()
    found = _whole(zipped(_tables, files={"users.csv": bytes_}), base)
    for place, line in enumerate(LINES[1:], 1):
        who = line.partition(",")[0]
        if place not in places:
            # At first, a line whose blanks were left out may be taken for half of the broken one behind it.
            told = not base and who in found.export.files["people"].unread.ids
            assert told or found.rows.people[who] == BASE.people[who]
        elif base and lines[place].startswith((f"{who},", f'"{who}",')):
            assert who in found.rows.people  # as stored, or as the line now says
