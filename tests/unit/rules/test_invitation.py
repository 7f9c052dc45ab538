"""An invitation's channel, language and length."""

from datetime import UTC, datetime

import pytest

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Channel
from reachable.rules import invitation
from reachable.rules.invitation import Invitation
from reachable.rules.segments import SmsEncoding, segments
from tests.builders import clock

URL = "https://ridge.example/sign-up"
EMAIL, PHONE = CredentialKind.EMAIL, CredentialKind.PHONE


def invited(
    *kinds: CredentialKind, language: str = "en", default: str = "en", district: str = "Ridge School District"
) -> Invitation:
    found = invitation.invitation(kinds, language, default, district=district, url=URL)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kinds", "channel"),
    [([EMAIL], Channel.EMAIL), ([PHONE, EMAIL], Channel.EMAIL), ([PHONE], Channel.SMS)],
)
def test_it_goes_by_email_where_there_is_one_else_by_text(
    kinds: list[CredentialKind], channel: Channel
) -> None:
    found = invited(*kinds)
    assert found.channel is channel
    assert (found.subject is not None) is (channel is Channel.EMAIL)


def test_who_has_neither_is_not_invited() -> None:
    assert invitation.invitation([], "en", "en", district="", url=URL) is None


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", CredentialKind)
def test_it_says_who_writes_and_where_to_sign_up(kind: CredentialKind, language: str) -> None:
    found = invited(kind, language=language)
    assert "Ridge School District" in found.text
    assert URL in found.text
    assert found.subject is None or found.subject.endswith("Ridge School District")


@pytest.mark.parametrize(
    ("language", "default", "begins"),
    [
        ("en", "es", "You are invited"),
        ("es", "en", "Le invitamos"),
        ("vi", "es", "Le invitamos"),
        ("vi", "fr", "You are invited"),
    ],
)
def test_it_speaks_the_person_s_language_else_the_district_s_else_english(
    language: str, default: str, begins: str
) -> None:
    for kind in CredentialKind:
        assert invited(kind, language=language, default=default).text.startswith(begins)


def test_a_district_without_a_name_is_named_in_words() -> None:
    assert "messages from your school district." in invited(PHONE, district="").text
    assert invited(EMAIL, language="es", district="").subject == (
        "Regístrese para recibir mensajes de su distrito escolar"
    )


@pytest.mark.parametrize(("language", "label"), [("en", "For Dennis: "), ("es", "Para Dennis R.: ")])
@pytest.mark.parametrize("district", ["", "North Ridge Unified School District"])
def test_a_text_is_one_segment_with_its_label(language: str, label: str, district: str) -> None:
    found = segments(label, invited(PHONE, language=language, district=district).text)
    assert (found.count, found.encoding) == (1, SmsEncoding.GSM_7)


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (clock("00:00"), 86_400),
        (clock("23:59"), 60),
        (datetime(2026, 11, 24, 23, 59, 59, 999_000, tzinfo=UTC), 1),
    ],
)
def test_the_next_day_begins_at_midnight_in_utc(now: datetime, seconds: int) -> None:
    assert invitation.seconds_to_next_day(now) == seconds
