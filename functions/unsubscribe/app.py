"""Unsubscribe by the link of a mail: a mail program posts it at one click, a person is asked first."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable.flows import unsubscribe
from reachable.log import Count, logger, metrics
from reachable.web import unsubscribe_page
from reachable.web.app import answer, resolver

app = resolver()

Token = Annotated[str, Path(min_length=1, max_length=1000)]

_HTML: Final = "text/html; charset=utf-8"


@app.get("/unsubscribe/<token>", summary="Ask before unsubscribing", tags=["unsubscribe"])
def ask(token: Token) -> Response[str]:
    """A page with one button. Programs that look into links must not unsubscribe anybody."""
    unsubscribe.check(token)
    return Response(200, _HTML, unsubscribe_page.ask())


@app.post("/unsubscribe/<token>", summary="Unsubscribe (RFC 8058)", tags=["unsubscribe"])
def by_link(token: Token) -> Response[str]:
    """Close the address that the mail came to, whatever the body says."""
    unsubscribe.by_link(token, datetime.now(UTC))
    metrics.add_metric(Count.UNSUBSCRIBED, MetricUnit.Count, 1)
    return Response(200, _HTML, unsubscribe_page.done())


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API, or a direct invoke of one of its routes."""
    return answer(app, event, context)
