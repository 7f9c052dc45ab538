"""Still open from the attack before (a18): a hold stops no emergency and no sign-in code."""

import pytest

from reachable.flows import dispatch
from reachable.flows.dispatch import DispatchOutcome
from reachable.queues import outbound
from reachable.store import batches
from tests.builders import clock
from tests.functions import district
from tests.functions.test_messages import Provider, enqueue_one, queued


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.import_()


@pytest.mark.parametrize("purpose", ["emergency", "sign_in"])
def test_no_hold_stops_what_is_urgent(provider: Provider, purpose: str) -> None:
    batches.hold("sender:ses", "9 of 10", None, clock("09:00"))
    enqueue_one(purpose=purpose)
    assert dispatch.batch([outbound.read(queued()[0])], clock("09:01")).results == [DispatchOutcome.SENT]
