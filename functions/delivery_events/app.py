"""Apply what providers say: read each queue message with its provider's dialect, move the statuses."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit, single_metric
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import aws, providers
from reachable.flows import apply, guard, hold, note_providers, statistics
from reachable.log import Count, Event, logger, metrics
from reachable.model.errors import ParseError
from reachable.model.message import Message
from reachable.model.provider_account import Heard
from reachable.model.statistics import Counted
from reachable.model.upstream import DEFAULT_ACCOUNT
from reachable.queues import delivery_events
from reachable.rules import provider_accounts

# One bad record of a batch of one must not be a function error, which costs the warm worker.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


class Batch:
    """What one invocation gathers, to be written once: raw bodies, bounces that count, and all counts."""

    def __init__(self) -> None:
        self.raw: str | None = None
        self.entries: list[delivery_events.Entry] = []
        self.bounced: list[Message] = []
        self.counted: list[Counted] = []
        self.heard: list[Heard] = []

    def add(self, entry: delivery_events.Entry) -> str | None:
        """Keep an entry's raw body with the others; where they will lie, None where none are kept."""
        self.raw = self.raw or delivery_events.archive_key(entry.received_at)
        self.entries.append(entry)
        return self.raw

    def write(self, now: datetime) -> None:
        """Count and archive, after all that blocks: neither fails or delays that."""
        hold.count_bounced(self.bounced, now)
        self._archive()
        statistics.count(self.counted, now)
        guard.watch(self.counted, now)
        note_providers.heard(self.heard, now)

    def _archive(self) -> None:
        if self.raw is None:
            return
        try:
            delivery_events.archive(self.raw, self.entries)
        except aws.FAILURES as failed:
            metrics.add_metric(Count.RAW_NOT_ARCHIVED, MetricUnit.Count, 1)
            logger.error(Event.RAW_NOT_ARCHIVED, error=type(failed).__name__)


def apply_record(batch: Batch, record: SQSRecord) -> None:
    """Apply one message. What of it can be applied is, before the rest fails.

    Raises:
        ParseError: some of it could not be read; after 5 receives the message is a dead letter.
        Exception: why an event could not be applied; the message comes again.
    """
    try:
        _apply(batch, record)
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
    except Exception as failed:
        metrics.add_metric(Count.EVENTS_FAILED, MetricUnit.Count, 1)
        logger.error(Event.DELIVERY_EVENTS_FAILED, message_id=record.message_id, error=type(failed).__name__)
        raise


def _apply(batch: Batch, record: SQSRecord) -> None:
    sent_at = datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
    entry = delivery_events.read(record.body, sent_at)
    raw = batch.add(entry)
    reading = providers.read(entry.provider, entry.body, entry.headers, entry.query_parameters)
    applied = apply.events(reading.events, entry.received_at, account=entry.account, raw=raw)
    batch.bounced += applied.bounced
    batch.counted += applied.counted
    if applied.events:
        bounced = provider_accounts.tells_of_a_bounce(reading.events)
        account = entry.account or DEFAULT_ACCOUNT
        batch.heard.append(Heard(entry.provider, account, entry.received_at, bounced))
    metrics.add_metric(Count.EVENTS_APPLIED, MetricUnit.Count, applied.events)
    metrics.add_metric(Count.EVENTS_SKIPPED, MetricUnit.Count, reading.skipped)
    metrics.add_metric(Count.CREDENTIALS_BLOCKED, MetricUnit.Count, applied.blocked)
    metrics.add_metric(Count.FAULTS_OF_THE_SENDER, MetricUnit.Count, applied.of_the_sender)
    _count_unlisted(entry.provider, reading.unlisted)
    for problem in (applied.failed, reading.error):
        if problem is not None:
            raise problem


def _count_unlisted(provider: str, codes: Sequence[str]) -> None:
    """Codes that a table lacks: by provider and code, for who writes the row, and in all, for the alarm."""
    if not codes:
        return
    metrics.add_metric(Count.UNLISTED_CODES, MetricUnit.Count, len(codes))
    for code, times in Counter(codes).items():
        with single_metric(
            Count.UNLISTED_CODES, MetricUnit.Count, times, namespace=metrics.namespace
        ) as counted:
            counted.add_dimension("provider", provider)
            counted.add_dimension("code", code)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Apply a batch, then keep its raw bodies; a record that fails comes again alone."""
    batch = Batch()
    answer = process_partial_response(
        event=event, record_handler=partial(apply_record, batch), processor=_processor, context=context
    )
    batch.write(datetime.now(UTC))
    return answer
