"""Write the weekly digests: a schedule begins them, the queue ``digests`` brings each school."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import aws
from reachable.flows import write_digests
from reachable.log import Count, Event, logger, metrics
from reachable.queues import digests

# One bad record of a batch of one must not be a function error, which costs the warm worker.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Do what the queue brings; begin a week's digests at anything else: the schedule, or ops with ``{}``.

    The week is that of the schedule's own ``time``, so that one that comes late, or again, is of that week.
    """
    if "Records" in event:
        return process_partial_response(
            event=event, record_handler=_write, processor=_processor, context=context
        )
    at = datetime.fromisoformat(event["time"]) if "time" in event else datetime.now(UTC)
    write_digests.begin(at)
    return {"batchItemFailures": []}


def _write(record: SQSRecord) -> None:
    try:
        due = digests.read(record.body)
        written = write_digests.part(due, datetime.now(UTC))
    except Exception as failed:
        code = aws.code_of(failed)
        logger.error(Event.DIGEST_FAILED, error=type(failed).__name__, code=code)
        raise
    metrics.add_metric(Count.MESSAGES_QUEUED, MetricUnit.Count, written.queued)
    logger.info(Event.DIGESTS_QUEUED, school=due.school, queued=written.queued, kept_back=written.kept_back)
