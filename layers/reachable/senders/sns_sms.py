"""Texts by Amazon SNS: Publish to a phone number.

Source: docs.aws.amazon.com/sns/latest/api/API_Publish and .../dg/sms_publish-to-phone; botocore's model of
``sns``. SNS takes a text to almost any number, to one that has opted out too (cds-snc/notification-api#2207);
what becomes of it stands in its delivery log, which ``providers.aws_sns_sms`` reads. It takes no data of
ours: the log is matched by SNS's message id alone.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause
from reachable.model.message import Outgoing
from reachable.rules import label, segments
from reachable.senders import Attempt, Sent, _aws
from reachable.senders._aws import ACCOUNT, CONTENT, DENIED, ByCode, ByWords, Theirs

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

BY_WORDS: Final[ByWords] = (
    # "Invalid parameter: PhoneNumber Reason: +1... is not valid to publish to". Our numbers are all E.164; of
    # such SNS says so in a region that sends no texts (boto/boto3#2195), of each: it must not close them all.
    ("InvalidParameter", "phonenumber", ACCOUNT),
)
BY_CODE: Final[ByCode] = {
    "OptedOut": Theirs(Cause.OPT_OUT),  # in SNS's model, though not among the errors of Publish
    "InvalidParameter": CONTENT,
    "ParameterValueInvalid": CONTENT,
    "ValidationException": CONTENT,
    "AuthorizationError": DENIED,
    "InvalidSecurity": DENIED,
}
_ATTRIBUTES: "Final[Mapping[str, MessageAttributeValueTypeDef]]" = {
    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
}


def _client() -> "SNSClient":
    sns: SNSClient = _aws.client("sns")
    return sns


def prepare(outgoing: Outgoing, credential: Credential) -> Attempt:
    """Write a text with its label, so that SNS need only take it; see `senders.prepare`."""
    text, sns = label.labelled(outgoing.label, outgoing.text), _client()
    count = segments.segments(outgoing.label, outgoing.text).count

    def attempt() -> Sent:
        answer = _aws.attempt(
            lambda: sns.publish(PhoneNumber=credential.address, Message=text, MessageAttributes=_ATTRIBUTES),
            lambda refused: refused.meaning(BY_WORDS, BY_CODE),
        )
        return Sent("aws_sns_sms", answer["MessageId"], count)

    return attempt
