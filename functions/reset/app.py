"""Reset the status of a user's credentials, or mark one bad by hand. Sends nothing; deletes nothing."""

from datetime import UTC, datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import settings, words
from reachable.flows import recognise, reset
from reachable.log import Count, logger, metrics
from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.reset import ResetWish
from reachable.model.viewer import Viewer
from reachable.rules.reset import Outcome
from reachable.web import identity
from reachable.web.app import resolver
from reachable.web.models import (
    DirectMarkIn,
    DirectResetIn,
    MarkIn,
    MarkOut,
    ResetIn,
    ResetOut,
    ResetResultOut,
)
from reachable.words import Language

SMS_NUMBER = settings.optional("SMS_NUMBER", "") or None
"""The number that our texts come from: who replied STOP must text START to it."""

_ALL = ResetIn()

app = resolver()


@app.post("/users/<user_id>/reset", summary="Reset Status", tags=["reset"])
def reset_status(
    user_id: Annotated[str, Path()],
    wish: Annotated[ResetIn, Body()] = _ALL,
    if_match: Annotated[str | None, Header(alias="if-match")] = None,
    accept_language: Annotated[str, Header(alias="accept-language")] = "",
) -> ResetOut:
    """Lift the block of a user's credentials. No message is sent, no history is deleted."""
    return _reset(user_id, wish.wish(if_match), _viewer(), words.of_accept_language(accept_language))


def _reset(user_id: str, wish: ResetWish, viewer: Viewer, language: Language) -> ResetOut:
    result = reset.reset(user_id, wish, viewer, datetime.now(UTC))
    lifted = sum(decision.outcome is Outcome.RESET for decision in result.decisions.values())
    metrics.add_metric(Count.RESETS, MetricUnit.Count, lifted)
    return ResetOut(
        results=[
            ResetResultOut.of(kind, decision, language, SMS_NUMBER)
            for kind, decision in result.decisions.items()
        ],
        etag=result.etag,
    )


@app.post("/users/<user_id>/blocks", summary="Mark a credential bad by hand", tags=["reset"])
def mark(user_id: Annotated[str, Path()], wish: MarkIn) -> MarkOut:
    """Close a credential on a person's word: a dead number (`manual`) or a revocation (`unsubscribed`)."""
    return _mark(user_id, wish, _viewer())


def _mark(user_id: str, wish: MarkIn, viewer: Viewer) -> MarkOut:
    if wish.ground not in reset.BY_HAND:
        raise Meaningless(Detail.NO_GROUND_BY_HAND, "/ground")
    etag = reset.mark_by_hand(
        user_id, wish.credential, wish.channel, wish.ground, wish.note, viewer, datetime.now(UTC)
    )
    return MarkOut(etag=etag)


def _viewer() -> Viewer:
    return recognise.staff(identity.token(app.current_event.raw_event))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API, or a direct invoke with the same body and ``as``, which IAM guards."""
    return app.resolve(event, context) if "requestContext" in event else _direct(event)


def _direct(event: dict[str, Any]) -> dict[str, Any]:
    done: ResetOut | MarkOut
    if "credential" in event:
        mark_ = DirectMarkIn.model_validate(event)
        done = _mark(mark_.id, mark_, recognise.operator(mark_.as_))
    else:
        wish = DirectResetIn.model_validate(event)
        done = _reset(wish.id, wish.wish(wish.if_match), recognise.operator(wish.as_), Language.EN)
    return done.model_dump(mode="json")
