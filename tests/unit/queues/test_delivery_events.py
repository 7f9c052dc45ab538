"""A queue message of any shape is told, and a body comes back as it went in."""

import json
from datetime import UTC, datetime

import pytest

from reachable.model.errors import ParseError
from reachable.queues import delivery_events

SENT_AT = datetime(2026, 9, 14, 8, 30, tzinfo=UTC)
BOUNCE = json.dumps({"notificationType": "Bounce", "mail": {}})


@pytest.mark.parametrize(
    ("body", "provider"),
    [
        (BOUNCE, "ses"),
        (json.dumps({"eventType": "Bounce", "mail": {}}), "ses"),
        (json.dumps({"Type": "Notification", "Message": BOUNCE}), "ses"),
        (json.dumps({"Type": "Notification", "Message": "Successfully validated SNS topic"}), "ses"),
        (json.dumps({"source": "aws.ses", "detail-type": "Email Bounced", "detail": {}}), "ses"),
        (json.dumps({"eventType": "TEXT_DELIVERED"}), "aws_sms"),
        (
            json.dumps({"Type": "Notification", "Message": json.dumps({"eventType": "VOICE_ANSWERED"})}),
            "aws_sms",
        ),
        (json.dumps({"originationNumber": "+1", "messageBody": "STOP"}), "aws_sms"),
        (
            json.dumps({"source": "aws.sms-voice", "detail-type": "Text Message Delivery Status Updated"}),
            "aws_sms",
        ),
    ],
)
def test_what_aws_puts_on_the_queue_is_told_by_its_shape(body: str, provider: str) -> None:
    entry = delivery_events.read(body, SENT_AT)
    assert (entry.provider, entry.received_at, entry.body) == (provider, SENT_AT, body.encode())


ENTRY: dict[str, object] = {
    "provider": "twilio",
    "account": None,
    "method": "POST",
    "url": "/webhooks/twilio",
    "query": "",
    "headers": {},
    "received_at": "2026-09-14T08:30:00+00:00",
    "body": "QQ==",
}


def test_an_entry_of_ours_comes_back_as_it_went_in() -> None:
    assert delivery_events.read(json.dumps(ENTRY), SENT_AT) == delivery_events.Entry(
        provider="twilio", url="/webhooks/twilio", received_at=SENT_AT, body=b"A"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"body": "!"},
        {"body": "QQ="},
        {"body": "Q!Q=="},  # lenient, it is "A" all the same
        {"body": None},
        {"provider": 1},
        {"account": 1},
        {"method": None},
        {"url": None},
        {"query": None},
        {"headers": None},
        {"headers": {"a": 1}},
        {"received_at": "noon"},
        {"received_at": None},
    ],
)
def test_an_entry_of_ours_that_is_broken_in_one_place_is_unreadable(changed: dict[str, object]) -> None:
    with pytest.raises(ParseError):
        delivery_events.read(json.dumps(ENTRY | changed), SENT_AT)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "1",
        "{}",
        '{"provider": "twilio", "body": "!"}',
        '{"provider": 1, "body": null}',
        '{"Type": "x"}',  # half of what SNS sends
        '{"Message": "x"}',
    ],
)
def test_what_has_no_shape_that_we_know_is_unreadable(body: str) -> None:
    with pytest.raises(ParseError):
        delivery_events.read(body, SENT_AT)
