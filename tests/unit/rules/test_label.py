"""The words before a text to a shared phone."""

import pytest

from reachable.rules import label
from reachable.rules.label import PhoneHolder


def holder(name: str, language: str = "en", user_id: str = "") -> PhoneHolder:
    given, _, family = name.partition(" ")
    return PhoneHolder(user_id or name, given, family, language)


def labels(*holders: PhoneHolder, default: str = "en") -> list[str]:
    return list(label.labels(holders, default).values())


def test_a_phone_of_one_holder_needs_no_label() -> None:
    assert labels(holder("Dennis Reyes")) == []
    assert labels() == []


def test_a_shared_phone_is_told_whom_a_text_is_for() -> None:
    assert labels(holder("Dennis Reyes"), holder("Ada Reyes")) == ["For Dennis: ", "For Ada: "]


@pytest.mark.parametrize(
    ("language", "default", "words"),
    [
        ("es", "en", "Para Dennis: "),
        ("en", "es", "For Dennis: "),
        ("fr", "es", "Para Dennis: "),  # a language without words gets the district's
        ("fr", "de", "For Dennis: "),  # and where that has none, English
    ],
)
def test_a_label_is_in_the_holder_s_language(language: str, default: str, words: str) -> None:
    assert labels(holder("Dennis Reyes", language), holder("Ada Reyes"), default=default)[0] == words


def test_of_two_with_one_given_name_the_surname_s_initial_tells() -> None:
    told = labels(holder("Ada Reyes"), holder("Ada Hart"), holder("Bo Hart"))
    assert told == ["For Ada R.: ", "For Ada H.: ", "For Bo: "]


def test_case_and_accents_tell_nobody_apart() -> None:
    assert labels(holder("José Reyes"), holder("JOSE Hart")) == ["For José R.: ", "For JOSE H.: "]


def test_who_has_no_given_name_is_called_by_the_surname() -> None:
    only_family = PhoneHolder("x", "", "Reyes", "en")
    assert labels(only_family, holder("Ada Hart")) == ["For Reyes: ", "For Ada: "]


def test_a_long_name_leaves_room_for_the_text() -> None:
    assert len(labels(holder("A" * 500 + " Reyes"), holder("Bo Hart"))[0]) < 50


def test_ten_thousand_may_share_a_phone() -> None:
    many = [holder(f"Ada{n % 100} Reyes", user_id=str(n)) for n in range(10_000)]
    assert len(label.labels(many, "en")) == 10_000
