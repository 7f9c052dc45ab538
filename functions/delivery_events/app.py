"""Apply what providers say: read each queue message with its provider's dialect, move the statuses."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSEvent, SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from reachable import providers
from reachable.flows import apply
from reachable.log import Count, Event, logger, metrics
from reachable.model.errors import ParseError
from reachable.queues import delivery_events

type _Read = delivery_events.Entry | Exception
"""What a message holds, or why that cannot be told: one that fails must not take the others with it."""

# One bad record of a batch of one must not be a function error, which costs the warm worker.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def apply_record(entries: Mapping[str, _Read], raw: str | None, record: SQSRecord) -> None:
    """Apply one message. What of it can be read is applied before the rest fails.

    Raises:
        ParseError: some of it could not be read; after 5 receives the message is a dead letter.
    """
    try:
        _apply(entries[record.message_id], raw)
    except ParseError as unreadable:
        metrics.add_metric(Count.EVENTS_UNREADABLE, MetricUnit.Count, 1)
        logger.error(
            Event.DELIVERY_EVENTS_UNREADABLE,
            message_id=record.message_id,
            provider=unreadable.provider,
            where=unreadable.where,
            why=unreadable.why,
        )
        raise


def _apply(entry: _Read, raw: str | None) -> None:
    if isinstance(entry, Exception):
        raise entry
    reading = providers.read(entry.provider, entry.body, entry.headers, entry.query_parameters)
    applied = apply.events(reading.events, entry.received_at, raw)
    metrics.add_metric(Count.EVENTS_APPLIED, MetricUnit.Count, applied.events)
    metrics.add_metric(Count.EVENTS_SKIPPED, MetricUnit.Count, reading.skipped)
    metrics.add_metric(Count.CREDENTIALS_BLOCKED, MetricUnit.Count, applied.blocked)
    if reading.error is not None:
        raise reading.error


def _read(record: SQSRecord) -> _Read:
    sent_at = datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
    try:
        return delivery_events.read(record.body, sent_at)
    except (ParseError, BotoCoreError, ClientError) as failed:
        return failed


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Keep a batch's raw bodies, then apply it; a record that fails comes again alone."""
    entries = {record.message_id: _read(record) for record in SQSEvent(event).records}
    raw = delivery_events.archive([one for one in entries.values() if not isinstance(one, Exception)])
    return process_partial_response(
        event=event, record_handler=partial(apply_record, entries, raw), processor=_processor, context=context
    )
