"""Lift blocks that are older than `BlockExpiryDays`: each hour, as a schedule asks."""

from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable.flows import expire_blocks
from reachable.log import Count, Event, logger, metrics

_LEAVES_MILLISECONDS: Final = 120_000
"""Time for what was begun, before the function is ended."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Do an hour's part; what is left is the next one's. Anything but the schedule, such as ops with ``{}``,
    asks for that of now.

    The hour is that of the schedule's own ``time``, so that one that comes late does not pass over its part.

    Raises:
        What the lists, or the statuses, could not be read with; the schedule comes again.
    """
    now = datetime.now(UTC)
    hour = datetime.fromisoformat(event["time"]) if "time" in event else now
    expired = expire_blocks.run(
        now, hour, lambda: context.get_remaining_time_in_millis() > _LEAVES_MILLISECONDS
    )
    metrics.add_metric(Count.BLOCKS_EXPIRED, MetricUnit.Count, expired.lifted)
    metrics.add_metric(Count.EXPIRIES_FAILED, MetricUnit.Count, expired.failed)
    logger.info(Event.BLOCKS_EXPIRED, lifted=expired.lifted, failed=expired.failed)
