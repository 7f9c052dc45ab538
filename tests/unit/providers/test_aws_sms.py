"""What of AWS End User Messaging no sample shows."""

import json
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from tests.unit.providers.rows import nothing, rows

SENT_AT = 1_789_374_598_000
AT = 1_789_374_604_501
HOUR = 3_600_000


def read(body: dict[str, Any]) -> providers.Reading:
    return providers.read("aws_sms", json.dumps(body).encode(), {})


def one(body: dict[str, Any]) -> DeliveryEvent | None:
    reading = read(body)
    assert reading.error is None
    return reading.events[0] if reading.events else None


def status(type_: str, **more: Any) -> dict[str, Any]:
    return {
        "eventType": type_,
        "eventTimestamp": AT,
        "isFinal": True,
        "destinationPhoneNumber": "+12025550123",
        "messageId": "m-1",
        "messageRequestTimestamp": SENT_AT,
    } | more


def told(event: DeliveryEvent | None) -> tuple[Kind, Permanence | None, Cause | None] | None:
    return (event.kind, event.permanence, event.cause) if event else None


@pytest.mark.parametrize("prefix", ["TEXT", "MEDIA", "RCS"])
@pytest.mark.parametrize("word", sorted(rows("aws_sms", "MESSAGES")))
def test_every_word_of_a_message_gives_its_classification(prefix: str, word: str) -> None:
    event = one(status(f"{prefix}_{word}"))
    assert event is not None
    assert (told(event), event.channel) == (rows("aws_sms", "MESSAGES")[word], Channel.SMS)


def test_what_falls_back_to_a_text_gives_nothing() -> None:
    assert nothing("aws_sms", "MESSAGES") == ["FALLEN_BACK_TO_SMS"]
    assert one(status("RCS_FALLEN_BACK_TO_SMS")) is None


@pytest.mark.parametrize("word", sorted(rows("aws_sms", "CALLS")))
def test_every_word_of_a_call_gives_its_classification(word: str) -> None:
    event, classification = one(status(f"VOICE_{word}")), rows("aws_sms", "CALLS")[word]
    assert event is not None
    assert told(event) == (classification.kind, classification.permanence, classification.cause)
    assert event.channel is Channel.VOICE


@pytest.mark.parametrize("type_", ["TEXT_SOMETHING_NEW", "VOICE_SOMETHING_NEW", "MEDIA_INVALID_SOMETHING"])
def test_a_word_that_aws_never_documented_is_kept_with_an_unknown_cause(type_: str) -> None:
    event = one(status(type_))
    assert told(event) == (Kind.FAILED, Permanence.UNDETERMINED, Cause.UNKNOWN)
    assert event is not None
    assert event.provider_code == type_


@pytest.mark.parametrize("type_", ["EMAIL_SENT", "FAX", "_", "REGISTRATION_APPROVED"])
def test_an_event_of_another_kind_is_skipped(type_: str) -> None:
    reading = read(status(type_))
    assert (reading.events, reading.skipped, reading.error) == ((), 1, None)


@pytest.mark.parametrize(
    ("type_", "final", "expected"),
    [
        ("TEXT_SUCCESSFUL", True, (Kind.DELIVERED, None, None)),
        ("TEXT_SUCCESSFUL", False, (Kind.SENT, None, None)),
        ("TEXT_DELIVERED", False, (Kind.DELIVERED, None, None)),
        ("TEXT_INVALID", False, (Kind.DELAYED, None, Cause.INVALID_ADDRESS)),
        ("TEXT_UNREACHABLE", False, (Kind.DELAYED, None, Cause.INACTIVE_OR_UNREACHABLE)),
        ("VOICE_BUSY", False, (Kind.DELAYED, None, Cause.INACTIVE_OR_UNREACHABLE)),
    ],
)
def test_nothing_is_decided_on_a_failure_that_is_not_final(
    type_: str, final: bool, expected: tuple[Kind, Permanence | None, Cause | None]
) -> None:
    assert told(one(status(type_, isFinal=final))) == expected


def test_a_failure_that_does_not_say_whether_it_is_final_counts() -> None:
    body = status("TEXT_INVALID")
    del body["isFinal"]
    assert told(one(body)) == (Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS)


@pytest.mark.parametrize(
    ("hours", "kind"), [(0, Kind.FAILED), (70, Kind.FAILED), (71, Kind.SENT), (72, Kind.SENT)]
)
def test_unknown_after_three_days_only_says_that_no_receipt_came(hours: int, kind: Kind) -> None:
    event = one(status("TEXT_UNKNOWN", eventTimestamp=SENT_AT + hours * HOUR))
    assert event is not None
    assert event.kind is kind


@pytest.mark.parametrize("missing", ["eventTimestamp", "messageRequestTimestamp"])
def test_unknown_without_its_times_is_a_failure(missing: str) -> None:
    assert told(one(status("TEXT_UNKNOWN", **{missing: None}))) == (
        Kind.FAILED,
        Permanence.UNDETERMINED,
        Cause.UNKNOWN,
    )


@pytest.mark.parametrize(
    ("type_", "description", "kind"),
    [
        ("TEXT_BLOCKED", "Phone number is opted out", Kind.OPTED_OUT),
        ("TEXT_BLOCKED", "PHONE NUMBER IS OPTED OUT", Kind.OPTED_OUT),
        ("TEXT_BLOCKED", "Phone has blocked SMS", Kind.BOUNCED),
        ("TEXT_BLOCKED", None, Kind.BOUNCED),
        ("TEXT_CARRIER_BLOCKED", "Phone number is opted out", Kind.BOUNCED),
    ],
)
def test_a_block_whose_description_says_opted_out_is_an_opt_out(
    type_: str, description: str | None, kind: Kind
) -> None:
    event = one(status(type_, messageStatusDescription=description))
    assert event is not None
    assert event.kind is kind


def test_times_count_in_seconds_too() -> None:
    event = one(status("TEXT_DELIVERED", eventTimestamp=AT // 1000, messageRequestTimestamp=SENT_AT // 1000))
    assert event is not None
    assert event.occurred_at is not None
    assert event.sent_at is not None
    assert event.occurred_at.isoformat() == "2026-09-14T08:30:04+00:00"
    assert event.sent_at.isoformat() == "2026-09-14T08:29:58+00:00"


def test_the_same_event_by_sns_and_by_eventbridge_has_one_id() -> None:
    plain = one(status("TEXT_INVALID"))
    enveloped = one({"Type": "Notification", "Message": json.dumps(status("TEXT_INVALID"))})
    bus = one(
        {
            "detail-type": "Text Message Delivery Status Updated",
            "source": "aws.sms-voice",
            "detail": status("TEXT_INVALID"),
        }
    )
    assert plain is not None
    assert plain == enveloped == bus


def test_another_time_is_another_event() -> None:
    first, second = one(status("VOICE_RINGING")), one(status("VOICE_RINGING", eventTimestamp=AT + 1))
    assert first is not None
    assert second is not None
    assert first.event_id != second.event_id


def test_our_tags_come_back_in_the_context() -> None:
    context = {"reachable_id": "x", "reachable_t": "2026-09-14T08:29:58Z", "campaign": "spring"}
    event = one(status("TEXT_DELIVERED", context=context, messageRequestTimestamp=None))
    assert event is not None
    assert event.metadata == context
    assert event.sent_at is not None
    assert event.sent_at.isoformat() == "2026-09-14T08:29:58+00:00"


def test_what_eventbridge_tells_of_registrations_is_skipped() -> None:
    reading = read({"detail-type": "Registration Status Change", "detail": {"registrationId": "r"}})
    assert (reading.events, reading.skipped, reading.error) == ((), 1, None)


@pytest.mark.parametrize("medium", ["Text", "Media", "Voice"])
def test_a_status_by_eventbridge_without_its_type_is_told_with_its_place(medium: str) -> None:
    body = {"detail-type": f"{medium} Message Delivery Status Updated", "detail": {"messageId": "m"}}
    with pytest.raises(ParseError) as caught:
        providers.parse("aws_sms", json.dumps(body).encode(), {})
    assert caught.value.where.endswith("eventType")


def text(body: str, **more: Any) -> dict[str, Any]:
    return {"originationNumber": "+12025550123", "messageBody": body, "inboundMessageId": "in-1"} | more


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (text("STOP"), Kind.OPTED_OUT),
        (text(" unstop "), Kind.OPTED_IN),
        (text("stop it"), None),
        (text("STOP", originationNumber="24273"), None),
    ],
)
def test_what_a_person_texts(body: dict[str, Any], kind: Kind | None) -> None:
    event = one(body)
    assert (event and event.kind) == kind
    if event is not None:
        assert (event.event_id, event.provider_message_id, event.occurred_at) == ("in-1", None, None)


def test_a_status_for_no_phone_number_names_nobody() -> None:
    assert one(status("TEXT_INVALID", destinationPhoneNumber=None)) is None
    assert one(status("TEXT_INVALID", destinationPhoneNumber="24273")) is None


def test_aws_calls_no_webhook() -> None:
    assert not providers.takes_webhooks("aws_sms")
