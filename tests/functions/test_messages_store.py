"""The table of messages: who may send, what is listed, page by page, and when an item ends."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.messages.app import handler as api
from functions.profiles.app import handler as profiles
from reachable.flows import apply
from reachable.model.delivery_event import Kind
from reachable.model.errors import NotFound, SendUncertain
from reachable.model.message import MessageStatus
from reachable.store import dynamodb
from reachable.store.messages import record, sending, uncertain_messages
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.api import call
from tests.functions.district import ADA
from tests.functions.test_messages import MACHINE, Provider, deliver, enqueue_one, provider, queued

__all__ = ["provider"]

pytestmark = pytest.mark.usefixtures("at_nine")

ADA_EMAIL = next(one for one in ADA.credentials.values() if str(one) == "email:ada@example.org")


# Who may send


@pytest.mark.parametrize(
    ("status", "free"),
    [
        (MessageStatus.HELD, True),
        (MessageStatus.SENDING, False),
        (MessageStatus.UNCERTAIN, False),
        (MessageStatus.DROPPED, False),
        (MessageStatus.BLOCKED, False),
        (MessageStatus.REJECTED, False),
    ],
)
def test_what_has_come_to_an_end_or_is_in_hand_is_nobody_else_s(status: MessageStatus, *, free: bool) -> None:
    id_ = enqueue_one()
    assert sending.stop(id_, status, clock("09:01")).ours
    found = sending.claim(id_, "ses", ADA_EMAIL, None, clock("09:02"))
    assert (found.ours, record.get(id_).at.get(MessageStatus.SENDING) == clock("09:02")) == (free, free)
    assert found.message is not None
    assert found.message.status is (MessageStatus.SENDING if free else status)


def test_a_claim_that_is_given_back_leaves_a_message_as_free_as_before() -> None:
    id_ = enqueue_one()
    claimed = sending.claim(id_, "ses", ADA_EMAIL, "For Ada: ", clock("09:01"))
    assert claimed.message is not None
    assert sending.release(claimed.message)
    found = record.get(id_)
    assert (found.status, found.label, list(found.at)) == ("queued", None, [MessageStatus.QUEUED])


@pytest.mark.parametrize("by", ["another worker", "who found it too old"])
def test_a_claim_that_others_have_judged_is_not_given_back(by: str) -> None:
    id_ = enqueue_one()
    claimed = sending.claim(id_, "ses", ADA_EMAIL, None, clock("09:01")).message
    assert claimed is not None
    if by == "another worker":
        assert sending.release(claimed)
        assert sending.claim(id_, "ses", ADA_EMAIL, None, clock("09:02")).ours
    else:
        uncertain_messages.note(id_, clock("09:05"))
    assert not sending.release(claimed)
    assert MessageStatus.SENDING in record.get(id_).at


def test_a_message_that_there_is_none_of_is_not_found() -> None:
    id_ = enqueue_one()
    for none in (f"{id_[:-1]}{'0' if id_[-1] != '0' else '1'}", "x"):
        with pytest.raises(NotFound):
            record.get(none)
        answer = call(api, "GET", f"/messages/{none}", MACHINE)
        assert (answer.status, answer.body["detail"]) == (404, "There is no such message.")


def test_a_record_is_stored_under_names_that_stay(provider: Provider) -> None:
    """A release reads what those before it wrote, for 400 days."""
    id_ = enqueue_one(batch_id="b1")
    deliver(*queued())
    told = {"provider_message_id": "provider-1", "sent_at": clock("09:00"), "occurred_at": clock("09:00")}
    apply.events([delivery_event(**told)], clock("09:05"))
    key = dynamodb.key(entity=f"user#{ADA.id}", item=f"2026-09-14T09:00:00.000+00:00#{id_}")
    stored = dynamodb.of_wire(dynamodb.client().get_item(TableName="messages", Key=key)["Item"])
    at_nine = "2026-09-14T09:00:00.000+00:00"
    assert stored.pop("claim")
    assert stored == {
        "entity": f"user#{ADA.id}",
        "item": f"{at_nine}#{id_}",
        "channel": "email",
        "credential": "email:ada@example.org",
        "purpose": "general",
        "subject": "Snow day",
        "batch_id": "b1",
        "dedup_id": "d1",
        "provider": "ses",
        "provider_message_id": "provider-1",
        "expires_at": 1823936400,
        "bounced_for_good": True,
        "at_queued": at_nine,
        "at_sending": at_nine,
        "at_sent": at_nine,
        "at_bounced": at_nine,
        "why_bounced": "invalid_address",
    }


# What is uncertain


def uncertain(**wish: Any) -> tuple[list[str], str | None]:
    body = call(api, "POST", "/messages/search", MACHINE, {"status": "uncertain"} | wish).body
    return [one["id"] for one in body["items"]], body["next_cursor"]


def three(provider: Provider, clock_: Any) -> list[str]:
    """Messages that became uncertain at 09:00, 09:10 and 09:20; the last was queued first."""
    provider.fails(SendUncertain("No answer."))
    last = enqueue_one("3")
    [body] = queued()
    ids = []
    for minute in ("00", "10"):
        clock_.move_to(clock(f"09:{minute}"))
        ids.append(enqueue_one(minute))
        deliver(*queued())
    clock_.move_to(clock("09:20"))
    deliver(body)
    return [*ids, last]


def test_what_is_uncertain_is_listed_by_when_it_became_so(provider: Provider, at_nine: Any) -> None:
    first, second, third = three(provider, at_nine)
    assert uncertain() == ([first, second, third], None)
    assert uncertain(since="2026-09-14T09:10:00Z") == ([second, third], None)
    assert uncertain(since="2026-09-14T11:10:01+02:00") == ([third], None)
    assert uncertain(since="2026-09-14T09:20:01Z") == ([], None)


def test_what_is_uncertain_is_listed_page_by_page(provider: Provider, at_nine: Any) -> None:
    first, second, third = three(provider, at_nine)
    page, cursor = uncertain(limit=2)
    assert (page, cursor is None) == ([first, second], False)
    assert uncertain(limit=2, cursor=cursor) == ([third], None)
    assert uncertain(limit=1, cursor=cursor)[0] == [third]


def test_a_page_tells_where_to_go_on_also_where_all_of_it_has_been_told_since(
    provider: Provider, at_nine: Any
) -> None:
    first, second, third = three(provider, at_nine)
    told = {"kind": Kind.DELIVERED, "cause": None, "permanence": None, "occurred_at": clock("09:21")}
    for id_ in (first, second):
        apply.events([delivery_event(**told, metadata={"reachable_id": id_}, event_id=id_)], clock("09:22"))
    page, cursor = uncertain(limit=2)
    assert (page, cursor is None) == ([], False)
    assert uncertain(limit=2, cursor=cursor) == ([third], None)


@pytest.mark.parametrize(
    "wish",
    [
        {"since": "2026-09-14T09:00:00"},  # of which zone?
        {"since": "noon"},
        {"limit": 0},
        {"limit": 201},
        {"cursor": ""},
        {"status": "lost"},
    ],
)
def test_a_search_that_means_nothing_is_400(wish: dict[str, Any]) -> None:
    assert call(api, "POST", "/messages/search", MACHINE, {"status": "uncertain"} | wish).status == 400


# What a user was sent


def test_a_user_s_messages_come_by_when_they_were_queued_page_by_page(at_nine: Any) -> None:
    """Nothing else that lies there is one of them: not the newest of each credential, which comes last."""
    ids = []
    for number in range(3):
        at_nine.move_to(clock(f"09:0{number}"))
        ids.append(enqueue_one(str(number)))
    apply.events([delivery_event(kind=Kind.SENT, provider_message_id="m1", cause=None)], clock("09:05"))

    def page(**query: str) -> tuple[list[str], str | None]:
        path = f"/users/{ADA.id}/messages"
        body = call(profiles, "GET", path, district.manager(), query=query).body
        return [one["id"] for one in body["items"]], body["next_cursor"]

    newest, cursor = page(limit="2")
    assert (newest, cursor) == ([ids[2], ids[1]], ids[1])
    rest, end = page(limit="2", cursor=str(cursor))
    assert (ids[0] in rest, len(rest), end) == (True, 2, None)


# When an item ends


def test_what_dispatch_and_events_keep_ends_when_it_should(provider: Provider) -> None:
    """Records and lists after 400 days, from when a message was queued; a provider's word after 60."""
    provider.fails(SendUncertain("No answer."))
    id_ = enqueue_one()
    assert deliver(*queued()) == []
    apply.events([delivery_event(provider_message_id="m1", metadata={"reachable_id": "x"})], clock("09:05"))
    items = [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="messages")["Items"]]
    ends = {
        (one["entity"], one["item"].partition("#")[0]): datetime.fromtimestamp(
            one["expires_at"], UTC
        ).isoformat()
        for one in items
        if not one["entity"].startswith(("counts#", "dedup#"))
    }
    at_nine = "2026-09-14T09:00:00.000+00:00"
    assert ends == {
        (f"user#{ADA.id}", at_nine): "2027-10-19T09:00:00+00:00",
        (f"user#{ADA.id}", "last"): "2027-10-19T09:00:00+00:00",
        ("uncertain", at_nine): "2027-10-19T09:00:00+00:00",
        ("provider#ses#m1", ADA_EMAIL.digest): "2026-11-13T09:05:00+00:00",
    }
    assert {one["item"].partition("#")[2] for one in items if one["item"].startswith(at_nine)} == {id_}
