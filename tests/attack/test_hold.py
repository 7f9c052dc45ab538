"""Still open from the attack before (a18): a hold stops no emergency and no sign-in code."""

import pytest

from reachable.flows import dispatch
from reachable.flows.send import DispatchOutcome
from reachable.model.group import Hold, HoldState
from reachable.queues import outbound
from reachable.store import groups
from tests.builders import clock
from tests.functions import district
from tests.functions.test_messages import Provider, enqueue_one, queued


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


@pytest.mark.parametrize("purpose", ["emergency", "sign_in"])
def test_no_hold_stops_what_is_urgent(provider: Provider, purpose: str) -> None:
    groups.say("sender:ses", Hold(id="h", state=HoldState.HELD, at=clock("09:00")), None, [])
    enqueue_one(purpose=purpose)
    assert dispatch.batch([outbound.read(queued()[0])], clock("09:01")).results == [DispatchOutcome.SENT]
