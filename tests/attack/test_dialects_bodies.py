"""What is neither whom nor what never costs an event, nor its neighbours; an empty text is no dead letter."""

import json
from typing import Any

import pytest

from reachable.model.errors import ParseError
from tests.attack.dialects import ADA, PHONE, form, mailgun, parse, sendgrid

NEIGHBOUR = {**sendgrid("bounce", "", "550 5.1.1 unknown", "5.1.1")[0], "email": "bob@example.org"}
NEIGHBOUR["sg_event_id"] = "n"


def _batch(custom: bytes) -> bytes:
    entry = json.dumps(sendgrid("bounce", "", "550 5.1.1 unknown", "5.1.1")[0] | {"custom": "HERE"}).encode()
    return b"[" + entry.replace(b'"HERE"', custom) + b"," + json.dumps(NEIGHBOUR).encode() + b"]"


def _said(provider: str, body: bytes) -> list[str]:
    try:
        return [event.address for event in parse(provider, body)]
    except ParseError as problem:
        return [event.address for event in problem.events]


CUSTOM = {
    "half-an-emoji": rb'"Hello \ud83d"',
    "latin-1": b'"caf\xe9"',
    "nan": b"NaN",
    "deep": b"[" * 1100 + b"]" * 1100,
}


@pytest.mark.parametrize("custom", CUSTOM.values(), ids=CUSTOM)
def test_custom_data_never_costs_the_batch(custom: bytes) -> None:
    assert _said("sendgrid", _batch(custom)) == [ADA, "bob@example.org"]


def test_half_an_emoji_in_a_subject_does_not_cost_a_bounce() -> None:
    body = mailgun("550 5.1.1 No such user")
    body["event-data"]["message"]["headers"]["subject"] = "HERE"
    assert _said("mailgun", json.dumps(body).replace("HERE", r"Trip \ud83d").encode()) == [ADA]


def test_half_an_emoji_in_a_variable_does_not_cost_a_bounce_of_ses() -> None:
    bounce = {
        "bounceType": "Permanent",
        "bounceSubType": "NoEmail",
        "bouncedRecipients": [{"emailAddress": ADA}],
    }
    message = json.dumps(
        {"notificationType": "Bounce", "bounce": bounce, "mail": {"tags": {"class": ["HERE"]}}}
    )
    assert _said("ses", message.replace("HERE", r"\udc4d 5a").encode()) == [ADA]


FORMS: dict[str, tuple[str, bytes]] = {
    "twilio-message": (
        "twilio",
        b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005&To=%2B12025550123&ErrorMessage=caf%E9",
    ),
    "twilio-ends-with-ampersand": (
        "twilio",
        b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005&To=%2B12025550123&",
    ),
    "twilio-name-alone": (
        "twilio",
        b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005&To=%2B12025550123&Flag",
    ),
    "messagebird-reference": (
        "messagebird",
        b"id=1&recipient=12025550123&status=delivery_failed&statusErrorCode=1&reference=caf%E9",
    ),
    "plivo-other": ("plivo", b"MessageUUID=1&Status=undelivered&ErrorCode=50&To=12025550123&Powerpack=%FF"),
    "vonage-client-ref": (
        "vonage",
        b"messageId=1&msisdn=12025550123&status=failed&err-code=3&client-ref=%E9",
    ),
}


@pytest.mark.parametrize(("provider", "body"), FORMS.values(), ids=FORMS)
def test_a_forms_other_fields_never_cost_the_event(provider: str, body: bytes) -> None:
    assert _said(provider, body) == [PHONE]


INBOUND: dict[str, tuple[str, Any]] = {
    "plivo-picture-empty-text": (
        "plivo",
        form(MessageUUID="1", From="12025550123", To="12025550100", Type="mms", Text="", Media0="https://x"),
    ),
    "plivo-picture": (
        "plivo",
        form(MessageUUID="1", From="12025550123", To="12025550100", Type="mms", Media0="https://x"),
    ),
    "twilio-picture": (
        "twilio",
        form(MessageSid="MM1", From=PHONE, To="+12025550100", Body="", NumMedia="1"),
    ),
}


@pytest.mark.parametrize(("provider", "body"), INBOUND.values(), ids=INBOUND)
def test_a_picture_without_words_that_comes_in_is_no_dead_letter(provider: str, body: bytes) -> None:
    assert parse(provider, body) == []
