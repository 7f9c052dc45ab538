"""React to what moved a credential: after a reset, release it at the providers.

The credentials table's stream names who was reset; the queue ``reactions`` brings each of them, once more
where a provider asked to wait. The stream never waits for a provider: it only fills the queue.
"""

from datetime import UTC, datetime
from math import ceil
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from reachable.flows import release
from reachable.log import Count, Event, logger, metrics
from reachable.model.history import HistoryKind
from reachable.queues import reactions

# One bad record of a batch of one must not be a function error, which costs the warm worker.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
_STREAM = "aws:dynamodb"
_NOBODY = ""
"""In place of a credential that a record does not name: what nobody can read ends as a dead letter."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Queue what the stream brings; do what the queue brings. A message that fails comes again alone.

    Raises:
        What the queue failed with: then the stream brings its records again.
    """
    records = event.get("Records", [])
    if records and records[0].get("eventSource") == _STREAM:
        reactions.put(key for record in records for key in _named(record))
        return {"batchItemFailures": []}
    return process_partial_response(event=event, record_handler=_react, processor=_processor, context=context)


def _named(record: dict[str, Any]) -> list[str]:
    """The credential that was reset, if it was."""
    try:
        image = record["dynamodb"].get("NewImage") or {}
        if record["eventName"] != "INSERT" or image.get("kind", {}).get("S") != HistoryKind.RESET:
            return []
        return [record["dynamodb"]["Keys"]["credential"]["S"]]
    except (KeyError, TypeError, AttributeError) as unreadable:
        metrics.add_metric(Count.REACTIONS_FAILED, MetricUnit.Count, 1)
        logger.error(Event.REACTION_FAILED, record=record.get("eventID"), error=type(unreadable).__name__)
        return [_NOBODY]


def _react(record: SQSRecord) -> None:
    now = datetime.now(UTC)
    try:
        credential = reactions.read(record.body)
        again = release.credential(credential, now)
        if again is not None:
            reactions.put([str(credential)], ceil(max(1.0, (again - now).total_seconds())))
    except Exception as failed:
        metrics.add_metric(Count.REACTIONS_FAILED, MetricUnit.Count, 1)
        code = failed.response["Error"].get("Code") if isinstance(failed, ClientError) else None
        logger.error(
            Event.REACTION_FAILED, message_id=record.message_id, error=type(failed).__name__, code=code
        )
        raise
