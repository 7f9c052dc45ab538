"""A function that is deployed wrong fails at its start, with the name of the variable."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from reachable import settings
from reachable.model.send import Purpose
from reachable.settings import MissingSetting, WrongSetting

NAME = "SOME_SETTING"


def test_a_variable_that_must_be_there_is_named_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for read in (settings.text, lambda name: settings.typed(name, int)):
        monkeypatch.delenv(NAME, raising=False)
        with pytest.raises(MissingSetting, match=f"^environment variable {NAME} is not set$"):
            read(NAME)
        monkeypatch.setenv(NAME, "")
        with pytest.raises(MissingSetting, match=NAME):
            read(NAME)


@pytest.mark.parametrize(
    ("read", "of", "value", "meant"),
    [
        (settings.typed, int, "400", 400),
        (settings.typed, float, "0.10", 0.1),
        (settings.typed, Purpose, "emergency", Purpose.EMERGENCY),
        (settings.each, Purpose, "sign_in, emergency,", [Purpose.SIGN_IN, Purpose.EMERGENCY]),
        (settings.each, Purpose, "", []),
    ],
)
def test_a_variable_is_read_as_what_it_means(
    monkeypatch: pytest.MonkeyPatch, read: Callable[..., Any], of: Any, value: str, meant: object
) -> None:
    monkeypatch.setenv(NAME, value)
    assert read(NAME, of) == meant


@pytest.mark.parametrize(
    ("read", "of", "value"),
    [
        (settings.typed, int, "many"),
        (settings.typed, float, "10 %"),
        (settings.typed, Purpose, "urgent"),
        (settings.typed, settings.zone, "America/Chikago"),
        (settings.typed, settings.zone, "/etc/localtime"),
        (settings.typed, settings.zone, "America"),
        (settings.typed, settings.zone, "A" * 300),
    ],
)
def test_a_variable_that_means_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, read: Callable[..., Any], of: Any, value: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(WrongSetting, match=f"^environment variable {NAME} cannot be '{value}'$"):
        read(NAME, of)


def test_of_several_words_the_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "sign_in,urgent")
    with pytest.raises(WrongSetting, match=f"{NAME} cannot be 'urgent'"):
        settings.each(NAME, Purpose)


def test_an_empty_variable_is_as_one_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")
    assert settings.optional(NAME, "email") == "email"
    assert settings.optional(NAME, None, date.fromisoformat) is None
    assert settings.optional(NAME, 30, int) == 30


def test_an_optional_variable_is_read_as_what_it_means_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "2026-11-24")
    assert settings.optional(NAME, None, date.fromisoformat) == date(2026, 11, 24)
    monkeypatch.setenv(NAME, "tomorrow")
    with pytest.raises(WrongSetting, match=f"^environment variable {NAME} cannot be 'tomorrow'$"):
        settings.optional(NAME, None, date.fromisoformat)
