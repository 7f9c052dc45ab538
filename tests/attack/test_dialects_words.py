"""What a person texts: whole words, whatever stands around them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.attack.dialects import PHONE, form, parse

INBOUND: dict[str, Callable[[str], Any]] = {
    "twilio": lambda text: form(MessageSid="SM1", SmsStatus="received", From=PHONE, Body=text),
    "plivo": lambda text: form(MessageUUID="1", From=PHONE, Text=text),
    "messagebird": lambda text: form(id="1", originator=PHONE, body=text),
    "bandwidth": lambda text: [
        {"type": "message-received", "message": {"id": "1", "from": PHONE, "text": text}}
    ],
    "sinch": lambda text: {"type": "mo_text", "id": "1", "from": PHONE, "body": text},
    "vonage": lambda text: {"messageId": "1", "msisdn": PHONE, "text": text},
    "aws_sms": lambda text: {"inboundMessageId": "1", "originationNumber": PHONE, "messageBody": text},
    "telnyx": lambda text: {
        "data": {
            "id": "e",
            "event_type": "message.received",
            "payload": {"id": "1", "text": text, "from": {"phone_number": PHONE}},
        }
    },
}


def _kinds(provider: str, text: str) -> list[str]:
    body: Any = INBOUND[provider](text)
    return [event.kind for event in parse(provider, body)]


@pytest.mark.parametrize("provider", INBOUND)
@pytest.mark.parametrize(
    "text", ["STOP" + "!" * 40, "STOP" + " " * 40, "\n" * 40 + "stop", "🛑" * 20 + "STOP" + "🛑" * 20]
)
def test_much_around_a_stop_is_a_stop(provider: str, text: str) -> None:
    assert _kinds(provider, text) == ["opted_out"]


@pytest.mark.parametrize("provider", INBOUND)
@pytest.mark.parametrize("text", ["opt\u2011out", "opt\u2013out", "opt\u00adout", "stop-all", "ST\u200bOP"])
def test_another_hyphen_or_a_sign_that_nobody_sees_is_the_same_word(provider: str, text: str) -> None:
    assert _kinds(provider, text) == ["opted_out"]


@pytest.mark.parametrize("provider", INBOUND)
@pytest.mark.parametrize(
    "text", ["please don't stop", "bus stop", "Start 2", "STOP it", "yes please", "help", "😀", "…", ""]
)
def test_a_sentence_is_no_wish(provider: str, text: str) -> None:
    assert _kinds(provider, text) == []
