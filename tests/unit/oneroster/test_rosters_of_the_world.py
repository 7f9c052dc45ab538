"""Small exports after public reports, each of one kind of fault: what each gives, alone and over a good one.

The samples are in tests/samples/oneroster/world; their names begin with what they are about (``c`` CSV,
``d`` data, ``e`` encoding, ``g`` guard, ``m`` manifest, ``z`` zip), and ``00`` and ``d00`` are the good ones.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from reachable.model.people import AccountStatus, Role
from reachable.oneroster.check import Counts
from reachable.oneroster.rows import Rows
from tests.unit.oneroster.exports import Checking, checking, reading

WORLD: Final = Path(__file__).parents[2] / "samples" / "oneroster" / "world"

type Told = tuple[str, str, int | None, str | None, str | None]
"""Kind, file, line, column and whose."""

STUDENTS: Final = ["s1", "s2"]
USERS: Final = ["g1", "g2", "g3", "t1"]
TIES: Final = {("s1", "g1"), ("s1", "g2"), ("s2", "g3")}


@dataclass(frozen=True)
class Gives:
    """What a check should say of an export, and who is there after it."""

    told: list[Told] = field(default_factory=list)
    refused: bool = False
    students: list[str] = field(default_factory=lambda: STUDENTS)
    users: list[str] = field(default_factory=lambda: USERS)
    ties: set[tuple[str, str]] = field(default_factory=lambda: TIES)
    left_out: dict[str, dict[str, int]] = field(default_factory=dict)


def _bytes(name: str) -> bytes:
    return (WORLD / f"{name}.zip").read_bytes()


@cache
def _good(name: str) -> Rows:
    return reading(_bytes(name)).rows


def _first(name: str) -> Checking:
    return checking(_bytes(name))


def _over(name: str) -> Checking:
    """Over the good one of the same version."""
    return checking(
        _bytes(name), _good("d00-good-1.2" if name.startswith(("d00", "d21", "d29")) else "00-good")
    )


def _read_or_told(found: Checking, field: str, begins: str) -> dict[str, tuple[str | None, str | None]]:
    """What became of a field of each of these people, and the kind of the problem that was told."""
    kinds = {problem.sourced_id: problem.kind.value for problem in found.problems.listed}
    people = found.rows.people.items()
    return {id_: (getattr(row, field), kinds.get(id_)) for id_, row in people if id_.startswith(begins)}


def _removed(*columns: str | None, file: str = "users.csv") -> list[Told]:
    return [("too_much_removed", file, None, column, None) for column in columns]


ALL_OF_ART: Final = {"class_left_out": 3}
NO_COMMAS: Final = Gives([("not_commas", "manifest.csv", 1, None, None)], refused=True)
UNREAD_S1: Final[Told] = ("csv_unreadable", "users.csv", 2, None, "s1")
NAMES_CHANGED: Final[Told] = ("too_much_changed", "users.csv", None, "familyName", None)
G1_TWICE: Final[Told] = ("id_twice", "users.csv", 5, "sourcedId", "g1")
T1_TWICE: Final[Told] = ("id_twice", "users.csv", 8, "sourcedId", "t1")
NO_GUARDIAN: Final[Told] = ("no_guardian", "users.csv", None, "agentSourcedIds", None)
ART_NOWHERE: Final[Told] = ("class_without_school", "classes.csv", 2, "schoolSourcedId", "art")
NO_SCHOOL: Final[Told] = ("no_school", "orgs.csv", None, None, None)
ALONE: Final[list[Told]] = [
    ("unknown_reference", "orgs.csv", 2, "parentSourcedId", "n"),
    ("org_without_school", "orgs.csv", 2, "parentSourcedId", "n"),
    ART_NOWHERE,
]
NORTH_IS_NO_SCHOOL: Final[list[Told]] = [
    ("unknown_org_type", "orgs.csv", 3, "type", "n"),
    ART_NOWHERE,
    ("staff_without_school", "users.csv", 7, "orgSourcedIds", "t1"),
    ("student_without_school", "users.csv", 2, "orgSourcedIds", "s1"),
    ("student_without_school", "users.csv", 3, "orgSourcedIds", "s2"),
]
SCHOOLS_REMOVED: Final = [*_removed(None, file="orgs.csv"), *_removed(None, file="enrollments.csv")]
CLASSLESS: Final[dict[str, dict[str, int]]] = {
    "classes.csv": {"class_without_school": 1},
    "enrollments.csv": ALL_OF_ART,
}
UTF_16: Final[list[Told]] = [
    ("encoding_not_utf8", f"{file}.csv", None, None, None)
    for file in ("manifest", "orgs", "academicSessions", "courses", "users", "classes", "enrollments")
]
NOT_ANNOUNCED: Final = [
    f"{file}.csv" for file in ("orgs", "academicSessions", "courses", "users", "classes", "enrollments")
]
NOTHING: Final[Told] = ("nothing_announced", "manifest.csv", None, None, None)
NOTHING_AT_FIRST: Final[list[Told]] = [
    NOTHING,
    *(
        (kind, file, None, None, None)
        for file in NOT_ANNOUNCED
        for kind in ("file_not_announced", "file_missing")
        if kind == "file_not_announced" or file in ("orgs.csv", "users.csv")
    ),
]
NOTHING_AGAIN: Final[list[Told]] = [
    NOTHING,
    *(("file_not_announced", file, None, None, None) for file in NOT_ANNOUNCED),
]
WORKBOOK: Final = Gives([("workbook", "the zip", None, None, None)], refused=True)

EXPECTED: Final[dict[str, tuple[Gives, Gives]]] = {
    "00-good": (Gives(), Gives()),
    "d00-good-1.2": (Gives(), Gives()),
    # K0
    "m06-file-csv-suffix": (Gives(NOTHING_AT_FIRST, refused=True), Gives(NOTHING_AGAIN, refused=True)),
    "m09-all-absent": (Gives(NOTHING_AT_FIRST, refused=True), Gives(NOTHING_AGAIN, refused=True)),
    # K1
    "d08-departments-only": (
        Gives([*ALONE, NO_SCHOOL], refused=True, left_out=CLASSLESS),
        Gives([*ALONE, *SCHOOLS_REMOVED], refused=True, left_out=CLASSLESS),
    ),
    "d09-district-only": (
        Gives([ART_NOWHERE, NO_SCHOOL], refused=True, left_out=CLASSLESS),
        Gives([ART_NOWHERE, *SCHOOLS_REMOVED], refused=True, left_out=CLASSLESS),
    ),
    "d19-no-guardians-no-agents": (
        Gives([NO_GUARDIAN], users=["t1"], ties=set()),
        Gives(
            [NO_GUARDIAN, *_removed(None, "agentSourcedIds", "email", "sms")],
            refused=True,
            users=["t1"],
            ties=set(),
        ),
    ),
    "d23-users-header-only": (
        Gives([("nobody", "users.csv", None, None, None)], refused=True, students=[], users=[], ties=set()),
        Gives(
            [
                *_removed(None, None),
                *_removed(None, file="enrollments.csv"),
                *_removed("agentSourcedIds", "email", "sms"),
            ],
            refused=True,
            students=[],
            users=[],
            ties=set(),
        ),
    ),
    "d24a-org-type-building": (
        Gives(NORTH_IS_NO_SCHOOL, left_out=CLASSLESS),
        Gives([*NORTH_IS_NO_SCHOOL, *SCHOOLS_REMOVED], refused=True, left_out=CLASSLESS),
    ),
    "d25-class-with-unknown-term": (
        Gives([("unknown_reference", "classes.csv", 2, "termSourcedIds", "art")]),
        Gives([("unknown_reference", "classes.csv", 2, "termSourcedIds", "art")]),
    ),
    # K2
    "d29-one-role-ended": (
        Gives(
            users=["g2", "g3", "t1"],
            ties=TIES - {("s1", "g1")},
            left_out={"roles.csv": {"role_ended": 1}, "users.csv": {"role_ended": 1}},
        ),
        Gives(
            _removed(None, "agentSourcedIds", "email", "sms"),
            refused=True,
            users=["g2", "g3", "t1"],
            ties=TIES - {("s1", "g1")},
            left_out={"roles.csv": {"role_ended": 1}, "users.csv": {"role_ended": 1}},
        ),
    ),
    # K3, K4, K5
    "m02-file-systemname": (Gives(), Gives()),
    "c05-excel-short-lines": (Gives(), Gives()),
    "d01a-agents": (Gives(), Gives()),
    "g03-agents-renamed": (Gives(), Gives()),
    # K7
    "d21b-guardian-becomes-student": (
        Gives([("several_roles", "users.csv", 4, "role", "g1")]),
        Gives([("several_roles", "users.csv", 4, "role", "g1")]),
    ),
    # K8
    "g05-names-spoilt": (
        Gives([("letters_guessed", "users.csv", 7, None, "t1")]),
        Gives([("letters_guessed", "users.csv", 7, None, "t1"), NAMES_CHANGED], refused=True),
    ),
    # K10
    "d04-guardian-line-per-child": (
        Gives(
            [G1_TWICE],
            students=["s1", "s3"],
            users=["g1", "t1"],
            ties={("s1", "g1")},
            left_out={"users.csv": {"id_twice": 1}},
        ),
        Gives(
            [
                G1_TWICE,
                NO_GUARDIAN,  # g1 stays as stored, and the students of it are named with nobody now
                *_removed(None, None),
                *_removed(None, file="enrollments.csv"),
                *_removed("agentSourcedIds", "email", "sms"),
            ],
            refused=True,
            students=["s1", "s3"],
            users=["g1", "t1"],
            ties=set(),
            left_out={"users.csv": {"id_twice": 1}},
        ),
    ),
    "d05-teacher-line-per-school": (
        Gives([T1_TWICE], left_out={"users.csv": {"id_twice": 1}}),
        Gives([T1_TWICE], left_out={"users.csv": {"id_twice": 1}}),
    ),
    # K11
    "c04-backslash-quotes": (
        Gives(
            [UNREAD_S1],
            students=["s2"],
            ties={("s2", "g3")},
            left_out={"users.csv": {"csv_unreadable": 1}, "enrollments.csv": {"person_left_out": 1}},
        ),
        Gives(  # two names of it are others than in the good one
            [UNREAD_S1, NAMES_CHANGED], refused=True, left_out={"users.csv": {"csv_unreadable": 1}}
        ),
    ),
    # K12
    "z05-xlsx": (WORKBOOK, WORKBOOK),
    "c01-semicolons": (NO_COMMAS, NO_COMMAS),
    "e04-utf16le-no-bom": (Gives(UTF_16), Gives([*UTF_16, NAMES_CHANGED], refused=True)),
    # K13
    "d10a-enabled-0": (Gives(), Gives()),
    "d10c-enabled-N": (Gives(), Gives()),
}
FIELDS: Final = ("d12-phones", "d13-emails")


def _is(found: Checking, gives: Gives) -> None:
    assert found.told == gives.told
    assert found.refused is gives.refused
    if found.checked.joined is not None:
        assert found.there == (gives.students, gives.users)
        assert found.ties == gives.ties
    assert found.left_out == gives.left_out


def test_every_sample_is_named_here() -> None:
    assert {file.stem for file in WORLD.glob("*.zip")} == {*EXPECTED, *FIELDS}


@pytest.mark.parametrize("name", EXPECTED)
def test_on_a_first_import_it_comes_in_right_or_a_line_says_why_not(name: str) -> None:
    _is(_first(name), EXPECTED[name][0])


@pytest.mark.parametrize("name", EXPECTED)
def test_over_a_good_one_it_comes_in_right_or_a_line_says_why_not(name: str) -> None:
    _is(_over(name), EXPECTED[name][1])


# What the problems alone do not show


@pytest.mark.parametrize("name", ["00-good", "c05-excel-short-lines", "d01a-agents", "m02-file-systemname"])
def test_what_comes_in_right_is_what_the_good_one_gives(name: str) -> None:
    assert _first(name).rows == _good("00-good")


def test_both_good_ones_count_every_line() -> None:
    assert _first("00-good").checked.counts == {
        "orgs.csv": Counts(3, 3, {}),
        "academicSessions.csv": Counts(1, 1, {}),
        "courses.csv": Counts(1, 1, {}),
        "users.csv": Counts(6, 6, {}),
        "classes.csv": Counts(1, 1, {}),
        "enrollments.csv": Counts(3, 3, {}),
    }
    assert _first("d00-good-1.2").count("roles.csv") == Counts(6, 6, {})


@pytest.mark.parametrize("name", ["d10a-enabled-0", "d10c-enabled-N"])
def test_an_account_that_is_not_enabled_begins_as_pending(name: str) -> None:
    found = _first(name)
    assert found.user("g1").account_status is AccountStatus.PENDING
    assert found.user("g2").account_status is AccountStatus.ACTIVE


def test_a_guardian_who_is_a_student_as_well_stays_a_guardian_with_the_addresses() -> None:
    g1 = _over("d21b-guardian-becomes-student").user("g1")
    assert (g1.role, sorted(map(str, g1.credentials.values()))) == (
        Role.GUARDIAN,
        ["email:ada@example.org", "phone:+12025550123"],
    )


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("g05-names-spoilt", {"g1": "José Núñez", "g3": "Zoë Hart", "t1": "MarÃ Young"}),
        ("e04-utf16le-no-bom", {"g1": "José Núñez", "g3": "Zoë Hart", "t1": "Tess Young"}),
    ],
)
def test_one_bad_byte_spoils_no_other_name(name: str, names: dict[str, str]) -> None:
    found = _first(name)
    assert {id_: found.user(id_).name for id_ in names} == names


def test_the_columns_in_which_two_lines_differ_are_told() -> None:
    assert _first("d04-guardian-line-per-child").figures == {"id_twice": ["agentSourcedIds"]}
    assert _first("d05-teacher-line-per-school").figures == {"id_twice": ["orgSourcedIds"]}


def test_what_else_figures_tell() -> None:
    assert _first("c01-semicolons").figures == {"not_commas": [";"]}
    assert _first("d19-no-guardians-no-agents").figures == {"no_guardian": ["students: 2"]}
    assert _first("e04-utf16le-no-bom").figures == {"encoding_not_utf8": ["UTF-16"] * 7}


# K9


PHONES: Final[dict[str, tuple[str | None, str | None]]] = {
    "p-c": ("+12025550143", "phone_note"),
    "p-mom": ("+12025550143", "phone_note"),
    "p-H": ("+12025550143", "phone_note"),
    "p-work": ("+12025550143", "phone_note"),
    "p-call": ("+12025550143", "phone_note"),
    "p-ext": (None, "phone_extension"),
    "p-ext2": (None, "phone_extension"),
    "p-ext3": (None, "phone_extension"),
    "p-ext4": (None, "phone_extension"),
    "p-two": (None, "not_a_phone"),
    "p-or": (None, "not_a_phone"),
    "p-float": (None, "not_a_phone"),
    "p-sci": (None, "not_a_phone"),
    "p-sci1": (None, "not_a_phone"),
    "p-seven": (None, "not_a_phone"),
    "p-star": (None, "not_a_phone"),
    "p-mx": (None, "not_a_phone"),
    "p-mx2": (None, "not_a_phone"),
    "p-unl": (None, "not_a_phone"),
    "p-vanity": (None, "not_a_phone"),
    "p-dup": (None, "not_a_phone"),
    "p-o": (None, "not_a_phone"),
    "p-nine": (None, "not_a_phone"),
    "p-zeros": (None, "phone_placeholder"),
    "p-plus": (None, "phone_country"),
    "p-idd": ("+525512345678", None),
    "p-p44": ("+442079460018", None),
    "p-tel": ("+12025550143", None),
    "p-dots": ("+12025550143", None),
    "p-nbsp": ("+12025550143", None),
    "p-fw": ("+12025550143", None),
    "p-dash": ("+12025550143", None),
    "p-quote": ("+12025550143", None),
    "p-eq": ("+12025550143", None),
}


@pytest.mark.parametrize("base", [False, True])
def test_d12_phones_are_read_or_told_and_never_a_stranger_s(base: bool) -> None:
    found = _over("d12-phones") if base else _first("d12-phones")
    assert _read_or_told(found, "phone", "p-") == PHONES
    assert {(p.file, p.column) for p in found.problems.listed} == {("users.csv", "sms")}
    lines = found.export.files["people"].lines
    assert all(problem.line == lines[problem.sourced_id or ""] for problem in found.problems.listed)
    assert not found.refused


# K14


EMAILS: Final[dict[str, tuple[str | None, str | None]]] = {
    **dict.fromkeys(
        (
            "m-num", "m-none1", "m-no", "m-nono", "m-test", "m-aa", "m-xx", "m-noreply", "m-nomail2",
            "m-decl", "m-parent",
        ),
        (None, "email_placeholder"),
    ),
    **dict.fromkeys(
        (
            "m-two", "m-twoc", "m-name", "m-mailto", "m-dot", "m-comma", "m-con", "m-space", "m-zwsp",
            "m-quoted", "m-angle", "m-dd", "m-tel", "m-at",
        ),
        (None, "not_an_email"),
    ),
    "m-slash": (None, None),  # n/a
    "m-nbsp": ("ada@example.org", None),
    "m-upper": ("ada@example.org", None),
    "m-plus": ("ada+school@example.org", None),
    "m-apos": ("o'neil@example.org", None),
    "m-idn": ("ada@xn--exmple-cua.org", None),
}  # fmt: skip


@pytest.mark.parametrize("base", [False, True])
def test_d13_emails_that_were_made_up_are_left_out_and_told(base: bool) -> None:
    found = _over("d13-emails") if base else _first("d13-emails")
    assert _read_or_told(found, "email", "m-") == EMAILS
    assert {(p.file, p.column) for p in found.problems.listed} == {("users.csv", "email")}
    assert not found.refused
