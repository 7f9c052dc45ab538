"""Emails and phone numbers as people type them: in normal form, or why not."""

import time

import pytest

from reachable.oneroster import contacts


@pytest.mark.parametrize(
    "typed", ["", "-", "--", ".", "NA", "n/a", "N.A.", "None", "NULL", "nil", "Unknown", "x", "no"]
)
def test_words_for_nothing(typed: str) -> None:
    assert contacts.is_blank(typed)


@pytest.mark.parametrize("typed", ["0", "nobody@example.org", "nan", "xx", "202-555-0123"])
def test_words_for_something(typed: str) -> None:
    assert not contacts.is_blank(typed)


NAMES = (
    "none noemail no-email no.email no_email nomail no-mail no.mail noaddress donotemail na n.a n-a null "
    "notprovided not.provided notavailable unknown declined refused noneprovided placeholder fake xxx"
)
DOMAINS = "none noemail no-email nomail no-mail noaddress nowhere na unknown null fake"


@pytest.mark.parametrize("name", NAMES.split())
def test_names_before_an_at_that_were_made_up(name: str) -> None:
    assert contacts.is_placeholder_email(f"{name}@school.example.org")


@pytest.mark.parametrize("name", DOMAINS.split())
def test_domains_that_were_made_up(name: str) -> None:
    assert contacts.is_placeholder_email(f"ada@{name}.com")


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
    assert contacts.is_placeholder_email(address)


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
    assert not contacts.is_placeholder_email(address)


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
    assert contacts.is_placeholder_phone(typed)


@pytest.mark.parametrize(
    "typed", ["202-555-0123", "000", "(555) 555-0123", "1", "", "call me", "888-888-8880"]
)
def test_numbers_that_were_not(typed: str) -> None:
    assert not contacts.is_placeholder_phone(typed)


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
    assert contacts.has_extension(typed)


@pytest.mark.parametrize(
    "typed", ["202-555-0143", "#2025550143", "# 2025550143", "Ext 2025550143", "202-555-0143 x", "x12", ""]
)
def test_numbers_without(typed: str) -> None:
    assert not contacts.has_extension(typed)


@pytest.mark.parametrize("typed", ["1" * 100_000, "x1" * 50_000, "#" + " " * 100_000, "1 " * 50_000 + "x"])
def test_a_field_of_any_length_is_looked_at_in_no_time(typed: str) -> None:
    started = time.process_time()
    contacts.has_extension(typed)
    contacts.is_placeholder_phone(typed)
    assert time.process_time() - started < 1
