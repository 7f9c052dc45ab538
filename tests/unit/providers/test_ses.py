"""What of SES no sample shows."""

import json
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence

MAIL: dict[str, Any] = {
    "timestamp": "2026-09-14T08:29:58.000Z",
    "messageId": "m-1",
    "destination": ["ada@example.org"],
}
AT = "2026-09-14T08:30:04.501Z"


def read(body: dict[str, Any]) -> providers.Reading:
    return providers.read("ses", json.dumps(body).encode(), {})


def events(body: dict[str, Any]) -> tuple[DeliveryEvent, ...]:
    reading = read(body)
    assert reading.error is None
    return reading.events


def bounce(
    type_: str, subtype: str, *recipients: dict[str, Any], key: str = "eventType", **more: Any
) -> dict[str, Any]:
    return {
        key: "Bounce",
        "mail": MAIL,
        "bounce": {
            "bounceType": type_,
            "bounceSubType": subtype,
            "bouncedRecipients": recipients or [{"emailAddress": "ada@example.org"}],
            "timestamp": AT,
            "feedbackId": "f-1",
        }
        | more,
    }


def recipient(**more: Any) -> dict[str, Any]:
    return {"emailAddress": "ada@example.org"} | more


@pytest.mark.parametrize(
    ("type_", "subtype", "more", "told"),
    [
        ("Permanent", "General", {}, (Kind.BOUNCED, Permanence.PERMANENT, Cause.UNKNOWN)),
        ("PERMANENT", "NOEMAIL", {}, (Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS)),
        (
            "Permanent",
            "General",
            {"status": "5.2.2"},
            (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.MAILBOX_FULL),
        ),
        (
            "Permanent",
            "EmailValidationSuppressed",
            {},
            (Kind.BOUNCED, Permanence.PERMANENT, Cause.PROVIDER_SUPPRESSED),
        ),
        ("Permanent", "UnsubscribedRecipient", {}, (Kind.OPTED_OUT, None, Cause.OPT_OUT)),
        ("Transient", "MessageTooLarge", {}, (Kind.BOUNCED, Permanence.TRANSIENT, Cause.CONTENT_OR_SIZE)),
        (
            "Transient",
            "CustomTimeoutExceeded",
            {},
            (Kind.FAILED, Permanence.TRANSIENT, Cause.ACCOUNT_OR_QUOTA),
        ),
        (
            "Transient",
            "CustomTimeoutExceeded",
            {"diagnosticCode": "smtp; 450 4.2.1 try later"},
            (Kind.FAILED, Permanence.TRANSIENT, Cause.ACCOUNT_OR_QUOTA),
        ),
        (
            "Permanent",
            "OnAccountSuppressionList",
            {"status": "5.7.1", "diagnosticCode": "550 5.7.1 refused"},
            (Kind.BOUNCED, Permanence.PERMANENT, Cause.PROVIDER_SUPPRESSED),
        ),
        # soft stands, whatever the code says
        (
            "Transient",
            "General",
            {"action": "failed", "status": "5.1.1"},
            (Kind.BOUNCED, Permanence.TRANSIENT, Cause.INVALID_ADDRESS),
        ),
        ("SomethingNew", "", {}, (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.UNKNOWN)),
        # a recipient's own action and class come before the bounce's
        (
            "Permanent",
            "General",
            {"action": "delayed", "status": "4.0.0"},
            (Kind.DELAYED, None, Cause.UNKNOWN),
        ),
        ("Permanent", "General", {"status": "4.2.2"}, (Kind.DELAYED, None, Cause.MAILBOX_FULL)),
        (
            "Permanent",
            "General",
            {"action": "failed", "status": "4.4.7"},
            (Kind.BOUNCED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),
        ),
        # the code in the text is more exact than a generic status
        (
            "Permanent",
            "General",
            {"action": "failed", "status": "5.0.0", "diagnosticCode": "smtp; 550 5.1.1 unknown"},
            (Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS),
        ),
    ],
)
def test_a_bounces_classification(
    type_: str, subtype: str, more: dict[str, Any], told: tuple[Kind, Permanence | None, Cause]
) -> None:
    (event,) = events(bounce(type_, subtype, recipient(**more)))
    assert (event.kind, event.permanence, event.cause) == told
    assert event.provider_code == f"{type_}/{subtype}"


def test_recipients_of_one_bounce_are_judged_each_by_its_own() -> None:
    first, second = events(
        bounce(
            "Permanent",
            "General",
            recipient(emailAddress="ada@example.org", action="failed", status="5.1.1"),
            recipient(emailAddress="bob@example.org", action="delayed", status="4.0.0"),
        )
    )
    assert (first.kind, second.kind) == (Kind.BOUNCED, Kind.DELAYED)
    assert first.event_id != second.event_id


def test_the_same_bounce_by_notification_and_by_event_has_one_id() -> None:
    (event,) = events(bounce("Permanent", "NoEmail"))
    (notification,) = events(bounce("Permanent", "NoEmail", key="notificationType"))
    assert event.event_id == notification.event_id


def test_without_a_feedback_id_message_kind_and_time_tell_the_event() -> None:
    (event,) = events(bounce("Permanent", "NoEmail", feedbackId=None))
    assert event.event_id == f"m-1:{AT}:bounce:ada@example.org"


@pytest.mark.parametrize(
    ("type_", "event_id"),
    [
        ("Send", "m-1:send:ada@example.org"),
        ("Reject", "m-1:reject:ada@example.org"),
        ("Rendering Failure", "m-1:rendering failure:ada@example.org"),
        ("Delivery", f"m-1:{AT}:delivery:ada@example.org"),
        ("Complaint", f"m-1:{AT}:complaint:ada@example.org"),
        ("DeliveryDelay", f"m-1:{AT}:deliverydelay:ada@example.org"),
    ],
)
def test_each_kind_of_event_of_a_message_has_its_own_id(type_: str, event_id: str) -> None:
    """By which it is stored: the same for ever, however often it comes."""
    ada = [{"emailAddress": "ada@example.org"}]
    about = {
        "delivery": {"timestamp": AT, "recipients": ["ada@example.org"]},
        "complaint": {"timestamp": AT, "complainedRecipients": ada},
        "deliveryDelay": {"timestamp": AT, "delayedRecipients": ada},
        "reject": {"reason": "Bad content"},
        "failure": {"errorMessage": "Attribute 'name' is not present"},
    }
    (event,) = events({"eventType": type_, "mail": MAIL} | about)
    assert event.event_id == event_id


def test_one_malformed_recipient_costs_only_itself() -> None:
    malformed: Any = "ada@example.org"
    reading = read(bounce("Permanent", "NoEmail", recipient(), malformed, recipient()))
    assert len(reading.events) == 2
    assert reading.error is not None
    assert reading.error.where == "bounce.bouncedRecipients[1]"


def test_a_recipient_that_names_nobody_is_skipped() -> None:
    reading = read(bounce("Permanent", "NoEmail", recipient(emailAddress="postmaster"), {}))
    assert (reading.events, reading.skipped, reading.error) == ((), 2, None)


def test_a_complaint_that_may_be_any_of_several_tells_how_many() -> None:
    body = {
        "eventType": "Complaint",
        "mail": MAIL,
        "complaint": {
            "feedbackId": "f-2",
            "timestamp": AT,
            "complainedRecipients": [recipient(), recipient(emailAddress="bob@example.org")],
        },
    }
    assert [event.possible_recipients for event in events(body)] == [2, 2]


@pytest.mark.parametrize("feedback", ["not-spam", "auth-failure", "Not-Spam"])
def test_a_report_that_is_no_complaint_gives_none(feedback: str) -> None:
    body = {
        "eventType": "Complaint",
        "mail": MAIL,
        "complaint": {"complainedRecipients": [recipient()], "complaintFeedbackType": feedback},
    }
    assert events(body) == ()


@pytest.mark.parametrize(
    ("type_", "status", "cause"),
    [
        ("RecipientServerError", None, Cause.INACTIVE_OR_UNREACHABLE),
        ("General", "4.2.2", Cause.MAILBOX_FULL),
        ("SpamDetected", None, Cause.UNKNOWN),
        (None, "4.4.1", Cause.INACTIVE_OR_UNREACHABLE),
    ],
)
def test_why_a_delivery_is_delayed(type_: str | None, status: str | None, cause: Cause) -> None:
    delay = {"delayType": type_, "timestamp": AT, "delayedRecipients": [recipient(status=status)]}
    (event,) = events({"eventType": "DeliveryDelay", "mail": MAIL, "deliveryDelay": delay})
    assert (event.kind, event.cause) == (Kind.DELAYED, cause)


@pytest.mark.parametrize(
    ("new", "old", "kind"),
    [
        ({"unsubscribeAll": True}, {"unsubscribeAll": False}, Kind.OPTED_OUT),
        ({"unsubscribeAll": True}, None, Kind.OPTED_OUT),
        ({"unsubscribeAll": False}, {"unsubscribeAll": True}, Kind.OPTED_IN),
        ({"unsubscribeAll": False, "topicSubscriptionStatus": []}, {"unsubscribeAll": False}, None),
    ],
)
def test_leaving_or_rejoining_all_of_a_list(new: object, old: object, kind: Kind | None) -> None:
    subscription = {"timestamp": AT, "newTopicPreferences": new, "oldTopicPreferences": old}
    body = {"eventType": "Subscription", "mail": MAIL, "subscription": subscription}
    assert [event.kind for event in events(body)] == ([kind] if kind else [])
    both = MAIL | {"destination": ["ada@example.org", "bob@example.org"]}
    assert events(body | {"mail": both}) == ()  # nobody is told


def test_sending_is_the_event_itself() -> None:
    (event,) = events({"eventType": "Send", "mail": MAIL, "send": {}})
    assert event.kind is Kind.SENT
    assert event.occurred_at == event.sent_at is not None


def test_a_reject_is_about_the_message() -> None:
    (event,) = events({"eventType": "Reject", "mail": MAIL, "reject": {"reason": "Bad content"}})
    assert (event.kind, event.cause, event.diagnostic) == (
        Kind.REJECTED,
        Cause.CONTENT_OR_SIZE,
        "Bad content",
    )


def test_eventbridge_tells_the_type_where_the_detail_does_not() -> None:
    detail = bounce("Permanent", "NoEmail")
    del detail["eventType"]
    assert len(events({"detail-type": "Email Bounced", "source": "aws.ses", "detail": detail})) == 1
    assert events({"detail-type": "Email Danced", "source": "aws.ses", "detail": detail}) == ()


def test_an_event_without_a_type_cannot_be_read() -> None:
    error = read({"mail": MAIL}).error
    assert error is not None
    assert error.where == "eventType"


@pytest.mark.parametrize(
    ("type_", "message", "where"),
    [
        ("Notification", "Successfully validated SNS topic for Amazon SES event publishing.", None),
        ("UnsubscribeConfirmation", '{"eventType":"Bounce"}', None),
        ("Notification", '{"eventType":"Bou', "Message"),
        ("Notification", '{"eventType":"Bounce"}', "Message.bounce"),
    ],
)
def test_what_sns_says_itself_is_no_event(type_: str, message: str, where: str | None) -> None:
    reading = read({"Type": type_, "Message": message})
    assert reading.events == ()
    assert (reading.error and reading.error.where) == where


def test_tags_are_kept_but_not_those_that_ses_adds_itself() -> None:
    tags = {"reachable_id": ["id-1"], "ses:source-ip": ["192.0.2.1"], "campaign": ["spring"]}
    (event,) = events(bounce("Permanent", "NoEmail") | {"mail": MAIL | {"tags": tags}})
    assert event.metadata == {"reachable_id": "id-1", "campaign": "spring"}


@pytest.mark.parametrize("named", [None, [], {}, "no list"], ids=str)
@pytest.mark.parametrize(
    ("destination", "told"),
    [
        (["ada@example.org"], [("ada@example.org", 1)]),
        (["ada@example.org", "bob@example.org"], [("ada@example.org", 2), ("bob@example.org", 2)]),
        ([], []),
        (None, []),
    ],
)
def test_a_complaint_that_names_nobody_is_of_somebody_whom_the_mail_went_to(
    named: Any, destination: Any, told: list[tuple[str, int]]
) -> None:
    """SES's own list refused it."""
    complaint = {
        "feedbackId": "f-2",
        "complaintSubType": "OnAccountSuppressionList",
        "complainedRecipients": named,
    }
    reading = read(
        {"eventType": "Complaint", "mail": MAIL | {"destination": destination}, "complaint": complaint}
    )
    assert [(event.address, event.possible_recipients) for event in reading.events] == told
    assert {event.cause for event in reading.events} <= {Cause.PROVIDER_SUPPRESSED}
    assert (reading.error, reading.skipped) == (None, 0 if told else 1)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Email Bounced", Kind.BOUNCED),
        ("Email Complaint Received", Kind.COMPLAINED),
        ("Email Delivered", Kind.DELIVERED),
        ("Email Sent", Kind.SENT),
        ("Email Rejected", Kind.REJECTED),
        ("Email Rendering Failed", Kind.FAILED),
        ("Email Delivery Delayed", Kind.DELAYED),
        ("Email Subscribed", Kind.OPTED_OUT),
    ],
)
def test_of_eventbridge_the_detail_type_tells_where_no_event_type_does(word: str, kind: Kind) -> None:
    named = [recipient()]
    detail = {
        "mail": MAIL,
        "bounce": {"bouncedRecipients": named},
        "complaint": {"complainedRecipients": named},
        "delivery": {"recipients": ["ada@example.org"]},
        "deliveryDelay": {"delayedRecipients": named},
        "subscription": {"newTopicPreferences": {"unsubscribeAll": True}},
    }
    found = events({"detail-type": word, "source": "aws.ses", "detail": detail})
    assert [(event.kind, event.address) for event in found] == [(kind, "ada@example.org")]


def test_a_bounce_has_ses_feedback_id_and_is_of_one() -> None:
    (event,) = events(bounce("Permanent", "NoEmail", feedbackId="f-1"))
    assert (event.event_id, event.possible_recipients) == ("f-1:ada@example.org", 1)
