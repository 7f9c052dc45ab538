"""Messages: enqueue them, and see what became of them, for the systems that send. Reminders, for staff."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable.flows import decide_hold, enqueue, hold, invite, recognise
from reachable.log import Count, logger, metrics
from reachable.model.details import Detail
from reachable.model.enqueue import Outcome
from reachable.model.errors import TooLarge
from reachable.rules.hold import HoldState
from reachable.store.messages import record, uncertain
from reachable.web import identity, problem
from reachable.web.app import resolver
from reachable.web.message_models import (
    BatchOut,
    MessageOut,
    MessageSearchIn,
    MessagesIn,
    MessagesOut,
    QueuedOut,
    QueuedResultOut,
    ReminderOut,
)

app = resolver()

BODY_LIMIT: Final = 4 * 1024 * 1024
"""Characters of a body. Lambda takes 6 MB, in which a quotation mark counts twice."""

BatchId = Annotated[str, Path(min_length=1, max_length=300)]


@app.post("/messages", summary="Send messages", tags=["messages"])
def enqueue_messages(wish: MessagesIn) -> Response[QueuedOut]:
    """Queue up to 500 messages. Each passes the gate at the moment of sending; each `dedup_id` sends once."""
    identity.machine(app.current_event.raw_event)
    queued = enqueue.wishes([message.to_model() for message in wish.messages], datetime.now(UTC))
    for outcome in Outcome:
        count = sum(one.outcome is outcome for one in queued)
        metrics.add_metric(_COUNTS[outcome], MetricUnit.Count, count)
    body = QueuedOut(results=[QueuedResultOut.of(one) for one in queued])
    return Response(202, "application/json", body)


_COUNTS = {
    Outcome.QUEUED: Count.MESSAGES_QUEUED,
    Outcome.DUPLICATE: Count.MESSAGES_DUPLICATE,
    Outcome.REFUSED: Count.MESSAGES_REFUSED,
}


@app.post("/users/<user_id>/reminders", summary="Remind of an invitation", tags=["messages"])
def remind(user_id: Annotated[str, Path()]) -> Response[ReminderOut]:
    """Send a pending account its invitation again: by email, else by text. At most once a day (UTC)."""
    viewer = recognise.staff(identity.token(app.current_event.raw_event))
    reminder = ReminderOut.of(invite.remind(user_id, viewer, datetime.now(UTC)))
    metrics.add_metric(Count.MESSAGES_QUEUED, MetricUnit.Count, 1)
    return Response(202, "application/json", reminder)


@app.get("/messages/<message_id>", summary="A message", tags=["messages"])
def show_message(message_id: Annotated[str, Path(min_length=1, max_length=200)]) -> MessageOut:
    """What became of a message, and when. Its words are not kept."""
    identity.machine_or_administrator(app.current_event.raw_event)
    return MessageOut.of(record.get(message_id))


@app.post("/messages/search", summary="Messages of which nobody knows", tags=["messages"])
def search_messages(wish: MessageSearchIn) -> MessagesOut:
    """Messages that may or may not have gone out, the oldest first: for a person to look into."""
    identity.machine_or_administrator(app.current_event.raw_event)
    found, cursor = uncertain.page(wish.since, wish.limit, wish.cursor)
    return MessagesOut(items=[MessageOut.of(one) for one in found], next_cursor=cursor)


@app.get("/batches/<batch_id>", summary="A batch", tags=["messages"])
def show_batch(batch_id: BatchId) -> BatchOut:
    """What became of a batch's messages, and whether it is held, since when and why.

    `sender:<provider>` and `domain:<receiving domain>` are held and let go the same way.
    """
    identity.machine_or_administrator(app.current_event.raw_event)
    return BatchOut.of(batch_id, *hold.shown(batch_id))


@app.post("/batches/<batch_id>/resume", summary="Let a held batch go on", tags=["messages"])
def resume_batch(batch_id: BatchId) -> BatchOut:
    """Its messages go out within 15 minutes, each through the gate."""
    return _decide(batch_id, HoldState.RESUMED)


@app.post("/batches/<batch_id>/drop", summary="Drop a held batch", tags=["messages"])
def drop_batch(batch_id: BatchId) -> BatchOut:
    """What is left of it is not sent; each message says so."""
    return _decide(batch_id, HoldState.DROPPED)


def _decide(batch_id: str, state: HoldState) -> BatchOut:
    token = identity.machine_or_administrator(app.current_event.raw_event)
    decide_hold.decide(batch_id, state, f"token:{token.subject}", datetime.now(UTC))
    return BatchOut.of(batch_id, *hold.shown(batch_id))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API."""
    if len(event.get("body") or "") > BODY_LIMIT:
        return problem.of_error(TooLarge(Detail.BODY_TOO_LARGE))
    return app.resolve(event, context)
