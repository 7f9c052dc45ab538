"""The providers whose opt-outs no call reads and none of ours removes: the person's START alone does."""

import pytest

from reachable import upstream
from reachable.model.delivery_event import Channel
from reachable.model.upstream import Hindrance


@pytest.mark.parametrize("provider", ["twilio", "vonage", "plivo", "bandwidth"])
def test_nobody_can_be_asked_and_the_person_alone_opens_the_number(provider: str) -> None:
    assert upstream.channel(provider) == Channel.SMS
    assert upstream.hindrance(provider) == Hindrance.START
    assert upstream.limit(provider) is None
    assert not upstream.can_be_asked(provider)
    assert not upstream.can_be_read(provider)
