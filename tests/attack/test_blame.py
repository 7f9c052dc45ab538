"""Whom an event blames where provider ids, our pointers and the people behind an address change."""

import json
from typing import Any

import pytest

from reachable.flows import apply
from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.message import MessageStatus
from reachable.store import dynamodb
from reachable.store.messages import record, sending
from tests.builders import clock
from tests.functions import district
from tests.functions.district import ADA
from tests.functions.test_blame import (
    ADA_EMAIL,
    dispatched,
    in_force,
    ses,
    ses_bounce,
)
from tests.functions.test_delivery_events import deliver

ADA_PHONE = Credential.of_key("phone:+12025550123")


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def away(address: str) -> str:
    """An out-of-office answer: SES Transient/General, without any status."""
    bounce = {
        "bounceType": "Transient",
        "bounceSubType": "General",
        "timestamp": clock("09:01").isoformat(),
        "feedbackId": "away",
        "bouncedRecipients": [{"emailAddress": address}],
    }
    return ses("Bounce", bounce=bounce)


def test_of_two_early_bounces_of_a_forwarded_message_the_second_counts_too() -> None:
    """The pointer keeps the first alone: an out-of-office answer hides that the mailbox is gone."""
    assert deliver(away("ada@forward.example")) == []
    assert deliver(ses_bounce("ada@forward.example", "f2")) == []
    id_ = dispatched("ses", "m1")
    assert record.get(id_).status == "bounced"
    assert in_force(ADA_EMAIL) == [["bounce@email"]]


def test_both_in_the_order_after_the_link_do() -> None:
    """The same without the race, to show what is right."""
    dispatched("ses", "m1")
    assert deliver(away("ada@forward.example"), ses_bounce("ada@forward.example", "f2")) == []
    assert in_force(ADA_EMAIL) == [["bounce@email"]]


def test_a_pointer_outlives_queue_dead_letters_and_redrive() -> None:
    """aws.md: 45 days or more."""
    dispatched("ses", "m1")
    [pointer] = [
        item
        for item in dynamodb.client().scan(TableName="messages")["Items"]
        if item["entity"]["S"].startswith("provider#")
    ]
    days = (int(pointer["expires_at"]["N"]) - clock("08:00").timestamp()) / 86400
    assert days >= 45


def text(kind: str, id_: str, **more: Any) -> dict[str, Any]:
    """An event of End User Messaging by EventBridge."""
    detail = {
        "eventType": kind,
        "messageId": "t1",
        "eventTimestamp": int(clock("09:01").timestamp() * 1000),
        "isFinal": True,
        "messageStatusDescription": "Phone number is invalid",
    } | more
    return {
        "source": "aws.sms-voice",
        "detail-type": "Text Message Delivery Status Updated",
        "time": clock("09:01").isoformat(),
        "detail": detail,
    }


def test_a_text_that_was_refused_after_stop_says_so_though_that_came_early() -> None:
    """Amazon SNS's log has no tag: what it says before the record knows is kept for bounces alone."""
    from reachable.flows import enqueue
    from reachable.model.message import Outgoing, message_id
    from reachable.model.send import Purpose
    from tests.functions.test_delivery_events import posted

    id_ = message_id(ADA.id, clock("07:59"), "text")
    outgoing = Outgoing(
        id=id_,
        user_id=ADA.id,
        channel=Channel.SMS,
        purpose=Purpose.GENERAL,
        queued_at=clock("07:59"),
        text="x",
    )
    record.put(enqueue._record(outgoing, clock("07:59")))
    sending.claim(id_, "aws_sns_sms", ADA_PHONE, None, clock("08:00"))
    line = {
        "notification": {"messageId": "s1", "timestamp": "2026-09-14 08:00:00.100"},
        "delivery": {
            "destination": "+12025550123",
            "providerResponse": "Phone number is opted out",
            "dwellTimeMs": 100,
        },
        "status": "FAILURE",
    }
    assert deliver(posted("aws_sns_sms", json.dumps(line).encode())) == []
    assert in_force(ADA_PHONE) == [["opt_out@sms"]]
    moved = record.note(id_, {MessageStatus.SENT: clock("08:00")}, provider_message_id="s1")
    assert moved is not None
    apply.link(moved.message)
    assert record.get(id_).status == "failed"
