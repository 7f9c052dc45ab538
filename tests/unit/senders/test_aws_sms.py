"""Texts and voice messages as End User Messaging gets them, and what its errors mean."""

import json
from typing import Any, Final

import pytest
from botocore.stub import ANY

from reachable import providers
from reachable.model.delivery_event import Cause, Channel, Permanence
from reachable.model.errors import MessageRefused, PutOff, ReachableError, RecipientRefused, SendUncertain
from reachable.providers import _times
from reachable.senders import Sent, aws_sms
from tests.unit.senders.messages import PHONE, outgoing, played, text, told

SERVICE: Final = "pinpoint-sms-voice-v2"


class _Kept:
    """Equal to anything, which it keeps: what a request held there."""

    def __init__(self) -> None:
        self.value: Any = None

    def __eq__(self, other: object) -> bool:
        self.value = other
        return True

    __hash__ = None  # type: ignore[assignment]  # it equals everything


def voice(**changes: Any) -> Any:
    return outgoing(**{"channel": Channel.VOICE, "subject": None} | changes)


def test_a_text_goes_out_with_its_label_and_tells_its_segments() -> None:
    with played(SERVICE) as aws:
        request = {
            "DestinationPhoneNumber": "+12025550123",
            "MessageBody": "For Ada: " + "a" * 152,
            "MessageType": "TRANSACTIONAL",
            "Context": ANY,
        }
        aws.add_response("send_text_message", {"MessageId": "t-1"}, request)
        sent = aws_sms.prepare_text(text(label="For Ada: ", text="a" * 152), PHONE)()
    assert sent == Sent("aws_sms", "t-1", 2)


def test_a_voice_message_goes_out_without_a_label(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_sms, "VOICE_IDENTITY", "+12025550100")
    with played(SERVICE) as aws:
        request = {
            "DestinationPhoneNumber": "+12025550123",
            "OriginationIdentity": "+12025550100",
            "MessageBody": "School is closed today.",
            "Context": ANY,
        }
        aws.add_response("send_voice_message", {"MessageId": "v-1"}, request)
        assert aws_sms.prepare_voice(voice(label="For Ada: "), PHONE)() == Sent("aws_sms", "v-1", None)


def test_identity_and_configuration_set_are_named_where_there_are_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aws_sms, "TEXT_IDENTITY", "pool-1")
    monkeypatch.setattr(aws_sms, "CONFIGURATION_SET", "school")
    with played(SERVICE) as aws:
        request = {
            "DestinationPhoneNumber": ANY,
            "MessageBody": ANY,
            "MessageType": ANY,
            "Context": ANY,
            "OriginationIdentity": "pool-1",
            "ConfigurationSetName": "school",
        }
        aws.add_response("send_text_message", {"MessageId": "t-1"}, request)
        aws_sms.prepare_text(text(), PHONE)()


def test_without_a_number_to_call_from_nobody_is_called() -> None:
    with pytest.raises(MessageRefused) as refused, played(SERVICE):
        aws_sms.prepare_voice(voice(), PHONE)()
    assert told(refused.value) == (MessageRefused, Cause.ACCOUNT_OR_QUOTA, "VoiceOriginationIdentity")


def test_the_context_comes_back_as_the_dialect_reads_it() -> None:
    context = _Kept()
    sent = text(id="m_1-2")
    with played(SERVICE) as aws:
        request = {
            "DestinationPhoneNumber": ANY,
            "MessageBody": ANY,
            "MessageType": ANY,
            "Context": context,
        }
        aws.add_response("send_text_message", {"MessageId": "t-1"}, request)
        aws_sms.prepare_text(sent, PHONE)()
    event = {
        "eventType": "TEXT_DELIVERED",
        "messageId": "t-1",
        "destinationPhoneNumber": "+12025550123",
        "context": context.value,
    }
    (read,) = providers.parse("aws_sms", json.dumps(event).encode(), {})
    assert read.metadata["reachable_id"] == "m_1-2"
    assert read.metadata["reachable_user"] == sent.user_id
    assert read.sent_at == _times.iso(read.metadata["reachable_t"])


OURS: Final = Cause.ACCOUNT_OR_QUOTA
ERRORS: Final[list[tuple[str, str | None, tuple[Any, ...]]]] = [
    ("ThrottlingException", None, (PutOff, None)),
    ("InternalServerException", None, (PutOff, None)),
    (
        "ConflictException",
        "DESTINATION_PHONE_NUMBER_OPTED_OUT",
        (RecipientRefused, Cause.OPT_OUT, None, "DESTINATION_PHONE_NUMBER_OPTED_OUT"),
    ),
    *(
        ("ConflictException", reason, (MessageRefused, OURS, reason))
        for reason in (
            "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
            "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
            "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
            "NO_ORIGINATION_IDENTITIES_FOUND",
            "RESOURCE_NOT_ACTIVE",
        )
    ),
    *(
        ("ValidationException", reason, (MessageRefused, OURS, reason))
        for reason in (
            "DESTINATION_COUNTRY_BLOCKED",
            "COUNTRY_NOT_ENABLED",
            "INTERNATIONAL_SENDING_NOT_SUPPORTED",
            "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
            "CHANNEL_NOT_ENABLED",
            "VOICE_CAPABILITY_NOT_AVAILABLE",
            "SENDER_ID_NOT_REGISTERED",
            "SENDER_ID_NOT_SUPPORTED",
            "SENDER_ID_REQUIRES_REGISTRATION",
            "RESOURCE_NOT_ACCESSIBLE",
            "PRICE_OVER_THRESHOLD",
        )
    ),
    *(
        ("ValidationException", reason, (MessageRefused, Cause.CONTENT_OR_SIZE, reason))
        for reason in ("MAXIMUM_SIZE_EXCEEDED", "FIELD_VALIDATION_FAILED", "INVALID_PARAMETER")
    ),
    ("ValidationException", "OTHER", (MessageRefused, Cause.UNKNOWN, "OTHER")),
    (
        "ServiceQuotaExceededException",
        "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
        (MessageRefused, OURS, "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"),
    ),
    ("AccessDeniedException", "ACCOUNT_DISABLED", (PutOff, None, "denied")),
    ("AccessDeniedException", None, (PutOff, None, "denied")),
    ("ResourceNotFoundException", None, (MessageRefused, OURS, "ResourceNotFoundException")),
    ("ConflictException", None, (MessageRefused, OURS, "ConflictException")),
    ("Brandnew", None, (MessageRefused, Cause.UNKNOWN, "Brandnew")),
]


@pytest.mark.parametrize(("code", "reason", "expected"), ERRORS)
def test_an_error_means(code: str, reason: str | None, expected: tuple[Any, ...]) -> None:
    with played(SERVICE) as aws:
        details = {"Reason": reason} if reason else None
        aws.add_client_error("send_text_message", code, "Of +12025550123.", modeled_fields=details)
        with pytest.raises(ReachableError) as failed:
            aws_sms.prepare_text(text(), PHONE)()
    assert told(failed.value) == expected


def test_each_row_of_the_tables_is_tried() -> None:
    assert set(aws_sms.BY_REASON) <= {reason for _, reason, _ in ERRORS}
    assert set(aws_sms.BY_CODE) <= {code for code, _, _ in ERRORS}


@pytest.mark.parametrize("reason", ["FIELD_VALIDATION_FAILED", "INVALID_PARAMETER", "CANNOT_PARSE"])
@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("DestinationPhoneNumber", (RecipientRefused, Cause.INVALID_ADDRESS, Permanence.UNDETERMINED)),
        ("destinationPhoneNumber", (RecipientRefused, Cause.INVALID_ADDRESS, Permanence.UNDETERMINED)),
        ("MessageBody", (MessageRefused,)),
        ("OriginationIdentity", (MessageRefused,)),
    ],
)
def test_a_number_is_blamed_only_where_aws_names_its_field(
    reason: str, field: str, expected: tuple[Any, ...]
) -> None:
    with played(SERVICE) as aws:
        details = {"Reason": reason, "Fields": [{"Name": field, "Message": "is not valid"}]}
        aws.add_client_error("send_text_message", "ValidationException", modeled_fields=details)
        with pytest.raises(ReachableError) as failed:
            aws_sms.prepare_text(text(), PHONE)()
    assert told(failed.value)[: len(expected)] == expected


def test_a_voice_message_is_refused_by_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_sms, "VOICE_IDENTITY", "+12025550100")
    with played(SERVICE) as aws:
        details = {"Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}
        aws.add_client_error("send_voice_message", "ConflictException", modeled_fields=details)
        aws.add_client_error("send_voice_message", "Brandnew", http_status_code=502)
        with pytest.raises(RecipientRefused):
            aws_sms.prepare_voice(voice(), PHONE)()
        with pytest.raises(SendUncertain):
            aws_sms.prepare_voice(voice(), PHONE)()
