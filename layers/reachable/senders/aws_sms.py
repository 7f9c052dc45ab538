"""Texts and voice messages by AWS End User Messaging: SendTextMessage and SendVoiceMessage.

Source: docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2, API_SendTextMessage and
API_SendVoiceMessage, and the reasons of their exceptions (botocore's model of ``pinpoint-sms-voice-v2``). The
reasons have no descriptions there: what they mean is our reading of their names.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from reachable import settings
from reachable.model import tags
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.errors import MessageRefused
from reachable.model.message import Outgoing
from reachable.rules import label, segments
from reachable.senders import Attempt, Sent, _aws
from reachable.senders._aws import ACCOUNT, CONTENT, AwsError, ByCode, Later, Meaning, Ours, Theirs

TEXT_IDENTITY: Final = settings.optional("SMS_ORIGINATION_IDENTITY", "")
"""The number, pool or sender id that texts come from, as such or as ARN. Empty: AWS picks one."""
VOICE_IDENTITY: Final = settings.optional("VOICE_ORIGINATION_IDENTITY", "") or TEXT_IDENTITY
"""The number or pool that calls come from."""
CONFIGURATION_SET: Final = settings.optional("SMS_CONFIGURATION_SET", "")

BY_REASON: Final[ByCode] = {
    # ConflictException
    "DESTINATION_PHONE_NUMBER_OPTED_OUT": Theirs(Cause.OPT_OUT),
    # Our own rules and what our sender may not do: nothing of the phone, as in TEXT_PROTECT_BLOCKED.
    "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE": ACCOUNT,
    "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION": ACCOUNT,
    "DESTINATION_PHONE_NUMBER_NOT_VERIFIED": ACCOUNT,  # the sandbox
    # ValidationException
    "DESTINATION_COUNTRY_BLOCKED": ACCOUNT,
    "COUNTRY_NOT_ENABLED": ACCOUNT,
    "INTERNATIONAL_SENDING_NOT_SUPPORTED": ACCOUNT,
    "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY": ACCOUNT,
    "CHANNEL_NOT_ENABLED": ACCOUNT,
    "VOICE_CAPABILITY_NOT_AVAILABLE": ACCOUNT,
    "SENDER_ID_NOT_REGISTERED": ACCOUNT,
    "SENDER_ID_NOT_SUPPORTED": ACCOUNT,
    "SENDER_ID_REQUIRES_REGISTRATION": ACCOUNT,
    "RESOURCE_NOT_ACCESSIBLE": ACCOUNT,
    "PRICE_OVER_THRESHOLD": ACCOUNT,
    "MAXIMUM_SIZE_EXCEEDED": CONTENT,
    "FIELD_VALIDATION_FAILED": CONTENT,
    "INVALID_PARAMETER": CONTENT,
}
"""By the exception's reason, which is more exact than its code."""

BY_CODE: Final[ByCode] = {
    "InternalServerException": Later(),  # "couldn't complete the request"
    "ServiceQuotaExceededException": ACCOUNT,  # the month's spend limit, a day's calls to one number
    "ResourceNotFoundException": ACCOUNT,  # no such identity or configuration set
    "ConflictException": ACCOUNT,  # every other reason is about our numbers, pools and registrations
    "ValidationException": Ours(Cause.UNKNOWN),
}
"""By error code, where the reason has no row."""

_NUMBER_NOT_VALID: Final = Theirs(Cause.INVALID_ADDRESS, Permanence.UNDETERMINED)
"""Not permanent: AWS has refused numbers of Puerto Rico and Ontario that work
(department-of-veterans-affairs/notification-api#2628).
"""
_OF_A_FIELD: Final = frozenset({"FIELD_VALIDATION_FAILED", "INVALID_PARAMETER", "CANNOT_PARSE"})


def _client() -> Any:
    return _aws.client("pinpoint-sms-voice-v2")


def prepare_text(outgoing: Outgoing, credential: Credential) -> Attempt:
    """Write a text with its label, so that AWS need only take it; see `senders.prepare`."""
    request = _request(outgoing, credential, TEXT_IDENTITY) | {
        "MessageBody": label.labelled(outgoing.label, outgoing.text),
        "MessageType": "TRANSACTIONAL",  # for every purpose: what a school tells its own people is asked for
    }
    count = segments.segments(outgoing.label, outgoing.text).count
    return _attempt(_client().send_text_message, request, count)


def prepare_voice(outgoing: Outgoing, credential: Credential) -> Attempt:
    """Write what AWS reads out to who takes the call; see `senders.prepare`. A label is for texts alone.

    Raises:
        MessageRefused: there is no number that calls come from.
    """
    if not VOICE_IDENTITY:
        raise MessageRefused(Cause.ACCOUNT_OR_QUOTA, "VoiceOriginationIdentity")
    request = _request(outgoing, credential, VOICE_IDENTITY) | {"MessageBody": outgoing.text}
    return _attempt(_client().send_voice_message, request, None)


def _attempt(call: Callable[..., Any], request: dict[str, Any], segments_: int | None) -> Attempt:
    def attempt() -> Sent:
        answer = _aws.attempt(lambda: call(**request), _meaning)
        return Sent("aws_sms", answer["MessageId"], segments_)

    return attempt


def _request(outgoing: Outgoing, credential: Credential, identity: str) -> dict[str, Any]:
    request: dict[str, Any] = {
        "DestinationPhoneNumber": credential.address,
        "Context": {
            tags.MESSAGE_ID: outgoing.id,
            tags.USER_ID: outgoing.user_id,
            tags.SENT_AT: datetime.now(UTC).isoformat(),
        },
    }
    if identity:
        request["OriginationIdentity"] = identity
    if CONFIGURATION_SET:
        request["ConfigurationSetName"] = CONFIGURATION_SET
    return request


def _meaning(answer: AwsError) -> Meaning | None:
    if answer.reason in _OF_A_FIELD and _names_the_number(answer):
        return _NUMBER_NOT_VALID
    return BY_REASON.get(answer.reason or "") or BY_CODE.get(answer.code)


def _names_the_number(answer: AwsError) -> bool:
    fields = answer.details.get("Fields", [])
    return any(field.get("Name", "").lower() == "destinationphonenumber" for field in fields)
