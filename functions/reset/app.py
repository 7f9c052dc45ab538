"""Reset the status of a user's credentials, or mark one bad by hand. Sends nothing; deletes nothing."""

from datetime import UTC, datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import settings
from reachable.flows import recognise, reset
from reachable.log import Count, logger, metrics
from reachable.model.errors import Meaningless
from reachable.model.history import Consent
from reachable.model.viewer import Viewer
from reachable.rules import wording
from reachable.rules.reset import Outcome
from reachable.web import identity
from reachable.web.app import resolver
from reachable.web.models import MarkIn, ResetIn, ResetOut, ResetResultOut

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
    result = reset.reset(
        user_id,
        reset.Wish(
            kinds=wish.credentials,
            note=wish.note,
            consent=Consent(wish.consent.from_, wish.consent.how) if wish.consent else None,
            if_match=if_match,
        ),
        _viewer(),
        datetime.now(UTC),
    )
    lifted = sum(decision.outcome is Outcome.RESET for decision in result.decisions.values())
    metrics.add_metric(Count.RESETS, MetricUnit.Count, lifted)
    language = wording.of_accept_language(accept_language)
    return ResetOut(
        results=[
            ResetResultOut.of(kind, decision, language, SMS_NUMBER)
            for kind, decision in result.decisions.items()
        ],
        etag=result.etag,
    )


@app.post("/users/<user_id>/blocks", summary="Mark a credential bad by hand", tags=["reset"])
def mark(user_id: Annotated[str, Path()], wish: MarkIn) -> dict[str, str]:
    """Close a credential on a person's word: a dead number (`manual`) or a revocation (`unsubscribed`)."""
    if wish.ground not in reset.BY_HAND:
        raise Meaningless("By hand, the ground is manual or unsubscribed.", "/ground")
    etag = reset.mark_by_hand(
        user_id, wish.credential, wish.channel, wish.ground, wish.note, _viewer(), datetime.now(UTC)
    )
    return {"etag": etag}


def _viewer() -> Viewer:
    return recognise.staff(identity.token(app.current_event.raw_event))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API."""
    return app.resolve(event, context)
