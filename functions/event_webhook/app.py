"""Tell the district's webhook of events, as the queue ``event-webhook`` brings them."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import aws
from reachable.flows import tell_webhook
from reachable.flows.tell_webhook import Became, Received
from reachable.log import Count, Event, logger, metrics
from reachable.model.errors import PutOff

# One bad record of a batch of one must not be a function error, which costs the warm worker.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Tell of each event of a batch. What was not taken fails alone, and comes again."""
    return process_partial_response(event=event, record_handler=_tell, processor=_processor, context=context)


def _tell(record: SQSRecord) -> None:
    attempt = int(record.attributes.approximate_receive_count)
    try:
        became = tell_webhook.of(Received(record.body, record.receipt_handle, attempt), datetime.now(UTC))
    except Exception as failed:
        _note(type(failed).__name__, _code(failed), attempt)
        raise
    if became is Became.TOLD:
        metrics.add_metric(Count.EVENTS_TOLD, MetricUnit.Count, 1)
    else:
        _note(became.value, None, attempt)


def _note(error: str, code: str | None, attempt: int) -> None:
    metrics.add_metric(Count.EVENTS_NOT_TOLD, MetricUnit.Count, 1)
    logger.error(Event.EVENT_NOT_TOLD, error=error, code=code, attempt=attempt)


def _code(failed: Exception) -> str | None:
    """The receiver's status, or AWS's word."""
    return failed.why if isinstance(failed, PutOff) else aws.code_of(failed)
