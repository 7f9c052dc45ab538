"""The queue ``event-webhook``: events on their way to the district's webhook, put there by EventBridge."""

from typing import TYPE_CHECKING, Final

from reachable import aws, settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUE_URL: Final = settings.text("EVENT_WEBHOOK_QUEUE_URL")
DEAD_LETTERS_QUEUE_URL: Final = settings.text("EVENT_WEBHOOK_DEAD_LETTERS_QUEUE_URL")


def _sqs() -> "SQSClient":
    made: SQSClient = aws.client("sqs")
    return made


def put_off(receipt: str, seconds: int) -> None:
    """Have what was received come again after so many seconds. It must still fail.

    Raises:
        botocore's errors: it comes again when the queue would have it.
    """
    _sqs().change_message_visibility(QueueUrl=QUEUE_URL, ReceiptHandle=receipt, VisibilityTimeout=seconds)


def bury(body: str) -> None:
    """Put what nobody will take among the dead letters, of which ops are told.

    Raises:
        botocore's errors: it is not there.
    """
    _sqs().send_message(QueueUrl=DEAD_LETTERS_QUEUE_URL, MessageBody=body)
