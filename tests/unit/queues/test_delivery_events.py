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


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "1", "{}", '{"provider": "twilio", "body": "!"}', '{"provider": 1, "body": null}']
)
def test_what_has_no_shape_that_we_know_is_unreadable(body: str) -> None:
    with pytest.raises(ParseError):
        delivery_events.read(body, SENT_AT)
