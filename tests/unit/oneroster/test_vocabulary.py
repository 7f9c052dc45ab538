"""The words of OneRoster and of those who fill in forms."""

import pytest

from reachable.model.people import Role
from reachable.oneroster import vocabulary
from reachable.oneroster.rows import ROW_OF
from tests.roster_exports import HEADERS


@pytest.mark.parametrize("columns", vocabulary.FILES_READ, ids=lambda columns: columns.file)
def test_the_columns_that_are_read_are_oneroster_s(columns: vocabulary.FileColumns) -> None:
    """But for ours, ``metadata.language``; what 1.1 and 1.2 call otherwise is read by either name."""
    known = {name for headers in HEADERS.values() for name in headers.get(columns.file, "").split(",")}
    ours = {"metadata.language"} if columns.file == "users" else set()
    assert {*columns.required, *columns.optional} - known == ours
    assert columns.table in ROW_OF
    assert set(columns.required).isdisjoint(columns.optional)


@pytest.mark.parametrize("version", sorted(vocabulary.VERSIONS))
def test_what_a_version_must_have_is_of_that_version(version: str) -> None:
    for columns in vocabulary.FILES_READ:
        extra = vocabulary.REQUIRED_OF_VERSION[version].get(columns.file, ())
        if columns.file in HEADERS[version]:
            assert {*columns.required, *extra} <= set(HEADERS[version][columns.file].split(","))
    files = {columns.file for columns in vocabulary.FILES_READ}
    assert set(vocabulary.EXPECTED_FILES[version]) <= files


ROLES_OF_1_1 = "administrator aide guardian parent proctor relative student teacher"
ROLES_OF_1_2 = (
    "aide counselor districtAdministrator guardian parent principal proctor relative siteAdministrator "
    "student systemAdministrator teacher"
)


@pytest.mark.parametrize("role", sorted({*ROLES_OF_1_1.split(), *ROLES_OF_1_2.split()}))
def test_every_role_of_oneroster_is_known(role: str) -> None:
    assert role == vocabulary.STUDENT or role.lower() in vocabulary.ROLES


def test_the_roles_of_guardians_are_guardians_and_each_role_of_ours_has_a_rank() -> None:
    guardians = {word for word, role in vocabulary.ROLES.items() if role is Role.GUARDIAN}
    assert guardians == vocabulary.GUARDIAN_ROLES
    assert sorted(vocabulary.WIDEST_FIRST) == sorted(Role)


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("guardian", "guardian"),
        ("parent", "guardian"),
        ("relative", "guardian"),
        ("teacher", "teacher"),
        ("aide", "school_staff"),
        ("proctor", "school_staff"),
        ("counselor", "school_staff"),
        ("principal", "school_staff"),
        ("siteadministrator", "school_staff"),
        ("administrator", "school_staff"),
        ("districtadministrator", "district"),
        ("systemadministrator", "district"),
        ("sysadmin", "district"),
    ],
)
def test_what_each_role_is_here(word: str, role: str) -> None:
    assert vocabulary.ROLES[word] == role


def test_the_types_of_an_org_and_which_are_over_schools() -> None:
    assert {"district", "local", "state", "national"} == vocabulary.DISTRICT_TYPES
    assert {"district", "local", "state", "national", "school", "department"} == vocabulary.ORG_TYPES


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("es-MX", "es"),
        ("zh_Hant_TW", "zh"),
        ("English", "en"),
        (" Spanish ", "es"),
        ("español", "es"),
        ("spa", "es"),
        ("eng-US", "en"),
        ("Spanish-Mexico", "es"),
        ("haitian creole", "ht"),
        ("so", "so"),
        ("hmn", "hmn"),
        ("english and spanish", None),
        ("?", None),
        ("e", None),
        ("12", None),
        ("ñá", None),
        ("", None),
    ],
)
def test_languages(typed: str, language: str | None) -> None:
    assert vocabulary.language_of(typed) == language


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["english", "eng"]),
        ("es", ["spanish", "spa", "español", "espanol"]),
        ("fr", ["french", "fra", "fre"]),
        ("de", ["german", "deu", "ger"]),
        ("pt", ["portuguese", "por"]),
        ("vi", ["vietnamese", "vie"]),
        ("zh", ["chinese", "mandarin", "zho", "chi"]),
        ("ar", ["arabic", "ara"]),
        ("ko", ["korean", "kor"]),
        ("tl", ["tagalog", "tgl"]),
        ("ru", ["russian", "rus"]),
        ("ht", ["haitian creole", "hat"]),
        ("so", ["somali", "som"]),
        ("uk", ["ukrainian", "ukr"]),
        ("pl", ["polish", "pol"]),
    ],
)
def test_what_exports_call_each_language(language: str, words: list[str]) -> None:
    assert [vocabulary.language_of(word) for word in words] == [language] * len(words)


def test_languages_are_told_by_their_iso_codes() -> None:
    assert all(len(code) == 2 and code.isascii() and code.islower() for code in vocabulary.LANGUAGES.values())


@pytest.mark.parametrize(
    ("words", "enabled"),
    [
        (["", "true", "T", "1", "1.0", "Yes", "y", "Active", "ENABLED", "on"], True),
        (["false", "F", "0", "0.0", "No", "N", "Inactive", "disabled", "off"], False),
        (["Deactivated", "Suspended"], False),
        (["2", "maybe", "-1", "x", "null"], None),
    ],
)
def test_what_says_that_an_account_is_enabled(words: list[str], enabled: bool | None) -> None:
    assert [vocabulary.ENABLED.get(word.lower()) for word in words] == [enabled] * len(words)


@pytest.mark.parametrize(
    ("column", "fits", "shifted"),
    [
        ("status", ["", "active", "ToBeDeleted", "inactive", "deleted"], ["true", "north", "2026-11-01"]),
        ("enabledUser", ["", "true", "NO", "1.0", "suspended"], ["north", "parent", "2"]),
        ("givenName", ["", "Ada", "Anne-Marie O'Neil", "山田"], ["ada@example.org", "4711", "03"]),
        ("familyName", ["", "Reyes", "de la Cruz, Jr."], ["ada@example.org", "4711", "03"]),
        ("role", ["", "parent", "siteAdministrator"], ["north-1", "a role", "03", "ada@example.org"]),
        ("email", ["", "ada@example.org", "--", "None", "NIL", "x"], ["202-555-0123", "Ada", "a@b@c"]),
        ("email", ["na", "N/A", "n.a.", "null", "no", "unknown"], ["nobody", "xx"]),
        ("sms", ["", "(202) 555-0123", "cell 2025550123", "-", "NA", "none"], ["ada@1.example.org", "ada"]),
        ("sms", ["n/a", "N.A.", "null", "nil", "no", "Unknown", "X"], ["nobody", "xx"]),
        ("phone", ["", "(202) 555-0123", "cell 2025550123", "-", "NA", "none"], ["ada@1.example.org", "ada"]),
        ("phone", ["n/a", "N.A.", "null", "nil", "no", "Unknown", "X"], ["nobody", "xx"]),
        ("agentSourcedIds", ["", "ada", "ada,dennis", "4711"], ["ada@example.org"]),
        ("grades", ["", "03", "KG", "PK-12", "03,04,KG"], ["202-555-0123", "hunter2", "03,fourth"]),
        ("endDate", ["", "2027-06-12", "2027-06-12T00:00:00Z"], ["12.06.2027", "true", "20270612"]),
    ],
)
def test_what_stands_in_a_column_of_a_line_whose_fields_are_in_their_places(
    column: str, fits: list[str], shifted: list[str]
) -> None:
    shape = vocabulary.SHAPES[column]
    assert [typed for typed in fits if not shape.fullmatch(typed)] == []
    assert [typed for typed in shifted if shape.fullmatch(typed)] == []


def test_no_other_name_of_a_column_is_one_of_oneroster_s_and_each_means_one_that_is_read() -> None:
    for columns in vocabulary.FILES_READ:
        known = {
            name.casefold()
            for headers in HEADERS.values()
            for name in headers.get(columns.file, "").split(",")
        }
        read = vocabulary.SYNONYMS.get(columns.file, {})
        told = vocabulary.RESEMBLING.get(columns.file, {})
        assert {other.casefold() for other in (*read, *told)}.isdisjoint(known)
        assert {*read.values(), *told.values()} <= set(columns.names)
        assert set(read).isdisjoint(told)
