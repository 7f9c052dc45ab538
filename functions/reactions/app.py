"""React to what moved: tell it on the event bus, keep the lists of bad credentials, release what was reset.

The tables' streams bring what was written; the queue ``reactions`` brings what could not be done then, what
was reset, and that once more where a provider asked to wait. A stream never waits for a provider.
"""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import aws
from reachable.flows import react
from reachable.log import Count, Event, logger, metrics
from reachable.queues import reactions

# One bad record of a batch of one must not be a function error, which costs the warm worker.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
_STREAM = "aws:dynamodb"


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Do what follows from a stream's records, or what the queue brings. What fails comes again alone.

    Raises:
        What the queue failed with: then the stream brings its records again.
    """
    records = event.get("Records", [])
    if records and records[0].get("eventSource") == _STREAM:
        for failed in react.to_records(records):
            _note(failed)
        return {"batchItemFailures": []}
    return process_partial_response(event=event, record_handler=_do, processor=_processor, context=context)


def _do(record: SQSRecord) -> None:
    try:
        react.to_due(reactions.read(record.body), datetime.now(UTC))
    except Exception as failed:
        _note(failed, record.message_id)
        raise


def _note(failed: Exception, message_id: str | None = None) -> None:
    metrics.add_metric(Count.REACTIONS_FAILED, MetricUnit.Count, 1)
    code = aws.code_of(failed)
    logger.error(Event.REACTION_FAILED, error=type(failed).__name__, code=code, message_id=message_id)
