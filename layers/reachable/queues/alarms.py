"""The topic ``alarms``: what somebody must know now. The only place that writes to it, beside CloudWatch."""

from typing import TYPE_CHECKING

from reachable import aws, settings

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


def publish(subject: str, text: str) -> None:
    """Tell who is on call, within seconds. No address, phone number, name or words of a message.

    Raises:
        botocore's errors: nobody was told.
    """
    sns: SNSClient = aws.client("sns")
    sns.publish(TopicArn=settings.text("ALARMS_TOPIC_ARN"), Subject=subject, Message=text)
