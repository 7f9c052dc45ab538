"""Shares count what dispatch sent, above the line and below it."""

import pytest

from reachable.flows import dispatch
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.errors import RecipientRefused
from reachable.queues import outbound
from reachable.store import groups
from tests.builders import clock
from tests.functions import district
from tests.functions.test_messages import Provider, enqueue_one, queued


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def test_what_was_never_sent_is_not_among_the_bounces_of_what_was(provider: Provider) -> None:
    enqueue_one(batch_id="b1")
    [body] = queued()
    provider.fails(RecipientRefused(Cause.PROVIDER_SUPPRESSED, Permanence.PERMANENT, "MessageRejected"))
    dispatch.batch([outbound.read(body)], clock("09:01"))
    known = groups.shown("b1")
    tally = known.tallies["whole"]
    assert tally.bounced <= tally.sent, tally
