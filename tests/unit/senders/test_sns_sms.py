"""Texts as SNS gets them, and what its errors mean."""

from typing import Any, Final

import pytest
from moto import mock_aws
from moto.sns.models import sns_backends

from reachable.model.delivery_event import Cause
from reachable.model.errors import MessageRefused, PutOff, ReachableError, RecipientRefused, SendUncertain
from reachable.senders import Sent, sns_sms
from tests.unit.senders.messages import PHONE, played, text, told

MOTOS_ACCOUNT: Final = "123456789012"


def test_a_text_goes_out_with_its_label_and_tells_its_segments() -> None:
    with played("sns") as aws:
        request = {
            "PhoneNumber": "+12025550123",
            "Message": "Para Zoë: Mañana no hay clases.",
            "MessageAttributes": {
                "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
            },
        }
        aws.add_response("publish", {"MessageId": "s-1"}, request)
        sent = sns_sms.prepare(text(label="Para Zoë: ", text="Mañana no hay clases."), PHONE)()
    assert sent == Sent("aws_sns_sms", "s-1", 1)


ERRORS: Final[list[tuple[str, str, int, tuple[Any, ...]]]] = [
    ("Throttling", "Rate exceeded", 400, (PutOff, None)),
    ("Throttled", "", 429, (PutOff, None)),
    ("ServiceUnavailable", "", 503, (PutOff, None)),
    ("InternalError", "", 500, (SendUncertain,)),
    ("OptedOut", "", 400, (RecipientRefused, Cause.OPT_OUT, None, "OptedOut")),
    (
        "InvalidParameter",
        "Invalid parameter: PhoneNumber Reason: +12025550123 is not valid to publish to",
        400,
        (MessageRefused, Cause.ACCOUNT_OR_QUOTA, "InvalidParameter"),
    ),
    (
        "InvalidParameter",
        "Invalid parameter: Message too long",
        400,
        (MessageRefused, Cause.CONTENT_OR_SIZE, "InvalidParameter"),
    ),
    ("ParameterValueInvalid", "", 400, (MessageRefused, Cause.CONTENT_OR_SIZE, "ParameterValueInvalid")),
    ("ValidationException", "", 400, (MessageRefused, Cause.CONTENT_OR_SIZE, "ValidationException")),
    ("AuthorizationError", "", 403, (PutOff, None, "denied")),
    ("InvalidSecurity", "", 403, (PutOff, None, "denied")),
    ("Brandnew", "", 400, (MessageRefused, Cause.UNKNOWN, "Brandnew")),
]


@pytest.mark.parametrize(("code", "words", "status", "expected"), ERRORS)
def test_an_error_means(code: str, words: str, status: int, expected: tuple[Any, ...]) -> None:
    with played("sns") as aws:
        aws.add_client_error("publish", code, words, http_status_code=status)
        with pytest.raises(ReachableError) as failed:
            sns_sms.prepare(text(), PHONE)()
    assert told(failed.value) == expected


def test_each_row_of_the_tables_is_tried() -> None:
    tried = {(code, words.lower()) for code, words, _, _ in ERRORS}
    assert set(sns_sms.BY_CODE) <= {code for code, _ in tried}
    for code, part, _ in sns_sms.BY_WORDS:
        assert any(one == code and part in words for one, words in tried), (code, part)


def test_sns_as_moto_plays_it_takes_the_text() -> None:
    with mock_aws():
        sent = sns_sms.prepare(text(label="For Ada: "), PHONE)()
        taken = sns_backends[MOTOS_ACCOUNT]["us-east-1"].sms_messages
    assert taken == {sent.provider_message_id: ("+12025550123", "For Ada: School is closed today.")}
