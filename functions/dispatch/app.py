"""Send what waits on the queues ``outbound`` and ``outbound-urgent``: through the gate, each at most once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSEvent, SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import aws
from reachable.flows import dispatch, hold, send
from reachable.flows.send import DispatchOutcome
from reachable.log import Count, Event, logger, metrics
from reachable.model.errors import ReachableError
from reachable.model.message import Outgoing
from reachable.queues import outbound

type _Result = DispatchOutcome | Exception
"""What became of a record."""

_COUNTS: Final = {
    DispatchOutcome.SENT: Count.MESSAGES_SENT,
    DispatchOutcome.BLOCKED: Count.MESSAGES_BLOCKED,
    DispatchOutcome.PUT_OFF: Count.MESSAGES_PUT_OFF,
    DispatchOutcome.DENIED: Count.SENDING_DENIED,
    DispatchOutcome.REFUSED: Count.MESSAGES_REJECTED,
    DispatchOutcome.UNCERTAIN: Count.MESSAGES_UNCERTAIN,
    DispatchOutcome.GAVE_WAY: Count.MESSAGES_GAVE_WAY,
    DispatchOutcome.HELD: Count.MESSAGES_HELD,
    DispatchOutcome.DROPPED: Count.MESSAGES_DROPPED,
    DispatchOutcome.CANCELLED: Count.MESSAGES_CANCELLED,
}
"""What ended before is counted then."""

# One bad record of a batch of one must not be a function error, which costs the warm worker.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Send a batch. What fails goes back to its queue, until it is too old; what nobody can read fails."""
    dealt_with = _deal_with(SQSEvent(event))
    return process_partial_response(
        event=event, record_handler=partial(_tell, dealt_with), processor=_processor, context=context
    )


def _deal_with(batch: SQSEvent) -> dict[str, tuple[Outgoing | None, _Result]]:
    """Each record's message, where it can be read, and what became of it."""
    unreadable: dict[str, tuple[None, _Result]] = {}
    outgoing: dict[str, Outgoing] = {}
    for record in batch.records:
        try:
            outgoing[record.message_id] = outbound.read(record.body)
        except ReachableError as problem:
            unreadable[record.message_id] = (None, problem)
    results = _dispatch(list(outgoing.values()))
    return unreadable | dict(zip(outgoing, zip(outgoing.values(), results, strict=True), strict=True))


def _dispatch(outgoing: list[Outgoing]) -> list[_Result]:
    try:
        dispatched = dispatch.batch(outgoing, datetime.now(UTC))
    except aws.FAILURES as closed:
        return [closed for _ in outgoing]
    for group in dispatched.held:
        metrics.add_metric(Count.BATCHES_HELD, MetricUnit.Count, 1)
        logger.error(Event.BATCH_HELD, group_kind=hold.kind(group))
    if dispatched.exempted:
        metrics.add_metric(Count.MESSAGES_EXEMPTED, MetricUnit.Count, dispatched.exempted)
    return dispatched.results


def _tell(dealt_with: Mapping[str, tuple[Outgoing | None, _Result]], record: SQSRecord) -> None:
    outgoing, result = dealt_with[record.message_id]
    if not isinstance(result, Exception):
        if result in _COUNTS:
            metrics.add_metric(_COUNTS[result], MetricUnit.Count, 1)
        return
    metrics.add_metric(Count.MESSAGES_FAILED, MetricUnit.Count, 1)
    code = aws.code_of(result)
    logger.error(Event.MESSAGE_FAILED, message_id=record.message_id, error=type(result).__name__, code=code)
    if outgoing is None or not isinstance(result, aws.FAILURES):
        raise result
    if not send.try_again(outgoing, datetime.now(UTC)):
        raise result
