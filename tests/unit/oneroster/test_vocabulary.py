"""The words of OneRoster and of those who fill in forms."""

import time

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


def test_the_types_of_an_org_that_is_no_school_but_over_schools() -> None:
    assert {"district", "local", "state", "national"} == vocabulary.DISTRICT_TYPES


@pytest.mark.parametrize(
    "typed", ["", "-", "--", ".", "NA", "n/a", "N.A.", "None", "NULL", "nil", "Unknown", "x", "no"]
)
def test_words_for_nothing(typed: str) -> None:
    assert vocabulary.is_blank(typed)


@pytest.mark.parametrize("typed", ["0", "nobody@example.org", "nan", "xx", "202-555-0123"])
def test_words_for_something(typed: str) -> None:
    assert not vocabulary.is_blank(typed)


NAMES = (
    "none noemail no-email no.email no_email nomail no-mail no.mail noaddress donotemail na n.a n-a null "
    "notprovided not.provided notavailable unknown declined refused noneprovided placeholder fake xxx"
)
DOMAINS = "none noemail no-email nomail no-mail noaddress nowhere na unknown null fake"


@pytest.mark.parametrize("name", NAMES.split())
def test_names_before_an_at_that_were_made_up(name: str) -> None:
    assert vocabulary.is_placeholder_email(f"{name}@school.example.org")


@pytest.mark.parametrize("name", DOMAINS.split())
def test_domains_that_were_made_up(name: str) -> None:
    assert vocabulary.is_placeholder_email(f"ada@{name}.com")


@pytest.mark.parametrize(
    "address",
    [
        "none@none.com",
        "noemail@noemail.com",
        "no-email@example.org",
        "no.email@school.example.org",
        "na@na.com",
        "unknown@example.org",
        "declined@example.org",
        "ada@none.com",
        "ada@noemail.org",
        "x@fake.com",
    ],
)
def test_addresses_that_were_made_up(address: str) -> None:
    assert vocabulary.is_placeholder_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        "nona@example.org",
        "n.one@example.org",
        "nomail.smith@example.org",
        "ada@na.example.com",
        "ada@unknown.university.example.edu",
        "fakename@example.org",
        "ada@nonesuch.example.org",
    ],
)
def test_addresses_that_only_look_so(address: str) -> None:
    assert not vocabulary.is_placeholder_email(address)


@pytest.mark.parametrize(
    "typed",
    [
        "0000000",
        "(000) 000-0000",
        "111-111-1111",
        "1-999-999-9999",
        "+1 555 555 5555",
        "1234567890",
        "0123456789",
        "987-654-3210",
        "0987654321",
        "1 (123) 456-7890",
        "123-4567",
    ],
)
def test_numbers_that_were_made_up(typed: str) -> None:
    assert vocabulary.is_placeholder_phone(typed)


@pytest.mark.parametrize(
    "typed", ["202-555-0123", "000", "(555) 555-0123", "1", "", "call me", "888-888-8880"]
)
def test_numbers_that_were_not(typed: str) -> None:
    assert not vocabulary.is_placeholder_phone(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "202-555-0143 x12",
        "202-555-0143x12",
        "202-555-0143 X 12 ",
        "202-555-0143 ext 12",
        "202-555-0143 Ext. 12",
        "202-555-0143 extn:12",
        "202-555-0143 extension 12",
        "202-555-0143 #12",
        "202-555-0143;ext=12",
    ],
)
def test_numbers_with_an_extension(typed: str) -> None:
    assert vocabulary.has_extension(typed)


@pytest.mark.parametrize(
    "typed", ["202-555-0143", "#2025550143", "# 2025550143", "Ext 2025550143", "202-555-0143 x", "x12", ""]
)
def test_numbers_without(typed: str) -> None:
    assert not vocabulary.has_extension(typed)


@pytest.mark.parametrize("typed", ["1" * 100_000, "x1" * 50_000, "#" + " " * 100_000, "1 " * 50_000 + "x"])
def test_a_field_of_any_length_is_looked_at_in_no_time(typed: str) -> None:
    started = time.process_time()
    vocabulary.has_extension(typed)
    vocabulary.is_placeholder_phone(typed)
    assert time.process_time() - started < 1


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


def test_languages_are_told_by_their_iso_codes() -> None:
    assert all(len(code) == 2 and code.isascii() and code.islower() for code in vocabulary.LANGUAGES.values())
