"""The closed loop on the deployed stack: it bounces, the send stops, staff see why and reset, it may go."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.stack.people import Person, person
from tools import webhook_posts
from tools.stack import SENDER, Stack


@pytest.fixture
def bouncing(stack: Stack) -> Iterator[Person]:
    """A guardian whose email is SES's simulator for a bounce; good before and after."""
    yield from person(stack, "bounce@simulator.amazonses.com")


@pytest.fixture
def family(stack: Stack) -> Iterator[Person]:
    """A guardian who shares a phone."""
    yield from person(stack, stack.users["shared_guardian"].user_id)


def send_mail(stack: Stack, to: str) -> None:
    stack.aws.ses.send_email(
        Source=SENDER,
        Destination={"ToAddresses": [to]},
        Message={"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "A test."}}},
    )


def publish_bounce(stack: Stack, address: str, sent_at: datetime, **changes: Any) -> None:
    stack.aws.sns.publish(
        TopicArn=stack.topics["ses"], Message=webhook_posts.ses_bounce(address, sent_at, **changes)
    )


def kinds(person: Person) -> list[str]:
    """What happened to the email, newest first; a release comes whenever the provider answers."""
    return [one["kind"] for one in person.events("email")]


def test_a_mail_that_bounces_stops_the_next_one_until_somebody_resets(stack: Stack, bouncing: Person) -> None:
    assert bouncing.check("email")["send"] is True
    send_mail(stack, bouncing.address("email"))
    shown = stack.wait_until(lambda: bouncing.when_bad("email"), what="the bounce")
    assert shown["reason"] == "This email address does not exist."
    assert shown["blocks"][0]["provider"] == "ses"
    verdict = bouncing.check("email")
    assert (verdict["send"], verdict["reason"]) == (False, "invalid_address")
    assert {one["channel"] for one in verdict["alternatives"]} == {"sms", "voice"}
    assert bouncing.reset("email")["outcome"] == "reset"
    assert bouncing.check("email")["send"] is True
    assert bouncing.profile()["account_status"] == "active"
    assert [kind for kind in kinds(bouncing) if kind in {"reset", "bounced"}][:2] == ["reset", "bounced"]


def test_a_bounce_of_a_message_from_well_before_the_reset_does_not_block_again(
    stack: Stack, bouncing: Person
) -> None:
    now = datetime.now(UTC)
    publish_bounce(stack, bouncing.address("email"), now)
    stack.wait_until(lambda: bouncing.when_bad("email"), what="the bounce")
    bouncing.reset("email")
    known = kinds(bouncing).count("bounced")
    publish_bounce(stack, bouncing.address("email"), now - timedelta(days=1))
    stack.wait_until(lambda: kinds(bouncing).count("bounced") > known, what="the late bounce")
    assert bouncing.check("email")["send"] is True
    publish_bounce(stack, bouncing.address("email"), datetime.now(UTC) + timedelta(seconds=1))
    stack.wait_until(lambda: bouncing.when_bad("email"), what="the bounce of a newer message")


def test_the_same_event_ten_times_is_one_line_of_history(stack: Stack, bouncing: Person) -> None:
    known = kinds(bouncing).count("bounced")
    sent_at, feedback = datetime.now(UTC), str(uuid4())
    for _ in range(10):
        publish_bounce(stack, bouncing.address("email"), sent_at, feedback_id=feedback)
    stack.wait_until(lambda: bouncing.when_bad("email"), what="the bounce")
    publish_bounce(stack, bouncing.address("email"), sent_at)
    stack.wait_until(lambda: kinds(bouncing).count("bounced") >= known + 2, what="another bounce")
    assert kinds(bouncing).count("bounced") == known + 2


def test_a_configuration_set_event_counts_as_a_notification_does(stack: Stack, bouncing: Person) -> None:
    publish_bounce(stack, bouncing.address("email"), datetime.now(UTC), type_key="eventType")
    stack.wait_until(lambda: bouncing.when_bad("email"), what="the bounce")


def test_a_raw_message_counts_as_a_wrapped_one_does(stack: Stack, bouncing: Person) -> None:
    stack.aws.sqs.send_message(
        QueueUrl=stack.queues["delivery-events"],
        MessageBody=webhook_posts.ses_bounce(bouncing.address("email"), datetime.now(UTC)),
    )
    stack.wait_until(lambda: bouncing.when_bad("email"), what="the bounce")


def test_a_text_that_fails_closes_the_phone_for_all_who_share_it(stack: Stack, family: Person) -> None:
    verdict = family.check("sms")
    assert verdict["label"].startswith(("For ", "Para "))
    phone = family.address("phone")
    answer = webhook_posts.twilio(stack, {"MessageStatus": "undelivered", "ErrorCode": "30005", "To": phone})
    assert (answer.status, answer.body) == (200, "<Response/>")
    shown = stack.wait_until(lambda: family.when_bad("phone"), what="the failure")
    assert (shown["shared"], shown["open"]) == (True, [])
    other = shown["holders"][0]["id"]
    assert family.check("sms", user_id=other)["send"] is False
    assert family.reset("phone", user_id=other)["outcome"] == "reset"
    assert family.check("sms")["send"] is True


def test_stop_is_refused_to_staff_and_lifted_by_the_person(stack: Stack, family: Person) -> None:
    phone = family.address("phone")
    webhook_posts.twilio(stack, {"SmsStatus": "received", "From": phone, "Body": "STOP"})
    shown = stack.wait_until(lambda: family.when_bad("phone"), what="the STOP")
    assert shown["open"] == ["voice"]
    refused = family.reset("phone")
    assert refused["outcome"] == "refused"
    assert "START" in refused["detail"]
    webhook_posts.twilio(stack, {"SmsStatus": "received", "From": phone, "Body": "START"})
    stack.wait_until(lambda: family.when_good("phone"), what="the START")


def test_a_message_that_cannot_be_read_ends_in_the_dead_letters(stack: Stack) -> None:
    queue, dead = stack.queues["delivery-events"], stack.queues["delivery-events-dead-letters"]
    waits = stack.aws.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])
    body = f"no JSON {uuid4()}"
    stack.aws.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    try:
        stack.aws.sqs.send_message(QueueUrl=queue, MessageBody=body)

        def dead_letters() -> list[str]:
            messages = stack.aws.sqs.receive_message(
                QueueUrl=dead, VisibilityTimeout=0, MaxNumberOfMessages=10
            )
            return [one["Body"] for one in messages.get("Messages", []) if one["Body"] == body]

        stack.wait_until(dead_letters, what="the dead letter")
    finally:
        stack.aws.sqs.set_queue_attributes(QueueUrl=queue, Attributes=dict(waits["Attributes"]))
