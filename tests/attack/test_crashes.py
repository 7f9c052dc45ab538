"""A crash between any two writes, made good by the queue's repeat."""

from datetime import timedelta
from typing import Any

import pytest

from functions.messages.app import handler as api
from reachable.flows import dispatch
from reachable.model.errors import SendUncertain
from reachable.queues import outbound
from reachable.store.messages import sending
from tests.functions import district
from tests.functions.api import call
from tests.functions.test_messages import MACHINE, Provider, deliver, enqueue_one, queued, shown


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def listed() -> list[str]:
    found = call(api, "POST", "/messages/search", MACHINE, {"status": "uncertain"}).body["items"]
    return [one["id"] for one in found]


def test_what_is_uncertain_is_listed_though_a_worker_died_before_it_was(
    provider: Provider, fail: Any
) -> None:
    """Only the list tells of it; whoever finds it `uncertain` thinks that it has ended."""
    id_ = enqueue_one(purpose="emergency")
    [body] = queued()
    provider.fails(SendUncertain("no answer"))
    fail("PutItem", '"uncertain"')
    assert deliver(body) == []
    assert deliver(body) == []  # the repeat
    assert shown(id_)["status"] == "uncertain"
    assert listed() == [id_]


def test_so_is_what_a_dead_worker_s_claim_left(provider: Provider, fail: Any) -> None:
    id_ = enqueue_one()
    [body] = queued()
    outgoing = outbound.read(body)
    sending.claim(
        id_, "ses", district.ADA.credentials[next(iter(district.ADA.credentials))], None, outgoing.queued_at
    )
    later = outgoing.queued_at + timedelta(minutes=10)
    fail("PutItem", '"uncertain"')
    assert isinstance(dispatch.batch([outgoing], later).results[0], Exception)
    dispatch.batch([outgoing], later)
    assert shown(id_)["status"] == "uncertain"
    assert listed() == [id_]
