"""Messages: enqueue them, and see what became of them, for the systems that send. Reminders, for staff."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path, Query
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import words
from reachable.flows import cancel, decide_hold, enqueue, invite, recognise
from reachable.flows.scope import user_in_scope
from reachable.flows.show import batch, message
from reachable.log import Count, logger, metrics
from reachable.model.details import Detail
from reachable.model.enqueue import EnqueueOutcome
from reachable.model.errors import Meaningless
from reachable.model.group import HoldState
from reachable.model.message import CancelOutcome, MessageStatus, Shown
from reachable.model.page import PAGE, PAGE_LIMIT, Page
from reachable.rules.permissions import Action
from reachable.web import door
from reachable.web.app import answer, resolver
from reachable.web.door import Door
from reachable.web.models.messages import (
    BatchesOut,
    BatchOut,
    CancelIn,
    CancelledOut,
    CancelOut,
    HoldIn,
    MessageOut,
    MessageSearchIn,
    MessagesIn,
    MessagesOut,
    QueuedOut,
    QueuedResultOut,
    ReminderOut,
)

SEND = Door(recognise.machine)
FOLLOW = Door(recognise.machine_or_who_may(Action.MESSAGES))

app = resolver()

_PLAIN: Final = HoldIn()
"""Without a body."""

BatchId = Annotated[str, Path(min_length=1, max_length=300)]
AcceptLanguage = Annotated[str, Header(alias="accept-language")]


@app.post("/messages", summary="Send messages", tags=["messages"], middlewares=[SEND])
def enqueue_messages(wish: MessagesIn) -> Response[QueuedOut]:
    """Queue up to 500 messages. Each passes the gate at the moment of sending; each `dedup_id` sends once."""
    queued = enqueue.wishes([message.to_model() for message in wish.messages], datetime.now(UTC))
    for outcome in EnqueueOutcome:
        count = sum(result.outcome is outcome for result in queued)
        metrics.add_metric(_COUNTS[outcome], MetricUnit.Count, count)
    body = QueuedOut(results=[QueuedResultOut.of(result) for result in queued])
    return Response(202, "application/json", body)


_COUNTS = {
    EnqueueOutcome.QUEUED: Count.MESSAGES_QUEUED,
    EnqueueOutcome.DUPLICATE: Count.MESSAGES_DUPLICATE,
    EnqueueOutcome.REFUSED: Count.MESSAGES_REFUSED,
}


@app.post(
    "/users/<user_id>/reminders",
    summary="Remind of an invitation",
    tags=["messages"],
    middlewares=[Door(recognise.who_may(Action.REMIND), user_in_scope)],
)
def remind(user_id: Annotated[str, Path()]) -> Response[ReminderOut]:
    """Send a pending account its invitation again: by email, else by text. At most once a day (UTC)."""
    reminder = ReminderOut.of(invite.remind(user_id, door.viewer(app), datetime.now(UTC)))
    metrics.add_metric(Count.MESSAGES_QUEUED, MetricUnit.Count, 1)
    return Response(202, "application/json", reminder)


@app.get("/messages/<message_id>", summary="A message", tags=["messages"], middlewares=[FOLLOW])
def show_message(
    message_id: Annotated[str, Path(min_length=1, max_length=200)], accept_language: AcceptLanguage = ""
) -> MessageOut:
    """What became of a message, and when. Its words are not kept."""
    shown = message.message(message_id, door.viewer(app), datetime.now(UTC))
    return MessageOut.of(shown, words.of_accept_language(accept_language))


@app.post("/messages/search", summary="Who was not reached", tags=["messages"], middlewares=[FOLLOW])
def search_messages(wish: MessageSearchIn, accept_language: AcceptLanguage = "") -> MessagesOut:
    """Messages of a batch, by status, and with what else is open of who was not reached.

    Without `batch_id` those that may or may not have gone out (`uncertain`), the oldest first: for a person
    to look into.
    """
    found = _of_batch(wish, wish.batch_id) if wish.batch_id is not None else _uncertain(wish)
    return MessagesOut.of(found, words.of_accept_language(accept_language))


def _of_batch(wish: MessageSearchIn, batch_id: str) -> Page[Shown]:
    return batch.messages(
        batch_id,
        wish.statuses(),
        door.viewer(app),
        datetime.now(UTC),
        since=wish.since,
        limit=wish.limit,
        cursor=wish.cursor,
    )


def _uncertain(wish: MessageSearchIn) -> Page[Shown]:
    if wish.statuses() != {MessageStatus.UNCERTAIN}:
        raise Meaningless(Detail.BATCH_NEEDED, "/batch_id")
    return message.uncertain(
        door.viewer(app), datetime.now(UTC), since=wish.since, limit=wish.limit, cursor=wish.cursor
    )


@app.post("/messages/cancel", summary="Cancel messages", tags=["messages"], middlewares=[FOLLOW])
def cancel_messages(wish: CancelIn, accept_language: AcceptLanguage = "") -> CancelOut:
    """Cancel what has not gone out: up to 500 messages, or a whole batch, urgent or not."""
    if (wish.ids is None) == (wish.batch_id is None):
        raise Meaningless(Detail.IDS_OR_BATCH, "/ids")
    viewer, now = door.viewer(app), datetime.now(UTC)
    if wish.batch_id is not None:
        cancelled = decide_hold.cancel(wish.batch_id, viewer, now)
        language = words.of_accept_language(accept_language)
        return CancelOut(results=[], batch=BatchOut.of(wish.batch_id, cancelled, language))
    results = cancel.messages(wish.ids or [], viewer, now)
    count = sum(result.outcome is CancelOutcome.CANCELLED for result in results)
    metrics.add_metric(Count.MESSAGES_CANCELLED, MetricUnit.Count, count)
    return CancelOut(results=[CancelledOut.of(result) for result in results], batch=None)


@app.get("/batches", summary="What is held", tags=["messages"], middlewares=[FOLLOW])
def list_batches(
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    accept_language: AcceptLanguage = "",
) -> BatchesOut:
    """The batches, senders and domains that are held now, and `all`; the longest held first."""
    page = batch.held(door.viewer(app), datetime.now(UTC), limit=limit, cursor=cursor)
    return BatchesOut.of(page, words.of_accept_language(accept_language))


@app.get("/batches/<batch_id>", summary="A batch", tags=["messages"], middlewares=[FOLLOW])
def show_batch(batch_id: BatchId, accept_language: AcceptLanguage = "") -> BatchOut:
    """What became of a batch's messages, and whether it is held, since when and why.

    `sender:<provider>`, `domain:<receiving domain>` and `all` are held and let go the same way.
    """
    known = batch.batch(batch_id, door.viewer(app), datetime.now(UTC))
    return BatchOut.of(batch_id, known, words.of_accept_language(accept_language))


@app.post("/batches/<batch_id>/hold", summary="Hold a batch", tags=["messages"], middlewares=[FOLLOW])
def hold_batch(
    batch_id: BatchId, wish: Annotated[HoldIn, Body()] = _PLAIN, accept_language: AcceptLanguage = ""
) -> BatchOut:
    """Nothing more of it goes out until somebody decides; `all` stops all sending.

    Sign-in codes and emergencies pass, unless a hold of `all` says `emergencies_pass: false`.
    """
    urgent_too = not wish.emergencies_pass
    viewer, now = door.viewer(app), datetime.now(UTC)
    held = decide_hold.hold(batch_id, wish.note, viewer, now, urgent_too=urgent_too)
    return BatchOut.of(batch_id, held, words.of_accept_language(accept_language))


@app.post(
    "/batches/<batch_id>/resume", summary="Let a held batch go on", tags=["messages"], middlewares=[FOLLOW]
)
def resume_batch(batch_id: BatchId, accept_language: AcceptLanguage = "") -> BatchOut:
    """Its messages go out, each through the gate; `swept` tells how far that is."""
    return _decide(batch_id, HoldState.RESUMED, accept_language)


@app.post("/batches/<batch_id>/drop", summary="Drop a held batch", tags=["messages"], middlewares=[FOLLOW])
def drop_batch(batch_id: BatchId, accept_language: AcceptLanguage = "") -> BatchOut:
    """What is left of it is not sent; each message says so. Of `all`, a sender or domain what was held."""
    return _decide(batch_id, HoldState.DROPPED, accept_language)


def _decide(batch_id: str, state: HoldState, accept_language: str) -> BatchOut:
    decided = decide_hold.decide(batch_id, state, door.viewer(app), datetime.now(UTC))
    return BatchOut.of(batch_id, decided, words.of_accept_language(accept_language))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API, or a direct invoke of one of its routes."""
    return answer(app, event, context)
