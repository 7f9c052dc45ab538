"""DynamoDB did it, the answer was lost, botocore sends the same write again: it is refused by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.messages.app import handler as api
from reachable import aws as reachable_aws
from reachable.flows import dispatch, hold
from reachable.flows.send import DispatchOutcome
from reachable.model.errors import PutOff
from reachable.model.group import Hold, HoldState
from reachable.queues import outbound
from reachable.rules.hold import Limits
from reachable.store import groups
from tests.builders import clock
from tests.functions import district
from tests.functions.api import call
from tests.functions.test_messages import (
    MACHINE,
    Provider,
    _outgoing,
    deliver,
    enqueue_one,
    queued,
    recorded,
    shown,
)
from tests.functions.wire import overheard


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def test_a_message_that_is_put_off_is_not_lost(provider: Provider, lose_answer: Any) -> None:
    id_ = recorded()
    provider.fails(PutOff("Throttling"))
    lose_answer("UpdateItem", "REMOVE at_sending")
    outgoing = replace(_outgoing(id_), expires_at=datetime.now(UTC) + timedelta(hours=1))
    with overheard(reachable_aws.client("sqs"), "SendMessage") as put_back:
        assert deliver(outbound.written(outgoing)) == []
    assert [outbound.read(one["MessageBody"]).id for one in put_back] == [id_]
    assert shown(id_)["status"] == "queued"


def test_our_own_claim_is_ours(provider: Provider, lose_answer: Any) -> None:
    """Nothing was sent, and it ends as `uncertain` for want of an answer of our own table."""
    id_ = enqueue_one(purpose="sign_in")
    [body] = queued()
    lose_answer("UpdateItem", "at_sending")
    assert deliver(body) == []
    assert len(provider.took) == 1
    assert shown(id_)["status"] == "sent"


def test_whoever_holds_a_batch_says_so(
    provider: Provider, lose_answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that is held and alarms nobody waits for nobody's decision."""
    monkeypatch.setattr(hold, "LIMITS", Limits(0.1, 1))
    groups.count("b1", "whole", {"sent": 10, "bounced_for_good": 9}, clock("09:00"))
    enqueue_one(batch_id="b1")
    [body] = queued()
    lose_answer("TransactWriteItems", '"batch#b1"', '"hold"')
    done = dispatch.batch([outbound.read(body)], clock("09:01"))
    assert done.results == [DispatchOutcome.HELD]
    assert done.held == ["b1"], "Held, and no alarm: later messages find it held already."


def test_who_lets_a_batch_go_is_not_told_that_they_did_not(lose_answer: Any) -> None:
    groups.say("b1", Hold(id="h", state=HoldState.HELD, at=clock("09:00")), None, [])
    lose_answer("TransactWriteItems", '"batch#b1"', '"hold"')
    answer = call(api, "POST", "/batches/b1/resume", MACHINE)
    assert answer.status == 200, answer.body


def test_a_count_is_never_added_twice(lose_answer: Any) -> None:
    lose_answer("UpdateItem", "counts#")
    groups.count("b1", "whole", {"sent": 1, "bounced_for_good": 1}, clock("09:00"))
    known = groups.shown("b1")
    assert known.counts["whole"] == {"sent": 1, "bounced_for_good": 1}
