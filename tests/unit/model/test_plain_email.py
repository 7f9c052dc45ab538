"""The plain form of an address against email-validator, whose word counts."""

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reachable.model import plain_email


def by_library(text: str) -> str | None:
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return None
    return f"{found.local_part.lower()}@{found.ascii_domain}"


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
WORDS = st.text(LETTERS + "0123456789!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=70)
LABELS = st.one_of(
    st.text(LETTERS + "0123456789-", min_size=1, max_size=70),
    st.text("aX0-", min_size=1, max_size=6),
    st.sampled_from(["xn--bcher-kva", "XN--BCHER-KVA", "xn--", "ab--cd", "a" * 63, "a" * 64]),
)
TOP_LEVEL = st.one_of(LABELS, st.sampled_from(["org", "Com", "test", *SPECIAL_USE_DOMAIN_NAMES]))
ASCII_EMAILS = st.builds(
    lambda local, domain, top_level: f"{'.'.join(local)}@{'.'.join([*domain, top_level])}",
    st.lists(WORDS, min_size=1, max_size=4),
    st.lists(LABELS, max_size=4),
    TOP_LEVEL,
)


@settings(max_examples=500)
@given(ASCII_EMAILS)
@example("Ada@School.LOCAL")
@example("ada@example.o-rg")
@example("ada@example.0rg")
@example("ada@example.org0")
@example("ada@ab--cd.org")
@example(f"{'a' * 242}@example.org")
@example(f"{'a' * 243}@example.org")
@example("k@exampl\u212a.org")
@example("\u212a@example.org")
def test_a_plain_address_has_the_normal_form_that_the_library_gives(text: str) -> None:
    plain = plain_email.normal_form(text)
    assert plain is None or plain == by_library(text)


@pytest.mark.parametrize("text", ["Ada.Reyes+school@Mail.Example.org", "o'neil@example.k12.tx.us"])
def test_what_most_people_have_is_plain(text: str) -> None:
    assert plain_email.normal_form(text) == by_library(text) == text.lower()


@given(st.text(max_size=30))
def test_any_text_is_plain_only_if_the_library_takes_it(text: str) -> None:
    for one in (text, f"{text}@example.org", f"ada@{text}", f"ada@{text}.org"):
        plain = plain_email.normal_form(one)
        assert plain is None or plain == by_library(one)


@pytest.mark.parametrize("name", SPECIAL_USE_DOMAIN_NAMES)
def test_a_domain_that_is_no_ones_is_left_to_the_library(name: str) -> None:
    assert plain_email.normal_form(f"ada@school.{name}") is None
