"""Sweep what is parked: each minute what somebody has decided about, each day what nobody has."""

from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable.flows import sweep
from reachable.log import Count, Event, logger, metrics

_LEAVES_MILLISECONDS: Final = 60_000
"""Time for what was begun, before the function is ended."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Do what the schedule asks for: ``{"sweep": "decided"}`` or ``{"sweep": "expired"}``.

    Raises:
        What a message failed with; the alarm tells, and the schedule comes again.
    """
    now = datetime.now(UTC)
    try:
        act = sweep.expired if event["sweep"] == "expired" else sweep.decided
        swept = act(now, lambda: context.get_remaining_time_in_millis() > _LEAVES_MILLISECONDS)
    except Exception as failed:
        metrics.add_metric(Count.SWEEPS_FAILED, MetricUnit.Count, 1)
        logger.error(Event.SWEEP_FAILED, error=type(failed).__name__)
        raise
    if swept.resumed or swept.dropped:
        metrics.add_metric(Count.MESSAGES_RESUMED, MetricUnit.Count, swept.resumed)
        metrics.add_metric(Count.MESSAGES_DROPPED, MetricUnit.Count, swept.dropped)
        logger.info(Event.SWEPT, resumed=swept.resumed, dropped=swept.dropped)
