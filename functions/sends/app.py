"""The gate: whether to send, asked by HTTP or by direct invoke before every send."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable.flows import check, recognise
from reachable.log import Count, logger, metrics
from reachable.settings import text
from reachable.web.app import answer, resolver
from reachable.web.door import Door
from reachable.web.models.sends import CheckIn, CheckOut, VerdictOut

REGION = text("DEFAULT_REGION")

app = resolver()


@app.post("/sends/check", summary="May these be sent?", tags=["sends"], middlewares=[Door(recognise.machine)])
def check_sends(wish: CheckIn) -> CheckOut:
    """Whether to send to each of up to 1,000 recipients, in order. A status that cannot be read is a 503."""
    verdicts = check.recipients([recipient.recipient(REGION) for recipient in wish.recipients])
    metrics.add_metric(Count.CHECKED, MetricUnit.Count, len(verdicts))
    metrics.add_metric(Count.CHECKED_BLOCKED, MetricUnit.Count, sum(not verdict.send for verdict in verdicts))
    metrics.add_metric(
        Count.CHECKED_EXEMPTED, MetricUnit.Count, sum(verdict.exempted for verdict in verdicts)
    )
    return CheckOut.model_construct(results=[VerdictOut.of(verdict) for verdict in verdicts])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API, or a direct invoke of its route."""
    return answer(app, event, context)
