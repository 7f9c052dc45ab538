"""Take what providers post. Nothing is imported here that a provider's few seconds do not need."""

import base64
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from reachable.flows import receive
from reachable.log import Count, Event, logger, metrics
from reachable.model.errors import ReachableError, Unavailable
from reachable.providers import WebhookRequest
from reachable.web import problem


@metrics.log_metrics
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer one call: 200 once it is kept, 401, 404, 413, and 503 where nothing was stored."""
    path = event.get("pathParameters") or {}
    provider, account = path.get("provider", ""), path.get("account")
    try:
        answer = receive.webhook(provider, account, _request(event), datetime.now(UTC))
    except ReachableError as refusal:
        return _refused(provider, refusal)
    metrics.add_metric(Count.WEBHOOKS_ACCEPTED, MetricUnit.Count, 1)
    logger.info(Event.WEBHOOK_ACCEPTED, provider=provider)
    return {"statusCode": answer.status, "headers": dict(answer.headers), "body": answer.body}


def _refused(provider: str, refusal: ReachableError) -> dict[str, Any]:
    """An unknown provider's name is whatever a stranger wrote into the path, so it is not logged."""
    answer = problem.of_error(refusal)
    metrics.add_metric(Count.WEBHOOKS_REFUSED, MetricUnit.Count, 1)
    known = answer["statusCode"] != HTTPStatus.NOT_FOUND
    logger.warning(
        Event.WEBHOOK_NOT_STORED if isinstance(refusal, Unavailable) else Event.WEBHOOK_REFUSED,
        provider=provider if known else None,
        error=type(refusal).__name__,
    )
    return answer


def _request(event: dict[str, Any]) -> WebhookRequest:
    context, query = event["requestContext"], event.get("rawQueryString", "")
    url = f"https://{context.get('domainName', '')}{event['rawPath']}"
    return WebhookRequest(
        method=context["http"]["method"],
        url=f"{url}?{query}" if query else url,
        headers=event.get("headers") or {},
        body=_body(event),
        query=query,
        source_ip=context["http"].get("sourceIp"),
    )


def _body(event: dict[str, Any]) -> bytes:
    """The raw bytes: API Gateway hands over what is no text in base64."""
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
