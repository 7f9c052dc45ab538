"""Whom an event names, and nobody else; one id an event."""

from typing import Any

import pytest

from tests.attack.dialects import PHONE, mailgun, parse, sparkpost


@pytest.mark.parametrize(
    "recipient", ["ada..b@docomo.ne.jp", "ada@ex_ample.org", "", None, [], "ada@example.org; bob@example.org"]
)
def test_mailgun_blames_no_to_header_for_a_recipient_that_it_cannot_read(recipient: Any) -> None:
    body = mailgun("550 5.1.1 No such user", recipient, "School Office <office@example.org>")
    assert [event.address for event in parse("mailgun", body)] == []


def test_sparkpost_blames_nobody_else_for_a_recipient_that_it_cannot_read() -> None:
    body = sparkpost("10", "550 5.1.1 No such user")
    body[0]["msys"]["message_event"] |= {
        "raw_rcpt_to": "ada..b@docomo.ne.jp",
        "rcpt_to": "office@example.org",
    }
    assert [event.address for event in parse("sparkpost", body)] == []


def _aws(number: str) -> Any:
    return {"eventType": "TEXT_INVALID", "destinationPhoneNumber": number, "eventTimestamp": 1757838600000}


def _telnyx(number: str) -> Any:
    payload = {"to": number, "direction": "outgoing", "hangup_cause": "not_found"}
    return {"data": {"event_type": "call.hangup", "occurred_at": "2026-09-14T08:30:00Z", "payload": payload}}


@pytest.mark.parametrize(("provider", "body"), [("aws_sms", _aws), ("telnyx", _telnyx)])
def test_two_numbers_at_one_moment_without_ids_are_two_events(provider: str, body: Any) -> None:
    (one,), (other,) = parse(provider, body(PHONE)), parse(provider, body("+12025550199"))
    assert one.event_id != other.event_id
