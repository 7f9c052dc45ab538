"""Crashes and second workers at every AWS call of an event; a send's record beside its forwarded bounce."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from reachable.flows import apply
from reachable.model.message import MessageStatus
from reachable.store import dynamodb
from reachable.store.credentials import history
from reachable.store.messages import last_messages, pages, record
from tests.builders import clock
from tests.functions import district
from tests.functions.district import ADA, FAR, PENDING
from tests.functions.test_blame import (
    ADA_EMAIL,
    FAR_EMAIL,
    FORWARD,
    PENNY_EMAIL,
    dispatched,
    in_force,
    sendgrid,
    ses,
    ses_bounce,
    sg,
    sg_bounce,
)
from tests.functions.test_delivery_events import deliver


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def tagged() -> list[str]:
    id_ = dispatched("ses", None)
    return [ses_bounce("ada@forward.example", tags={"reachable_id": [id_]})]


def of_ours() -> list[str]:
    dispatched("ses", "m1")
    return [ses_bounce("ada@example.org")]


def forwarded() -> list[str]:
    dispatched("ses", "m1")
    return [ses_bounce("ada@forward.example")]


STORIES: dict[str, Callable[[], list[str]]] = {
    "another system's": lambda: [
        sendgrid(sg("processed", "far@example.org", 1), sg_bounce("far@example.org", 1))
    ],
    "its bounce first": lambda: [
        sendgrid(sg_bounce("far@example.org", 1)),
        sendgrid(sg("processed", "far@example.org", 1)),
    ],
    "shared": lambda: [ses("Send", send={}), ses_bounce("penny@example.org")],
    "by tag": tagged,
    "ours": of_ours,
    "forwarded": forwarded,
}


def picture() -> Any:
    """All that people see of it."""
    listed = [
        (m.id, m.status, m.credential, sorted(m.reasons.items()))
        for who in (ADA, FAR, PENDING)
        for m in pages.of_user(who.id, 10)
    ]
    lasts = [
        last_messages.of_user(who.id, [c])
        for who, c in ((ADA, ADA_EMAIL), (FAR, FAR_EMAIL), (PENDING, PENNY_EMAIL))
    ]
    blocks = in_force(ADA_EMAIL, FAR_EMAIL, PENNY_EMAIL, FORWARD)
    return (
        listed,
        lasts,
        blocks,
        [len(history.of(c)) for c in (ADA_EMAIL, FAR_EMAIL, PENNY_EMAIL, FORWARD)],
    )


def reset_tables() -> None:
    table = dynamodb.client()
    for name, keys in (("messages", ("entity", "item")), ("credentials", ("credential", "item"))):
        for item in table.scan(TableName=name)["Items"]:
            if not item["item"]["S"].startswith("holder#"):
                table.delete_item(TableName=name, Key={k: item[k] for k in keys})


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("how", ["crash before", "crash after", "second worker"])
def test_at_every_call(story: str, how: str) -> None:
    for body in STORIES[story]():
        assert deliver(body) == []
    wanted = picture()
    events = dynamodb.client().meta.events
    for at_call in range(16):
        reset_tables()
        bodies = STORIES[story]()
        calls = [0]

        def hook(
            bodies: list[str] = bodies, at_call: int = at_call, calls: list[int] = calls, **_: Any
        ) -> None:
            calls[0] += 1
            if calls[0] == at_call + 1:
                calls[0] += 1000
                if how == "second worker":
                    for body in bodies:
                        deliver(body)
                else:
                    raise ReadTimeoutError(endpoint_url="x")

        name = "after-call.dynamodb" if how == "crash after" else "before-call.dynamodb"
        events.register_first(name, hook)
        for body in bodies:
            deliver(body)
        events.unregister(name, hook)
        for body in bodies:
            assert deliver(body) == []
        assert picture() == wanted, (story, how, at_call)


@pytest.mark.parametrize("first", ["send", "bounce"])
@pytest.mark.parametrize("at_call", range(8))
def test_a_record_at_any_call_of_its_forwarded_bounce(first: str, at_call: int) -> None:
    id_ = dispatched("ses", None)
    moved = record.note(id_, {MessageStatus.SENT: clock("08:00")}, provider_message_id="m1")
    assert moved is not None
    calls = [0]

    def send() -> None:
        apply.link(moved.message)

    def bounce() -> None:
        deliver(ses_bounce("ada@forward.example"))

    outer, inner = (send, bounce) if first == "send" else (bounce, send)

    def hook(**_: Any) -> None:
        calls[0] += 1
        if calls[0] == at_call + 1:
            calls[0] += 1000
            inner()

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb", hook)
    outer()
    events.unregister("before-call.dynamodb", hook)
    if calls[0] < 1000:
        inner()
    assert in_force(ADA_EMAIL) == [["bounce@email"]]
    assert record.get(id_).status == "bounced"


def test_a_block_beside_a_transaction_is_not_twelve_minutes_late() -> None:
    """DynamoDB refuses an update while a reset's transaction has the item; botocore does not try again, and
    the queue brings the record after its visibility timeout.
    """
    left = [1]

    def conflict(**_: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise ClientError(
                {"Error": {"Code": "TransactionConflictException", "Message": "x"}}, "UpdateItem"
            )

    events = dynamodb.client().meta.events

    def hook(params: dict[str, Any], **_: Any) -> None:
        if b"bounce@email" in params["body"]:
            conflict()

    events.register_first("before-call.dynamodb.UpdateItem", hook)
    failed = deliver(ses_bounce("far@example.org"))
    events.unregister("before-call.dynamodb.UpdateItem", hook)
    assert (failed, in_force(FAR_EMAIL)) == ([], [["bounce@email"]])
