"""What a call that sends leaves: on the queue, in the table, in the counts of its batch."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from functions.messages.app import handler as api
from reachable.model.delivery_event import Channel
from reachable.model.message import Outgoing
from reachable.model.send import Purpose
from reachable.queues import outbound
from reachable.store import dynamodb
from tests.builders import clock
from tests.functions.api import call
from tests.functions.district import ADA
from tests.functions.test_messages import EMAIL, MACHINE, enqueue_one, post, queued, shown, told_of

pytestmark = pytest.mark.usefixtures("at_nine")


def test_a_message_stands_whole_on_the_queue_and_but_for_its_words_in_the_table() -> None:
    id_ = enqueue_one(html="<p>No school.</p>", batch_id="b1", purpose="emergency")
    [body] = queued()
    assert outbound.read(body) == Outgoing(
        id=id_,
        user_id=ADA.id,
        channel=Channel.EMAIL,
        purpose=Purpose.EMERGENCY,
        queued_at=clock("09:00"),
        text="No school.",
        subject="Snow day",
        html="<p>No school.</p>",
        batch_id="b1",
        dedup_id="d1",
    )
    assert shown(id_) == told_of(
        id_, batch_id="b1", purpose="emergency", times={"queued": "2026-09-14T09:00:00Z"}
    )


def test_what_is_kept_of_a_message_ends_when_it_should() -> None:
    """The record and its place in its batch after 400 days, its dedup id after 30, counts after 90."""
    enqueue_one(batch_id="b1")
    items = [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="messages")["Items"]]
    ends = {
        one["entity"].partition("#")[0]: datetime.fromtimestamp(one["expires_at"], UTC).isoformat()
        for one in items
    }
    assert ends == {
        "user": "2027-10-19T09:00:00+00:00",
        "batch": "2027-10-19T09:00:00+00:00",
        "dedup": "2026-10-14T09:00:00+00:00",
        "counts": "2026-12-13T09:00:00+00:00",
    }


def test_a_batch_counts_what_was_queued_and_nothing_else() -> None:
    wish = EMAIL | {"batch_id": "b1"}
    results = post(
        wish | {"dedup_id": "1"},
        wish | {"dedup_id": "1"},
        wish | {"dedup_id": "2"},
        wish | {"dedup_id": "3", "user_id": "nobody"},
        wish | {"dedup_id": "4", "batch_id": None},
        wish | {"dedup_id": "5", "batch_id": "b2"},
    ).body["results"]
    assert [one["outcome"] for one in results] == [
        "queued",
        "duplicate",
        "queued",
        "refused",
        "queued",
        "queued",
    ]
    assert [one["id"] is None for one in results] == [False, False, False, True, False, False]
    assert results[0]["id"] == results[1]["id"]
    assert post(wish | {"dedup_id": "1"}).body["results"][0]["outcome"] == "duplicate"
    counts = [call(api, "GET", f"/batches/{batch}", MACHINE).body["counts"] for batch in ("b1", "b2")]
    assert counts == [{"queued": 2}, {"queued": 1}]


def test_of_two_wishes_of_one_call_under_one_dedup_id_the_first_counts() -> None:
    wish = EMAIL | {"dedup_id": "d1"}
    first, second = post(wish, wish | {"text": "School."}).body["results"]
    assert (first["outcome"], first["reason"]) == ("queued", None)
    assert second == {"dedup_id": "d1", "id": None, "outcome": "refused", "reason": "other_content"}
    assert [outbound.read(body).text for body in queued()] == ["No school."]


def test_a_wish_that_is_refused_does_not_take_its_dedup_id() -> None:
    wish = EMAIL | {"dedup_id": "d1"}
    refused, first = post(wish | {"text": ""}, wish).body["results"]
    assert (refused["reason"], first["outcome"]) == ("no_text", "queued")
    assert len(queued()) == 1


@pytest.mark.parametrize(("more", "outcome"), [(0, "queued"), (1, "refused")])
def test_a_message_may_take_900_000_bytes_of_the_queue(more: int, outcome: str) -> None:
    """As it stands there: a letter beyond ASCII takes six."""
    enqueue_one("0", html="x")
    [small] = queued()
    letters, rest = divmod(900_000 - len(small) + 1 + more, 6)
    [result] = post(EMAIL | {"dedup_id": "1", "html": "é" * letters + "x" * rest}).body["results"]
    assert (result["outcome"], result["reason"]) == (outcome, None if more == 0 else "too_large")
    assert [len(body) for body in queued()] == ([900_000] if more == 0 else [])


def test_what_was_queued_and_not_noted_so_is_queued_once_more_and_then_never(at_nine: Any) -> None:
    """The repeat may come much later: it is the same message, with the time of the first call."""

    def dies(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="dynamodb")

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb.UpdateItem", dies)
    assert post(EMAIL | {"dedup_id": "d1"}).status == 503
    events.unregister("before-call.dynamodb.UpdateItem", dies)
    at_nine.move_to(clock("10:00"))
    id_ = enqueue_one()
    first, second = (outbound.read(body) for body in queued())
    assert first == second
    assert (first.id, first.queued_at) == (id_, clock("09:00"))
    assert shown(id_)["times"] == {"queued": "2026-09-14T09:00:00Z"}
    [again] = post(EMAIL | {"dedup_id": "d1"}).body["results"]
    assert again == {"dedup_id": "d1", "id": id_, "outcome": "duplicate", "reason": None}
    assert queued() == []
