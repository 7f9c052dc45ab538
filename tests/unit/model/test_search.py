"""What narrows a search, and how names are folded so that typing is forgiving."""

import pytest

from reachable.model.people import AccountStatus, Role, RosterKind
from reachable.model.search import Search, folded_words, title_words
from reachable.model.status import CredentialStatus

USER = RosterKind.USER


@pytest.mark.parametrize(
    ("wish", "narrows"),
    [
        (Search(kind=USER), False),
        (Search(kind=RosterKind.STUDENT), False),
        (Search(kind=USER, limit=1, cursor="after-ada"), False),  # a part of everybody is everybody
        (Search(kind=USER, q="ada"), True),
        (Search(kind=USER, school="north"), True),
        (Search(kind=RosterKind.STUDENT, class_="art"), True),
        (Search(kind=USER, role=Role.GUARDIAN), True),
        (Search(kind=USER, status=CredentialStatus.GOOD), True),
        (Search(kind=USER, account_status=AccountStatus.PENDING), True),
    ],
)
def test_each_filter_narrows_a_search_and_its_page_does_not(wish: Search, narrows: bool) -> None:
    assert wish.narrows is narrows


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Núñez-O'Dell", ("nunez", "odell")),
        ("O\u2019Brien", ("obrien",)),
        ("Søren Łukasz Đặng", ("soren", "lukasz", "dang")),
        ("Þór Æsa Cœur", ("thor", "aesa", "coeur")),
        ("Straße ILGIN \u0131lg\u0131n", ("strasse", "ilgin")),
        ("ada  ADA_ada", ("ada",)),  # each once
        ("...", ()),
        ("", ()),
        ("x" * 33, ("x" * 32,)),
        ("a b c d e f g h i", ("a", "b", "c", "d", "e", "f", "g", "h")),
    ],
)
def test_a_name_is_its_words_without_case_accents_and_punctuation(name: str, folded: tuple[str, ...]) -> None:
    assert folded_words(name) == folded


def test_of_a_title_more_words_count_than_of_a_name() -> None:
    title = "AP English Language and Composition, Section 2, Period 3, Ms. Whitcombe (Room 12)"
    words = [
        "ap",
        "english",
        "language",
        "and",
        "composition",
        "section",
        "2",
        "period",
        "3",
        "ms",
        "whitcombe",
        "room",
        "12",
    ]
    assert title_words(title) == tuple(words)
    assert folded_words(title) == tuple(words[:8])
    assert len(title_words(" ".join(map(str, range(40))))) == 24
