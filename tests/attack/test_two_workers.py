"""Two workers have one message, at every call of the first; one is put off."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest

from reachable.flows import dispatch, send
from reachable.model.errors import PutOff, Unavailable
from reachable.queues import outbound
from reachable.rules.hold import GO
from reachable.senders import Sent
from reachable.store import dynamodb
from tests.functions import district
from tests.functions.test_messages import Provider, enqueue_one, queued, shown


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


@pytest.mark.parametrize("at_call", range(12))
@pytest.mark.parametrize("put_off", [False, True])
def test_two_workers_send_once(provider: Provider, at_call: int, *, put_off: bool) -> None:
    enqueue_one()
    [body] = queued()
    outgoing = outbound.read(body)
    now, calls = outgoing.queued_at, [0]
    taken: list[int] = []

    def answer() -> Sent:
        if put_off and not taken and len(provider.took) == 1:
            raise PutOff("x")
        taken.append(1)
        return Sent("ses", f"p{len(taken)}", None)

    provider.answer = answer

    def work(at: Any) -> None:
        with contextlib.suppress(Unavailable):
            send.message(outgoing, dispatch.ask([outgoing])[0], GO, at)

    def hook(**_: Any) -> None:
        calls[0] += 1
        if calls[0] == at_call + 1:
            calls[0] += 1000
            work(now + timedelta(seconds=1))

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb", hook)
    work(now)
    events.unregister("before-call.dynamodb", hook)
    for again in queued():
        send.message(outbound.read(again), dispatch.ask([outgoing])[0], GO, now + timedelta(seconds=9))
    work(now + timedelta(hours=1))
    assert len(taken) <= 1
    status = shown(str(outgoing.id))["status"]
    assert (status, len(taken)) in (("sent", 1), ("uncertain", 0)), status


def test_a_record_tells_the_label_that_was_sent(provider: Provider) -> None:
    """Put off with a label, sent without: the phone is no longer shared."""
    from reachable.model.credential import Credential
    from reachable.store.messages import record, sending

    id_ = enqueue_one()
    phone = Credential.of_key("phone:+12025550123")
    at = outbound.read(queued()[0]).queued_at
    claimed = sending.claim(id_, "aws_sms", phone, "For Ada: ", at).message
    assert claimed is not None
    assert sending.release(claimed)
    sending.claim(id_, "aws_sms", phone, None, at + timedelta(seconds=5))
    assert record.get(id_).label is None
