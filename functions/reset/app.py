"""Reset the status of a user's credentials, or mark one bad by hand. Sends nothing; deletes nothing."""

from datetime import UTC, datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import settings, words
from reachable.flows import recognise, reset
from reachable.flows.scope import user_in_scope
from reachable.log import Count, logger, metrics
from reachable.rules.permissions import Action
from reachable.rules.reset import ResetOutcome
from reachable.web import door
from reachable.web.app import answer, resolver
from reachable.web.door import Door
from reachable.web.models.reset import MarkIn, MarkOut, ResetIn, ResetOut, ResetResultOut

SMS_NUMBER = settings.optional("SMS_NUMBER", "") or None
"""The number that our texts come from: who replied STOP must text START to it."""

_ALL = ResetIn()

app = resolver()


@app.post(
    "/users/<user_id>/reset",
    summary="Reset Status",
    tags=["reset"],
    middlewares=[Door(recognise.who_may(Action.RESET), user_in_scope)],
)
def reset_status(
    user_id: Annotated[str, Path()],
    wish: Annotated[ResetIn, Body()] = _ALL,
    if_match: Annotated[str | None, Header(alias="if-match")] = None,
    accept_language: Annotated[str, Header(alias="accept-language")] = "",
) -> ResetOut:
    """Lift the block of a user's credentials. No message is sent, no history is deleted."""
    result = reset.reset(user_id, wish.wish(if_match), door.viewer(app), datetime.now(UTC))
    lifted = sum(decision.outcome is ResetOutcome.RESET for decision in result.decisions.values())
    metrics.add_metric(Count.RESETS, MetricUnit.Count, lifted)
    language = words.of_accept_language(accept_language)
    results = [
        ResetResultOut.of(kind, decision, result.upstream[kind], language, SMS_NUMBER)
        for kind, decision in result.decisions.items()
    ]
    return ResetOut(results=results, etag=result.etag)


@app.post(
    "/users/<user_id>/blocks",
    summary="Mark a credential bad by hand",
    tags=["reset"],
    middlewares=[Door(recognise.who_may(Action.MARK), user_in_scope)],
)
def mark_bad(
    user_id: Annotated[str, Path()],
    wish: Annotated[MarkIn, Body()],
    if_match: Annotated[str | None, Header(alias="if-match")] = None,
) -> MarkOut:
    """Close a credential on a person's word: a dead number (`manual`) or a revocation (`unsubscribed`)."""
    etag = reset.mark_by_hand(
        user_id,
        wish.credential,
        wish.channel,
        wish.ground,
        wish.note,
        door.viewer(app),
        datetime.now(UTC),
        if_match=if_match,
    )
    return MarkOut(etag=etag)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API, or a direct invoke of one of its routes."""
    return answer(app, event, context)
