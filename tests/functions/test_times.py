"""What providers tell of time: what can be true is believed, all else counts from its first receipt."""

import json
from typing import Any

import pytest

from reachable.model.credential import Credential
from reachable.model.status import LOWEST_HEX, Lift, Lifting, mark
from reachable.rules import status as status_rules
from reachable.store.credentials import history, registers
from reachable.store.messages import pages
from tests.builders import clock
from tests.functions import district
from tests.functions.district import FAR
from tests.functions.test_delivery_events import deliver, posted, ses_bounce, twilio

FAR_EMAIL = Credential.of_key("email:far@example.org")
ADA = Credential.of_key("email:ada@example.org")
PHONE = Credential.of_key("phone:+12025550123")


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def sparkpost(type_: str, number: str, received: str = "09:05", **more: Any) -> str:
    told = {"type": type_, "rcpt_to": "far@example.org", "transmission_id": "T1", "event_id": number}
    return posted("sparkpost", json.dumps([{"msys": {"message_event": told | more}}]).encode(), received)


def bounced(number: str, at: object, received: str = "09:00") -> str:
    words = {"bounce_class": "10", "raw_reason": "550 5.1.1 no such user"}
    return sparkpost("bounce", number, received, timestamp=at, **words)


def in_force(credential: Credential) -> list[str]:
    found = registers.statuses([credential])[credential]
    return [str(block.register) for block in status_rules.blocks(found)]


def lifted(credential: Credential, at: str) -> None:
    registers.move(credential, Lifting(Lift.STAFF, mark(clock(at), LOWEST_HEX)))


@pytest.mark.parametrize("sent", ["9999-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_message_is_as_old_as_can_be_true(sent: str) -> None:
    """One of the year 2099 would be the newest of its user for ever."""
    event = sparkpost("injection", "1", timestamp=clock("09:00").isoformat(), injection_time=sent)
    assert deliver(event) == []
    [found] = pages.of_user(FAR.id, 10)
    assert found.queued_at == clock("09:00")


@pytest.mark.parametrize("at", [0, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-08-01T00:00:00Z"])
def test_a_bounce_whose_time_cannot_be_true_counts_from_its_receipt(at: object) -> None:
    lifted(FAR_EMAIL, "08:00")
    assert deliver(bounced("1", at)) == []
    assert in_force(FAR_EMAIL) == ["bounce@email"]
    lifted(FAR_EMAIL, "09:01")
    assert deliver(bounced("1", at, received="12:00")) == []  # a repeat counts from when it first came
    assert in_force(FAR_EMAIL) == []
    [item] = history.of(FAR_EMAIL)
    assert item.occurred_at == clock("09:00")


def test_a_text_that_was_refused_after_stop_does_not_overrule_a_newer_start() -> None:
    """STOP 09:00, START 10:00; the text of 09:58 was refused, told at 10:01 (Twilio tells no time)."""
    inbound = "&From=%2B12025550123&To=%2B1999"
    deliver(twilio(f"MessageSid=SM1&SmsStatus=received&Body=STOP{inbound}", "09:00"))
    assert in_force(PHONE) == ["opt_out@sms"]
    deliver(twilio(f"MessageSid=SM2&SmsStatus=received&Body=START{inbound}", "10:00"))
    assert in_force(PHONE) == []
    refused = "MessageSid=SM3&MessageStatus=undelivered&ErrorCode=21610&To=%2B12025550123"
    entry = json.loads(twilio(refused, "10:01")) | {"query": "reachable_t=2026-09-14T09:58:00Z"}
    assert deliver(json.dumps(entry)) == []
    assert in_force(PHONE) == []
    deliver(twilio(refused.replace("SM3", "SM4"), "10:05"))  # nobody tells of its send: from its receipt
    assert in_force(PHONE) == ["opt_out@sms"]


def test_our_record_of_the_send_tells_when_the_provider_does_not() -> None:
    """A late failure about a text from before the reset does not block again."""
    deliver(twilio("MessageSid=SM1&MessageStatus=sent&To=%2B12025550123", "09:00"))
    lifted(PHONE, "10:00")
    deliver(twilio("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30006&To=%2B12025550123", "11:00"))
    assert in_force(PHONE) == []
    [item] = history.of(PHONE)
    assert item.sent_at == clock("09:00")


def test_a_send_that_is_told_after_its_bounce_changes_nothing_of_that() -> None:
    """It errs towards bad: its mark was decided when it came."""
    lifted(PHONE, "10:00")
    deliver(twilio("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30006&To=%2B12025550123", "11:00"))
    deliver(twilio("MessageSid=SM1&MessageStatus=sent&To=%2B12025550123", "11:01"))
    assert in_force(PHONE) == ["bounce@sms"]


def by_sns(body: dict[str, Any], at: object) -> dict[str, Any]:
    return {"Type": "Notification", "Message": json.dumps(body), "Timestamp": at}


def by_eventbridge(body: dict[str, Any], at: object) -> dict[str, Any]:
    told = {"source": "aws.ses", "detail-type": "Email Bounced", "time": at}
    return told | {"detail": body | {"eventType": "Bounce"}}


@pytest.mark.parametrize("wrap", [by_sns, by_eventbridge])
def test_a_redrive_changes_nothing_of_when_it_was_received(wrap: Any) -> None:
    body = ses_bounce()
    body["mail"]["timestamp"] = body["bounce"]["timestamp"] = "1970-01-01T00:00:00Z"
    assert deliver(wrap(body, "2026-09-14T09:02:00.1Z"), received="23:00") == []
    [item] = history.of(ADA)
    assert item.received_at == clock("09:02:00.1")


@pytest.mark.parametrize("wrap", [by_sns, by_eventbridge])
def test_what_is_told_of_the_second_of_its_receipt_is_believed(wrap: Any) -> None:
    """EventBridge cuts its time; a bounce of the second of a reset, after it, blocks again."""
    lifted(ADA, "09:02")
    body = ses_bounce(sent="09:02:00.3", at="09:02:00.4")
    assert deliver(wrap(body, "2026-09-14T09:02:00Z"), received="09:02:01") == []
    [item] = history.of(ADA)
    assert (item.sent_at, item.occurred_at) == (clock("09:02:00.3"), clock("09:02:00.4"))
    assert in_force(ADA) == ["bounce@email"]


@pytest.mark.parametrize("told", ["soon", None, 7, "2126-01-01T00:00:00Z"])
def test_a_time_of_receipt_that_is_none_is_the_queue_s(told: object) -> None:
    assert deliver(by_sns(ses_bounce(), told), received="09:05") == []
    [item] = history.of(ADA)
    assert item.received_at == clock("09:05")
