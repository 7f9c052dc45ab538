"""Every code has its words, in every language we speak."""

import itertools

import pytest

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause
from reachable.model.status import Ground
from reachable.rules import wording
from reachable.rules.reset import Need
from reachable.rules.wording import Language


@pytest.mark.parametrize(
    ("ground", "cause", "kind"), list(itertools.product([None, *Ground], Cause, CredentialKind))
)
def test_every_reason_has_words_in_both_languages(
    ground: Ground | None, cause: Cause, kind: CredentialKind
) -> None:
    english = wording.reason(ground, cause, kind, Language.EN)
    spanish = wording.reason(ground, cause, kind, Language.ES)
    assert english.endswith(".")
    assert spanish.endswith(".")
    assert english != spanish


def test_a_person_s_own_word_outranks_the_cause() -> None:
    said = wording.reason(Ground.COMPLAINT, Cause.UNKNOWN, CredentialKind.EMAIL, Language.EN)
    assert said == "This person marked one of our messages as junk mail."


def test_the_advice_after_stop_names_the_number_to_text() -> None:
    assert "START to +12025550100" in wording.advice(Need.START, Language.EN, "+12025550100")
    assert "the number that our texts come from" in wording.advice(Need.START, Language.EN, None)


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en"), ("es-MX,es;q=0.9,en;q=0.8", "es"), ("fr-FR, es;q=0.5", "es"), ("EN", "en"), ("de", "en")],
)
def test_the_browser_s_first_language_that_we_speak_is_taken(header: str, language: str) -> None:
    assert wording.of_accept_language(header) == language
