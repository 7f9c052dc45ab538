"""One CSV file as programs and people leave it: lengths of lines, columns, encodings, quotation marks."""

import csv
import io
import time
from collections.abc import Callable, Mapping
from typing import Final

import orjson
import pytest

from reachable.oneroster import report, vocabulary
from reachable.oneroster.rows import Rows
from reachable.words import Language
from tests.roster_exports import HEADERS, Table, as_csv, columns_of, district, in_1_2, user, zipped
from tests.unit.oneroster.exports import Checking, changed, checking, reading

TEXT: Final = as_csv(columns_of("users"), district()["users"]).decode()
LINES: Final = TEXT.splitlines()
"""The header, then bo, lu, ada, dennis, eve, tess: lines 2 to 7."""
BASE: Final = reading(zipped(district())).rows
PEOPLE: Final = (["bo", "lu"], ["ada", "dennis", "eve", "tess"])


def _users(users: bytes | str | list[str], base: Rows | None = None) -> Checking:
    """The district with this users.csv."""
    text = "\n".join(users) + "\n" if isinstance(users, list) else users
    bytes_ = text.encode() if isinstance(text, str) else text
    return checking(zipped(district(), files={"users.csv": bytes_}), base)


def _with(line: int, change: Callable[[str], str]) -> list[str]:
    """The lines of users.csv with one, counted from 1, changed."""
    return [change(text) if i == line else text for i, text in enumerate(LINES, 1)]


def _comes_in_right(found: Checking) -> None:
    assert (found.told, found.refused, found.rows) == ([], False, BASE)


# How many fields a line has: K4


@pytest.mark.parametrize(
    "lines",
    [
        [f"{LINES[0]},,", *LINES[1:]],
        [f"{LINES[0]},,", *(f"{line},," for line in LINES[1:])],
        [f"{LINES[0]},,", *(f"{line},note," for line in LINES[1:])],
        [f",{LINES[0]}", *(f",{line}" for line in LINES[1:])],
        [LINES[0], *(line.rstrip(",") for line in LINES[1:])],
        [LINES[0], *(f"{line},,," for line in LINES[1:])],
        [LINES[0], *(f"{line},,," if i < 3 else line for i, line in enumerate(LINES[1:]))],
        [LINES[0], *(f"{line},,," if i >= 3 else line for i, line in enumerate(LINES[1:]))],
        [LINES[0], *(line.rstrip(",") if i % 2 else line for i, line in enumerate(LINES[1:]))],
        ["", ",,,", *LINES, "", "  ", " , , ", ",,,,", "\x1a"],
        [*LINES, "\0" * 40],
        [*LINES[:3], "", *LINES[3:], "   "],
        [*LINES[:3], "  " + "," * LINES[0].count(","), *LINES[3:]],
    ],
)
def test_unnamed_columns_and_blanks_at_the_end_are_harmless(lines: list[str]) -> None:
    for base in (None, BASE):
        _comes_in_right(_users(lines, base))
        _comes_in_right(_users("\r\n".join(lines), base))  # the last line without an end


def test_a_column_that_stands_behind_the_required_ones_may_be_left_out_line_by_line() -> None:
    header = "sourcedId,givenName,familyName,role,orgSourcedIds,email,sms,agentSourcedIds"
    lines = [
        header,
        'bo,Bo,Reyes,student,north,,,"ada,dennis"',
        "lu,Lu,Hart,student,north,,,eve",
        "ada,Ada,Reyes,parent,north,Ada@Example.org,(202) 555-0123",
        "dennis,Dennis,Reyes,parent,north,,202-555-0123",
        "eve,Eve,Hart,guardian,north,eve@example.org,202 555 0124",
        "tess,Tess,Young,teacher,north",
    ]
    found = _users(lines)
    assert (found.told, found.there) == ([], PEOPLE)
    assert (found.rows.people["tess"].email, found.rows.people["dennis"].phone) == (None, "+12025550123")


@pytest.mark.parametrize(
    "typed", ["-", "--", ".", "na", "N/A", "n.a.", "None", "NULL", "nil", "Unknown", "no", "x"]
)
@pytest.mark.parametrize("blanks", [0, 1, 2])
def test_a_line_without_its_last_blanks_may_end_in_any_word_for_nothing(typed: str, blanks: int) -> None:
    """As a spreadsheet leaves it: her email, mobile or phone is the last that is typed."""
    before_the_email = LINES[6].partition("tess@")[0]
    found = _users([*LINES[:6], f"{before_the_email}{',' * blanks}{typed}"])
    assert (found.told, found.there) == ([], PEOPLE)


@pytest.mark.parametrize("line", [2, 4, 7])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(",Ada,", ",Ada, Maria,").replace("Bo,", "B, o,").replace("Tess", "Te,ss"),
        lambda text: f"{text},x",
        lambda text: f"{text},,x",
        lambda text: f"{text},,,",  # one line alone: where is the comma too many?
        lambda text: ",".join(text.split(",")[:9]),
        lambda text: text.partition(",")[0],
        lambda text: f"{text.partition(',')[0]},",
    ],
)
def test_a_line_with_fields_too_many_or_too_few_is_not_read(change: Callable[[str], str], line: int) -> None:
    """An unquoted comma in a name pushes an email into the phone, and the blanks at the end hide it."""
    who = LINES[line - 1].partition(",")[0]
    lines = _with(line, change)
    found = _users(lines, BASE)
    assert found.told == [("field_count", "users.csv", line, None, who)]
    assert (found.rows, found.refused) == (BASE, False)
    at_first = _users(lines)
    assert who not in at_first.rows.people
    short = lines[line - 1].count(",") < LINES[0].count(",")  # may be the second half of another's line
    assert at_first.told[0] == ("field_count", "users.csv", line, None, None if short else who)
    assert at_first.count("users.csv").left_out == {"field_count": 1}


@pytest.mark.parametrize(("length", "shown"), [(255, True), (256, False), (2_000, False)])
@pytest.mark.parametrize("rest", [f",{LINES[3].partition(',')[2]},x", ',"Ada"x,'], ids=["fields", "marks"])
def test_an_id_longer_than_one_may_be_is_in_no_report_of_a_line_that_is_not_read(
    rest: str, length: int, shown: bool
) -> None:
    """It may be anything but an id."""
    id_ = "g" * length
    found = _users([*LINES, f"{id_}{rest}", LINES[6].replace("tess", "zoe")], BASE)
    kind = "field_count" if rest.endswith("x") else "csv_unreadable"
    assert found.told[0] == (kind, "users.csv", 8, None, id_ if shown else None)
    assert found.export.files["people"].unread.nameless == (0 if shown else 1)


@pytest.mark.parametrize("break_", ["Ada", "Reyes", "Ada@Example.org"])
def test_a_line_break_without_quotes_costs_both_halves(break_: str) -> None:
    """Neither half may be taken for a whole line whose blanks were left out."""
    found = _users(_with(4, lambda text: text.replace(break_, f"{break_}\n", 1)), BASE)
    assert found.told == [
        ("field_count", "users.csv", 4, None, "ada"),
        ("field_count", "users.csv", 5, None, None),
        ("nobody_removed", "users.csv", None, None, None),
    ]
    assert (found.figures, found.rows, found.refused) == ({"nobody_removed": ["1 of 2"]}, BASE, False)


FULL: Final[dict[str, str]] = {
    "sourcedId": "ada", "status": "active", "dateLastModified": "2026-11-01", "enabledUser": "true",
    "orgSourcedIds": "north", "role": "parent", "username": "ada.reyes", "userIds": "{Fed:7}",
    "givenName": "Ada Mae", "familyName": "Reyes Hart", "middleName": "Maria Jose", "identifier": "4711",
    "email": "Ada@Example.org", "sms": "(202) 555-0123", "phone": "202-555-0199", "agentSourcedIds": "bo",
    "grades": "03", "password": "hunter2", "userMasterIdentifier": "9-4711", "resourceSourcedIds": "r1",
    "preferredGivenName": "Ada Mae", "preferredMiddleName": "Mary", "preferredFamilyName": "Reyes",
    "primaryOrgSourcedId": "north", "pronouns": "she", "metadata.language": "es", "metadata.house": "red",
}  # fmt: skip
"""A line in which every column is filled, and those that a test leaves blank are not."""
SPARSE: Final = FULL | dict.fromkeys(
    (
        "status", "dateLastModified", "username", "userIds", "identifier", "phone", "agentSourcedIds",
        "grades", "userMasterIdentifier", "resourceSourcedIds", "preferredGivenName", "preferredMiddleName",
        "preferredFamilyName", "metadata.house",
    ),
    "",
)  # fmt: skip


def _around(version: str, ada: dict[str, str], *more: str) -> tuple[dict[str, Table], list[str]]:
    """The district with that line of ada's, and users.csv's lines; hers is the fourth."""
    tables = in_1_2() if version == "1.2" else district()
    header = [*columns_of("users", version), *more]
    ada = {column: ada[column] for column in header}
    tables["users"] = [ada if row["sourcedId"] == "ada" else row for row in tables["users"]]
    return tables, as_csv(header, tables["users"]).decode().splitlines()


VERSIONS: Final = [("1.1", ()), ("1.1", ("metadata.language", "metadata.house")), ("1.2", ())]


@pytest.mark.parametrize(("version", "more"), VERSIONS)
@pytest.mark.parametrize("ada", [FULL, SPARSE])
def test_wherever_a_line_break_cuts_a_line_neither_half_is_taken_for_a_whole_one(
    version: str, more: tuple[str, ...], ada: dict[str, str]
) -> None:
    """Whatever is read is as it was stored; and no half tells in a report what stood in it."""
    tables, lines = _around(version, ada, *more)
    base = reading(zipped(tables, version=version)).rows
    fields = lines[3].split(",")
    for place, cell in enumerate(fields[1:-1], 1):
        cut = ",".join([*fields[:place], f"{cell[:1]}\n{cell[1:]}", *fields[place + 1 :]])
        files: dict[str, bytes | None] = {"users.csv": "\n".join([*lines[:3], cut, *lines[4:]]).encode()}
        for before in (base, Rows()):
            found = checking(zipped(tables, version=version, files=files), before)
            theirs = {one.sourced_id for one in found.problems.listed if one.file == "users.csv"}
            assert {id_: row for id_, row in found.rows.people.items() if row != base.people[id_]} == {}
            assert [told[2] for told in found.told if told[0] == "field_count"] == [4, 5], cell
            assert theirs - {"ada", None, "bo", "lu"} == set(), cell
            assert ("ada" in found.rows.people) is bool(before)


@pytest.mark.parametrize(("version", "more"), VERSIONS)
@pytest.mark.parametrize("last", ["hunter2", ""])
def test_a_line_that_lacks_a_comma_in_its_middle_shifts_nothing(
    version: str, more: tuple[str, ...], last: str
) -> None:
    """As an exporter writes it that drops a blank field."""
    header = [*columns_of("users", version), *more]
    ada = SPARSE | {header[-1]: last, header[-2]: ""}
    tables, lines = _around(version, ada, *more)
    base = reading(zipped(tables, version=version)).rows
    fields = lines[3].split(",")
    blanks = [place for place, cell in enumerate(fields[:-1]) if not cell and any(fields[place:-1])]
    for place in blanks:
        short = ",".join([*fields[:place], *fields[place + 1 :]])
        files: dict[str, bytes | None] = {"users.csv": "\n".join([*lines[:3], short, *lines[4:]]).encode()}
        found = checking(zipped(tables, version=version, files=files), base)
        assert found.rows.people == base.people
        assert ("field_count", "users.csv", 4, None, "ada") in found.told, header[place]


@pytest.mark.parametrize("grade", ["", "03", "KG"])
def test_a_short_line_that_ends_in_a_blank_and_is_as_long_as_no_other_is_not_read(grade: str) -> None:
    """An id looks like a number, and a grade like an id: only its end tells that it lacks a comma."""
    kid = "kid,,,true,north,student,,,Kid,Kay,,,,,,g1,03,"
    short = kid.replace(",,g1,03,", f",g1,{grade},")
    assert _users([*LINES, kid]).told == [("unknown_reference", "users.csv", 8, "agentSourcedIds", "kid")]
    for after in ([], LINES[6:]):
        found = _users([*LINES[: 7 - len(after)], short, *after], BASE)
        assert [told[0] for told in found.told] == ["field_count"]
        assert found.rows == BASE


@pytest.mark.parametrize("who", ["bo", "ada", "dennis", "tess"])
@pytest.mark.parametrize("name", [", Jr", ", Jr, MD", ",Jr.", " Reyes, the elder"])
def test_a_comma_without_quotes_in_a_name_shifts_nothing_where_the_last_columns_are_blank(
    who: str, name: str
) -> None:
    line = next(i for i, text in enumerate(LINES, 1) if text.startswith(f"{who},"))
    for family in ("Reyes", "Young"):
        lines = [
            text.replace(f",{family},", f",{family}{name},") if i == line else text
            for i, text in enumerate(LINES, 1)
        ]
        if lines == LINES:
            continue
        found = _users(lines, BASE)
        assert found.told == [("field_count", "users.csv", line, None, who)]
        assert found.rows == BASE
        assert who not in _users(lines).rows.people


@pytest.mark.parametrize(
    "second",
    [
        "ada.reyes@example.org,202-555-0123,,,,",
        "Brien,,,b@example.org,,,,,",
        "(202) 555-0123,,,,",
        "O'Brien",
        "Maria Reyes,202-555-0123",
    ],
)
@pytest.mark.parametrize("line", [4, 7])
def test_what_stands_in_a_half_of_a_line_is_in_no_report(second: str, line: int) -> None:
    found = _users([*LINES[: line - 1], "zoe,,,true,north,parent,u,,Zoe,O", second, *LINES[line - 1 :]])
    told = [(one.kind.value, one.sourced_id) for one in found.problems.listed]
    assert told == [("field_count", None)] * 2
    assert "zoe" not in found.rows.people


@pytest.mark.parametrize("first", ["ada", "Ada Reyes", "ada@example.org", "202-555-0123"])
def test_a_file_without_a_header_is_told_by_the_columns_that_it_lacks_and_by_nothing_of_its_own(
    first: str,
) -> None:
    found = _users([f"{first},guardians,,true,north,parent,u,,Anna,Rolle,,,,workPhone,,,,"] * 3)
    assert found.told == [("column_missing", "users.csv", 1, column, None) for column in NEEDED]
    assert found.figures == {}


def test_a_file_that_was_cut_in_its_last_line_keeps_whoever_stood_there() -> None:
    found = _users([*LINES[:-1], LINES[-1][:20]], BASE)
    assert (found.told, found.rows) == ([("field_count", "users.csv", 7, None, "tess")], BASE)


@pytest.mark.parametrize("kept", range(9, LINES[4].count(",") + 1))
def test_where_only_the_last_line_is_short_and_has_no_end_the_file_broke_off_in_it(kept: int) -> None:
    """Whatever fields are left of it: the last one may be half an address."""
    lines = [*LINES[:4], *LINES[5:], LINES[4].replace("202-555-0123", "202-555-0123,,,")]
    lines[-1] = ",".join(lines[-1].split(",")[:kept])
    found = _users("\n".join(lines), BASE)
    assert found.told == [("field_count", "users.csv", 7, None, "dennis")]
    assert (found.rows, found.refused) == (BASE, False)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\n  "])
def test_a_short_last_line_with_an_end_is_whole(end: str) -> None:
    cut = LINES[6].rstrip(",")
    found = _users("\n".join([*LINES[:6], cut]) + end, BASE)
    assert (found.told, found.rows) == ([], BASE)


def test_a_short_line_may_be_the_last_or_stand_before_a_long_one() -> None:
    short = LINES[5].rstrip(",")
    for lines in ([*LINES[:5], LINES[6], short], [*LINES[:5], short, f"{LINES[6]},x"]):
        found = _users(lines, BASE)
        assert found.rows == BASE
        assert _people_of(found) >= {"eve"}


def _people_of(found: Checking) -> set[str]:
    return set(found.export.files["people"].lines)


def test_lines_of_two_lengths_with_blanks_at_the_end_need_a_neighbour_each() -> None:
    lines = [LINES[0], f"{LINES[1]},", f"{LINES[2]},,", f"{LINES[3]},,", f"{LINES[4]},,,", *LINES[5:]]
    found = _users(lines, BASE)
    assert found.told == [
        ("field_count", "users.csv", 2, None, "bo"),
        ("field_count", "users.csv", 5, None, "dennis"),
    ]


@pytest.mark.parametrize("id_place", [0, 1])
def test_of_a_line_whose_id_may_be_another_column_nobody_is_removed(id_place: int) -> None:
    """Where the id is not the first column, a comma too many before it makes another's id of what is read."""
    columns = ["status", "sourcedId", "name", "type"] if id_place else ["sourcedId", "status", "name", "type"]
    text = as_csv(columns, district()["orgs"][:2]).decode() + "south,South,school\n" * 1
    found = checking(zipped(district(), files={"orgs.csv": text.encode()}), BASE)
    [told] = [told for told in found.told if told[0] == "field_count"]
    assert told == ("field_count", "orgs.csv", 4, None, None if id_place else "south")
    assert set(found.rows.orgs) == {"district", "north", "south"}


# What columns are called: K5

NEEDED: Final = ("sourcedId", "givenName", "familyName", "orgSourcedIds", "role")


def _renamed(file: str, old: str, new: str, *, value: str, version: str) -> bytes:
    """The district whose file has this column under another name, and this value in its first line."""
    tables: dict[str, Table] = {
        **district(),
        "academicSessions": [{"sourcedId": "fall", "endDate": "2027-01-20"}],
        "courses": [{"sourcedId": "painting", "title": "Painting"}],
    }
    tables = in_1_2(tables) if version == "1.2" else tables
    rows = [dict(row) for row in tables[file]]
    rows[0][old] = value
    header = [new if name == old else name for name in dict.fromkeys([*columns_of(file, version), *rows[0]])]
    renamed = [{new if name == old else name: cell for name, cell in row.items()} for row in rows]
    tables[file] = rows
    return zipped(tables, version=version, files={f"{file}.csv": as_csv(header, renamed)})


VALUES: Final = {
    "email": "ada@example.org", "sms": "202-555-0111", "phone": "202-555-0111", "role": "teacher",
    "enabledUser": "false", "metadata.language": "es", "grades": "05", "agentSourcedIds": "tess",
    "orgSourcedIds": "south", "primaryOrgSourcedId": "south", "endDate": "2027-06-12", "type": "school",
    "parentSourcedId": "district", "orgSourcedId": "south", "schoolSourcedId": "south",
    "beginDate": "2026-08-01",
    "termSourcedIds": "fall", "classSourcedId": "art",
}  # fmt: skip


def _rows(table: str) -> list[tuple[str, str, str]]:
    """File, column and another name of it: a line of the table has all names of one column."""
    lines = (line.split() for line in table.strip().splitlines())
    return [(file, column, other) for file, column, *others in lines for other in others]


def _rows_of(vocabulary_: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str, str]]:
    return [(file, column, other) for file, others in vocabulary_.items() for other, column in others.items()]


SYNONYMS: Final = _rows("""
orgs         parentSourcedId      parentOrgSourcedId
orgs         name                 orgName
orgs         type                 orgType
courses      title                courseTitle courseName
roles        orgSourcedId         schoolSourcedId
roles        role                 userRole
roles        endDate              roleEndDate
roles        beginDate            roleStartDate startDate
users        agentSourcedIds      agents agentIds
users        orgSourcedIds        orgs schoolSourcedIds
users        primaryOrgSourcedId  primaryOrg
users        givenName            firstName
users        familyName           lastName surname
users        email                emailAddress mail
users        sms                  mobile mobilePhone cell cellPhone smsPhone
users        phone                phoneNumber telephone homePhone primaryPhone
users        enabledUser          enabled isEnabled
users        grades               gradeLevel
users        role                 userRole
users        metadata.language    language preferredLanguage homeLanguage metadata.preferredLanguage
users        metadata.language    metadata.homeLanguage metadata.lang
classes      termSourcedIds       terms academicSessionSourcedIds sessionSourcedIds
classes      schoolSourcedId      orgSourcedId
classes      title                classTitle className
enrollments  classSourcedId       sectionSourcedId
enrollments  role                 userRole
""")


def _version(file: str) -> str:
    return "1.2" if file == "roles" else "1.1"


@pytest.mark.parametrize(("file", "column", "other"), SYNONYMS)
def test_every_synonym_is_read_as_the_column(file: str, column: str, other: str) -> None:
    version, value = _version(file), VALUES.get(column, "Another")
    right = checking(_renamed(file, column, column, value=value, version=version))
    renamed = checking(_renamed(file, column, other, value=value, version=version))
    assert renamed.told == right.told
    assert renamed.rows == right.rows
    without_it = checking(_renamed(file, column, "nothing", value=value, version=version))
    assert without_it.rows != right.rows  # so that the value was read


@pytest.mark.parametrize(
    "typed",
    [
        "AGENTSOURCEDIDS", "agent sourced ids", "agent_sourced_ids", "Agent-Sourced-Ids", "agentSourcedId",
        "agentSourceIds", "agentSourceId", " agentSourcedIds ", "agents", "Agents", "agent",
    ],
)  # fmt: skip
def test_a_column_s_name_may_be_written_in_any_way(typed: str) -> None:
    _comes_in_right(_users(TEXT.replace("agentSourcedIds", typed)))


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("style", [str.upper, str.lower, lambda name: name.replace("Id", "_ID")])
def test_all_columns_may_be_written_in_any_way(version: str, style: Callable[[str], str]) -> None:
    tables = district() if version == "1.1" else in_1_2()
    files: dict[str, bytes | None] = {}
    for table, rows in tables.items():
        header, _, rest = as_csv(columns_of(table, version), rows).decode().partition("\n")
        files[f"{table}.csv"] = f"{style(header)}\n{rest}".encode()
    assert (
        checking(zipped(tables, version=version, files=files)).rows
        == checking(zipped(tables, version=version)).rows
    )


def test_the_right_name_counts_before_another() -> None:
    lines = [f"{LINES[0]},agents", *(f"{line},tess" for line in LINES[1:])]
    _comes_in_right_but_for(["agents"], _users(lines))


def test_of_two_other_names_the_first_counts() -> None:
    lines = [
        LINES[0].replace("agentSourcedIds", "agents") + ",agentIds",
        *(f"{line},tess" for line in LINES[1:]),
    ]
    _comes_in_right_but_for(["agentIds"], _users(lines))


def _comes_in_right_but_for(columns: list[str], found: Checking) -> None:
    assert found.told == [("column_not_read", "users.csv", 1, column, None) for column in columns]
    assert (found.refused, found.rows) == (False, BASE)


RESEMBLING: Final = _rows("""
orgs              parentSourcedId  parent parentId parentOrg parentOrgId
academicSessions  endDate          end exitDate dropDate withdrawDate withdrawalDate leaveDate finishDate
academicSessions  endDate          stopDate
roles             endDate          end exitDate dropDate withdrawDate withdrawalDate leaveDate finishDate
roles             endDate          stopDate
users             agentSourcedIds  guardians guardianSourcedIds guardianIds parents parentSourcedIds parentIds
users             agentSourcedIds  contacts contactSourcedIds contactIds emergencyContacts relationships
users             agentSourcedIds  relatives students studentSourcedIds children
users             phone            workPhone parentPhone guardianPhone contactPhone
users             sms              mobileNumber cellNumber textNumber
users             email            parentEmail guardianEmail contactEmail workEmail personalEmail homeEmail
users             email            primaryEmail secondaryEmail
users             orgSourcedIds    schools schoolIds orgIds
users             enabledUser      active isActive
classes           termSourcedIds   termIds sessions academicSessions
classes           courseSourcedId  course courseId
classes           schoolSourcedId  schoolId orgId
enrollments       endDate          end exitDate dropDate withdrawDate withdrawalDate leaveDate finishDate
enrollments       endDate          stopDate
enrollments       classSourcedId   classId sectionId
enrollments       userSourcedId    userId studentSourcedId personSourcedId
""")


def test_each_other_name_of_a_column_has_its_row_above() -> None:
    """Which says whether it is read or told; a name that nobody has listed is neither."""
    assert sorted(SYNONYMS) == sorted(_rows_of(vocabulary.SYNONYMS))
    assert sorted(RESEMBLING) == sorted(_rows_of(vocabulary.RESEMBLING))


@pytest.mark.parametrize(("file", "column", "other"), RESEMBLING)
def test_every_column_that_resembles_one_is_told_and_not_read(file: str, column: str, other: str) -> None:
    version, value = _version(file), VALUES.get(column, "Another")
    found = checking(_renamed(file, column, other, value=value, version=version))
    needed = next(c for c in vocabulary.FILES_READ if c.file == file).required
    needed += vocabulary.REQUIRED_OF_VERSION[version].get(file, ())
    if column in needed:  # it may be no header at all: nothing of it is shown
        assert found.told == [("column_missing", f"{file}.csv", 1, column, None)]
    else:
        assert ("column_not_read", f"{file}.csv", 1, other, None) in found.told
        assert found.figures["column_not_read"] == [column]


@pytest.mark.parametrize(
    ("column", "typed"),
    [
        ("email", "emial"),
        ("email", "email2"),
        ("sms", "smss"),
        ("agentSourcedIds", "agentSourcedIdList"),
        ("agentSourcedIds", "agntSourcedIds"),
        ("enabledUser", "enabledUsr"),
    ],
)
def test_a_column_with_a_slip_in_its_name_is_told(column: str, typed: str) -> None:
    found = _users(TEXT.replace(column, typed, 1))
    assert ("column_not_read", "users.csv", 1, typed, None) in found.told
    assert found.figures["column_not_read"] == [column]


@pytest.mark.parametrize(
    ("typed", "column"), [("guardians", "agentSourcedIds"), ("workPhone", "phone"), ("emial", "email")]
)
@pytest.mark.parametrize("first", [True, False])
def test_a_column_that_resembles_one_is_told_wherever_it_stands_among_the_unknown_ones(
    typed: str, column: str, first: bool
) -> None:
    unknown = f"{typed},house" if first else f"house,{typed}"
    found = _users([f"{','.join(NEEDED)},{unknown}", "zoe,Zoe,End,north,teacher,x,y"])
    assert found.told[:1] == [("column_not_read", "users.csv", 1, typed, None)]
    assert found.figures["column_not_read"] == [column]


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("mobile,phone,mobilePhone", {"mobilePhone": "sms"}),
        ("cell,homePhone,primaryPhone", {"primaryPhone": "phone"}),
        ("sms,phone,cell_phone", {"cell_phone": "sms"}),
        ("sms,phone,mail", {"mail": "email"}),
        ("sms,phone,Agent Ids", {"Agent Ids": "agentSourcedIds"}),
        ("mobile,cell,smsPhone", {"cell": "sms", "smsPhone": "sms"}),
        ("sms,phone,user_role", {"user_role": "role"}),
        ("sms,phone,lastName", {"lastName": "familyName"}),
    ],
)
def test_a_second_column_that_says_the_same_is_told(named: str, told: dict[str, str]) -> None:
    """It may be the one that is filled."""
    one, two, three = named.split(",")
    header = LINES[0].replace("sms,phone", f"{one},{two}") + f",{three}"
    found = _users([header, *(f"{line},x" for line in LINES[1:])])
    assert found.told == [("column_not_read", "users.csv", 1, column, None) for column in told]
    assert found.figures["column_not_read"] == list(told.values())


@pytest.mark.parametrize("columns", ["a,b,c", "contactEmail,contactMobile,contactPhone", "mail2,mobil,tel"])
def test_where_no_column_of_an_address_is_read_a_line_at_the_top_says_so(columns: str) -> None:
    found = _users(TEXT.replace("email,sms,phone", columns, 1))
    first, *_ = found.problems.in_order()
    assert (first.kind.value, first.figures, found.refused) == ("no_address", "guardians: 3", False)


def test_a_column_that_resembles_one_that_is_there_is_nobody_s_business() -> None:
    lines = [f"{LINES[0]},guardians,workPhone,email2", *(f"{line},tess,1,x" for line in LINES[1:])]
    _comes_in_right(_users(lines))


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_no_column_of_oneroster_is_taken_for_another(version: str) -> None:
    """With an optional column away the others of the field lists are neither read as it nor told."""
    tables = district() if version == "1.1" else in_1_2()
    for columns in vocabulary.FILES_READ:
        if columns.file not in tables:
            continue
        for gone in columns.optional:
            header = [name for name in HEADERS[version][columns.file].split(",") if name != gone]
            rows = [{name: row[name] for name in row if name != gone} for row in tables[columns.file]]
            files = {f"{columns.file}.csv": as_csv(header, rows)}
            found = reading(zipped(tables, version=version, files=files))
            assert "column_not_read" not in [kind.value for kind in found.kinds]


@pytest.mark.parametrize(("sign", "name"), [(";", ";"), ("\t", "TAB"), ("|", "|")])
def test_columns_that_are_not_separated_by_commas_are_told(sign: str, name: str) -> None:
    found = _users(TEXT.replace(",", sign))
    assert (found.told, found.refused) == ([("not_commas", "users.csv", 1, None, None)], True)
    assert found.figures == {"not_commas": [name]}


def test_one_column_that_is_not_ours_is_missing_all_the_others() -> None:
    found = _users("people\nada\n")
    assert found.told == [("column_missing", "users.csv", 1, column, None) for column in NEEDED]


# Encodings, and names that were spoilt before: K8

JOSE: Final = TEXT.replace("Dennis", "José").encode()


@pytest.mark.parametrize(
    ("stray", "names"),
    [
        ({b",Eve": b",Zo\xeb"}, {"eve": "Zoë"}),
        ({b",Eve": b",Ev\xc3"}, {"eve": "EvÃ"}),
        (
            {b",Ada": b",\xc1da", b",Eve": b",Zo\xeb", b",Tess": b",T\xe9ss"},
            {"ada": "Áda", "eve": "Zoë", "tess": "Téss"},
        ),
        ({b",Eve": b",E\x81ve"}, {"eve": "E\ufffdve"}),
    ],
)
def test_in_a_file_of_utf_8_only_the_lines_of_other_bytes_are_guessed_and_told(
    stray: dict[bytes, bytes], names: dict[str, str]
) -> None:
    bytes_ = JOSE
    for letters, others in stray.items():
        bytes_ = bytes_.replace(letters, others)
    found = _users(bytes_)
    given = {id_: row.given_name for id_, row in found.rows.people.items() if id_ in names or id_ == "dennis"}
    assert given == {"dennis": "José"} | names
    guessed = [told for told in found.told if told[0] == "letters_guessed"]
    lines = found.export.files["people"].lines
    assert guessed == [("letters_guessed", "users.csv", lines[id_], None, id_) for id_ in names]


PLAIN: Final = TEXT.replace("Ada,Reyes", "José,Núñez").encode()


@pytest.mark.parametrize("column", ["username", "middleName", "password"])
@pytest.mark.parametrize("line", [2, 3])
@pytest.mark.parametrize("stray", [b"p\xe4ss", b"\x81", b"w\xf6rd\xdf"])
def test_stray_bytes_in_a_column_that_nobody_reads_change_no_name_of_the_file(
    column: str, line: int, stray: bytes
) -> None:
    """Few letters are enough to tell UTF-8: one file must not be read as another encoding for a password."""
    lines = PLAIN.split(b"\n")
    cells = lines[line - 1].split(b'"')  # bo's list has a comma in it
    place = LINES[0].split(",").index(column)
    if line == 2 and column == "password":
        cells[2] = b",03," + stray
    else:
        first = cells[0].split(b",")
        place = place if line != 2 else min(place, len(first) - 2)
        first[place] = stray
        cells[0] = b",".join(first)
    lines[line - 1] = b'"'.join(cells)
    found = _users(b"\n".join(lines))
    assert found.rows == _users(PLAIN).rows
    assert [(told[0], told[2]) for told in found.told] == [("letters_guessed", line)]


@pytest.mark.parametrize("header", [b"parents\xe9", b"\xe9", b"\x81", b"agents \xff", b"tel\xe9fono"])
def test_whatever_bytes_stand_in_a_header_a_report_can_be_written(header: bytes) -> None:
    first, *rest = JOSE.replace(b"agentSourcedIds", b"x", 1).split(b"\n")
    found = _users(b"\n".join([first + b"," + header, *(line + b",y" for line in rest if line)]))
    assert found.rows.people["dennis"].given_name == "José"
    summary = report.plain(found.checked) | {"problems": report.told(found.problems, Language.EN)}
    assert orjson.dumps(summary)
    assert report.as_csv(summary)


@pytest.mark.parametrize("lines", [1, 1_000])
def test_a_file_of_windows_1252_is_read_as_that(lines: int) -> None:
    people = [*district()["users"], *(user(f"g{i}", "guardian", "Zoë Núñez") for i in range(lines))]
    found = _users(as_csv(columns_of("users"), people).decode().encode("cp1252"))
    assert found.told == [("encoding_not_utf8", "users.csv", None, None, None)]
    assert found.figures == {"encoding_not_utf8": ["Windows-1252"]}
    assert found.rows.people["g0"].given_name == "Zoë"


@pytest.mark.parametrize(("byte", "letter"), [(b"\xe9", "é"), (b"\x8d", "\ufffd"), (b"\x9d", "\ufffd")])
def test_a_byte_that_is_no_letter_in_windows_1252_either_costs_that_letter_and_is_told(
    byte: bytes, letter: str
) -> None:
    users = TEXT.replace("Dennis", "José").replace("Tess", "Zoë").encode("cp1252")
    found = _users(users.replace(b",Eve", b",Ev" + byte))
    given = {id_: row.given_name for id_, row in found.rows.people.items()}
    assert (given["dennis"], given["tess"], given["eve"]) == ("José", "Zoë", f"Ev{letter}")
    guessed = [("letters_guessed", "users.csv", 6, None, "eve")] if letter == "\ufffd" else []
    spoilt = [("name_spoilt", "users.csv", 6, "givenName", "eve")] if letter == "\ufffd" else []
    assert found.told == [("encoding_not_utf8", "users.csv", None, None, None), *guessed, *spoilt]


def test_what_looks_like_one_letter_of_utf_8_makes_no_utf_8_of_a_file() -> None:
    people = [user("q", "guardian", "CAFÉ” X"), *(user(f"g{i}", "guardian", "Zoë End") for i in range(11))]
    found = _users(as_csv(columns_of("users"), [*district()["users"], *people]).decode().encode("cp1252"))
    assert found.told[0] == ("encoding_not_utf8", "users.csv", None, None, None)
    assert found.rows.people["q"].given_name == "CAFÉ”"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_letters_are_the_same_in_every_encoding_that_is_read(encoding: str, told: str | None) -> None:
    found = _users(JOSE.decode().encode(encoding))
    assert found.rows.people["dennis"].given_name == "José"
    assert found.figures == ({"encoding_not_utf8": [told]} if told else {})


@pytest.mark.parametrize("end", [b"\x00", b"\x00\xd8", b"\x00\xdc\x00\xdc"])
def test_utf_16_that_was_damaged_is_refused(end: bytes) -> None:
    for mark in (b"\xff\xfe", b""):
        found = _users(mark + JOSE.decode().encode("utf-16-le") + end)
        assert (found.told, found.refused) == ([("encoding_unreadable", "users.csv", None, None, None)], True)


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("JosÃ©", True),
        ("NÃºÃ±ez", True),
        ("JosÃƒÂ©", True),
        ("Oâ€™Brien", True),
        ("Jos\ufffd", True),
        ("José", False),
        ("Ñandú", False),
        ("Ångström", False),
        ("Ã", False),
        ("山田", False),
        ("Łukasz", False),
        ("O’Brien", False),  # noqa: RUF001 - as it is typed
    ],
)
@pytest.mark.parametrize("column", ["givenName", "familyName"])
def test_names_whose_letters_were_spoilt_before_are_told(name: str, spoilt: bool, column: str) -> None:
    found = checking(zipped(changed("eve", None, "users", **{column: name})))
    assert found.told == ([("name_spoilt", "users.csv", 6, column, "eve")] if spoilt else [])


def test_names_that_all_lose_their_letters_refuse_the_next_import() -> None:
    names = ["José Núñez", "Zoë Peña", "Máire Ó Briain", "Ángel Gil"] * 3
    tables = district()
    tables["users"] += [user(f"g{i}", "guardian", name) for i, name in enumerate(names)]
    base = reading(zipped(tables)).rows
    text = as_csv(columns_of("users"), tables["users"]).decode()
    for spoilt in (
        text.encode().decode("cp1252", errors="replace"),
        text.encode("ascii", errors="replace").decode(),
        text.translate(str.maketrans("éúñëáÓÁ", "euneaOA")),
    ):
        found = _users(spoilt, base)
        assert "accents: 12 of 12" in found.figures["too_much_changed"]
        assert found.refused


# Quotation marks: K11


@pytest.mark.parametrize("line", [2, 3, 4, 6, 7])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("true", '"true', 1),
        lambda text: text.replace(",north,", ',"north,', 1),
        lambda text: text.replace(",north,", ',"north"x,', 1),
        lambda text: text.replace(",north,", ',"north" ,', 1),
        lambda text: text.replace(",north,", r',"nor\"th",', 1),
        lambda text: text[: text.rindex(",")] + ',"',
    ],
)
def test_a_quotation_mark_that_does_not_fit_costs_its_own_line(
    change: Callable[[str], str], line: int
) -> None:
    who = LINES[line - 1].partition(",")[0]
    lines = _with(line, change)
    for text in ("\n".join(lines), "\r\n".join(lines) + "\r\n"):
        found = _users(text, BASE)
        assert found.told == [("csv_unreadable", "users.csv", line, None, who)]
        assert (found.rows, found.refused) == (BASE, False)
        at_first = _users(text)
        assert set(at_first.rows.people) == set(BASE.people) - {who}
        assert at_first.count("users.csv").read == 6


def test_all_lines_whose_quotation_marks_do_not_fit_are_told_in_one_upload() -> None:
    people = [user(f"g{i}", "guardian", f"Gua Rdian{i}") for i in range(40)]
    lines = as_csv(columns_of("users"), [*district()["users"], *people]).decode().splitlines()
    for line in (3, 20, 21, 47):
        lines[line - 1] = lines[line - 1].replace(",north,", ',"north,')
    found = _users(lines)
    assert [told[2] for told in found.told if told[0] == "csv_unreadable"] == [3, 20, 21, 47]
    assert (len(found.rows.people), found.refused) == (42, False)


def test_an_open_mark_that_a_later_one_closes_has_swallowed_whole_lines_that_are_read_all_the_same() -> None:
    """As CSV it is one record of the right length: but no name has a line break and so many commas."""
    swallowing = [
        "sourcedId,name,type",
        "district,The District,district",
        'north,"North School,school',
        "south,South School,school",
        'east,East School",school',
        "west,West School,school",
    ]
    text = "\n".join(swallowing).encode()
    found = checking(zipped(district(), files={"orgs.csv": text}), BASE)
    assert found.told == [("csv_unreadable", "orgs.csv", 3, None, "north")]
    assert set(found.rows.orgs) == {"district", "north", "south", "east", "west"}
    assert found.count("orgs.csv").left_out == {"csv_unreadable": 1}


@pytest.mark.parametrize(
    ("header", "north", "south"),
    [
        ("sourcedId,name,type", 'north,North,"school', 'south,South,school"'),
        ("sourcedId,status,type,name,parentSourcedId", 'north,,school,"North,', 'south,,school,South",'),
    ],
)
def test_a_field_with_as_many_commas_in_a_line_as_an_export_s_or_three_has_swallowed_it(
    header: str, north: str, south: str
) -> None:
    found = checking(zipped(district(), files={"orgs.csv": f"{header}\n{north}\n{south}\n".encode()}))
    assert found.told[0] == ("csv_unreadable", "orgs.csv", 2, None, "north")
    assert set(found.rows.orgs) == {"south"}


@pytest.mark.parametrize(
    ("header", "name", "shown"),
    [
        ("sourcedId,name,type", "North\nMain Street 1, Springfield", "North Main Street 1, Springfield"),
        (
            "sourcedId,name,type",
            "North, the old, red, brick one\nSouth",
            "North, the old, red, brick one South",
        ),
        ("sourcedId,name,type,status,x", "North\nA, B, C", "North A, B, C"),
    ],
)
def test_a_name_of_several_lines_with_fewer_commas_than_an_export_s_is_one(
    header: str, name: str, shown: str
) -> None:
    """The first line may have any number: it is the record's own."""
    text = f'{header}\nnorth,"{name}",school{"," * (header.count(",") - 2)}\n'
    found = checking(zipped(district(), files={"orgs.csv": text.encode()}))
    assert "csv_unreadable" not in [kind.value for kind in found.kinds]
    assert found.rows.orgs["north"].name == shown


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ('Ann,Smith,"Maria', 'Bob,Jones,Lee"'),
        ('Ann,"Smith', 'Bob,Jones"'),
        ('"Ann', 'Bob"'),
        ('Ann,Smith,"Maria', 'Bob,Jones,"'),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("between", [0, 1, 3])
def test_a_short_line_that_opens_a_mark_gives_nobody_what_is_another_s(
    opened: str, closed: str, end: str, between: int
) -> None:
    """The next line that closes one in the same column would make one record of the right length of both."""
    people = [f"h{i},,,true,north,parent,u,,Al,Hart,,,,,,,," for i in range(between)]
    rest = "," * (LINES[0].count(",") - 8 - closed.count(",") - 6)
    lines = [
        *LINES,
        f"g1,,,true,north,parent,u,,{opened}",
        *people,
        f"g2,,,true,north,parent,u,,{closed}{rest},bob@example.org,202-555-0177,,lu,,",
    ]
    found = _users(end.join(lines) + end)
    lost = set(found.export.files["people"].unread.ids)
    assert "g1" in lost
    assert set(found.rows.people) == {*BASE.people, *(f"h{i}" for i in range(between)), "g2"} - lost
    assert {told[2] for told in found.told} <= {8, 9 + between}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("dennis", "eve", "told"),
    [
        # In the third column of both: one record of the right length, his id and what is hers
        (("dennis,,,", 'dennis,,"2026,'), ("eve,,,", 'eve,,2026",'), ["dennis"]),
        # In his last and in her second: one that is too long, and what is read anew has an open mark
        (("202-555-0123,,,", '202-555-0123,,"x,'), ("eve,,,", 'eve,",,,'), ["dennis", "eve"]),
    ],
)
def test_two_marks_make_no_one_line_of_two_whole_ones(
    dennis: tuple[str, str], eve: tuple[str, str], told: list[str], end: str
) -> None:
    """Else the one would have the other's address, or the other would be gone without a word."""
    lines = [*LINES[:4], LINES[4].replace(*dennis), LINES[5].replace(*eve), LINES[6]]
    found = _users(end.join(lines) + end, BASE)
    assert found.told == [("csv_unreadable", "users.csv", 5 + i, None, who) for i, who in enumerate(told)]
    assert (found.rows, found.refused) == (BASE, False)


@pytest.mark.parametrize(
    ("eve", "tess"),
    [
        ('eve,,,true,north,"guardian', 'tess,",,,,,Tess,Young,x'),  # too short
        ('eve,,,true,north,guardian,,,Eve,"Hart', f'tess,"{"," * 12}'),  # too long by blanks alone
        ('eve,,,true,north,guardian,,,Eve,"Hart', f'tess,"{"," * 12}x'),  # too long
    ],
)
def test_who_may_stand_in_the_last_line_of_a_record_that_is_lost_stays(eve: str, tess: str) -> None:
    found = _users([*LINES[:5], eve, tess], BASE)
    assert found.told == [
        ("field_count", "users.csv", 6, None, "eve"),
        ("field_count", "users.csv", 7, None, None),
        ("nobody_removed", "users.csv", None, None, None),
    ]
    assert (found.figures, found.rows) == ({"nobody_removed": ["1 of 2"]}, BASE)


@pytest.mark.parametrize("blank", [" ", "  ", "   "])
def test_a_blank_before_a_quotation_mark_cuts_no_list_in_two(blank: str) -> None:
    _comes_in_right(_users(TEXT.replace('"ada,dennis"', f'{blank}"ada,dennis"')))
    everywhere = TEXT.replace(",", f",{blank}").replace(f"ada,{blank}dennis", "ada,dennis")
    _comes_in_right(_users(everywhere))


@pytest.mark.parametrize("ends", ["", "\n", "\r\n"])
def test_quotation_marks_that_are_wrong_in_every_line_cost_no_time_and_no_force_mends_them(ends: str) -> None:
    pad = "z" * 140
    body = "".join(f's{i}","{pad}\n' for i in range(20_000))
    started = time.process_time()
    text = f'{LINES[0]}\na,"y\n{body}{ends}'
    for force in (False, True):
        zip_ = zipped(district(), files={"users.csv": text.encode()})
        found = checking(zip_, BASE, force=force)
        assert ("quotes_unreadable" in found.figures, found.refused) == (True, True)
    assert time.process_time() - started < 10


@pytest.mark.parametrize("mark", ['"', '""'])
def test_a_mark_before_the_id_makes_it_nobody_s(mark: str) -> None:
    found = _users(_with(4, lambda text: mark[:1] + text), BASE)
    assert found.told == [
        ("csv_unreadable", "users.csv", 4, None, None),
        ("nobody_removed", "users.csv", None, None, None),
    ]
    assert found.rows == BASE


def test_in_a_file_with_marks_around_every_field_the_id_is_known() -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(csv.reader(io.StringIO(TEXT)))
    _comes_in_right(_users(out.getvalue()))
    found = _users(out.getvalue().replace('"Ada"', '"Ada \\"Dee\\""').replace('"Tess"', '"Tess'), BASE)
    assert found.told == [
        ("csv_unreadable", "users.csv", 4, None, "ada"),
        ("csv_unreadable", "users.csv", 7, None, "tess"),
    ]
    assert found.rows == BASE


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ('"Ada ""Dee"""', 'Ada "Dee"'),
        ('"Ada\nMaria"', "Ada Maria"),
        ('"Ada\r\nMaria, called Dee"', "Ada Maria, called Dee"),
        ('"\nAda"', "Ada"),
        ('Ada "Dee"', 'Ada "Dee"'),
        ("Ada'", "Ada'"),
        ('""', ""),
    ],
)
def test_marks_that_fit_are_read(typed: str, name: str) -> None:
    lines = _with(4, lambda text: text.replace(",Ada,", f",{typed},"))
    found = _users(lines)
    assert (found.told, found.rows.people["ada"].given_name) == ([], name)
    assert found.export.files["people"].lines["dennis"] == 5 + typed.count("\n")


def test_a_field_larger_than_128_kb_costs_its_own_line() -> None:
    found = _users(_with(4, lambda text: text.replace("Ada,", f"{'x' * 131_073},")), BASE)
    assert (found.told, found.rows) == ([("csv_unreadable", "users.csv", 4, None, "ada")], BASE)


def test_an_open_mark_far_from_the_end_takes_no_more_with_it_than_a_field_can_be() -> None:
    people = [user(f"g{i}", "guardian", f"Gua Rdian{i}") for i in range(5_000)]
    lines = as_csv(columns_of("users"), [*district()["users"], *people]).decode().splitlines()
    lines[3] = lines[3].replace(",north,", ',"north,')
    found = _users(lines)
    assert found.told[0] == ("csv_unreadable", "users.csv", 4, None, "ada")
    assert len(found.rows.people) == 5_005
