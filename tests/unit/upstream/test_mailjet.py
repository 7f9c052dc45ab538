"""Mailjet, whose list no call reads or lifts."""

from reachable import upstream
from reachable.model.delivery_event import Channel
from reachable.model.upstream import Hindrance


def test_only_its_support_takes_an_address_off() -> None:
    assert upstream.channel("mailjet") is Channel.EMAIL
    assert upstream.hindrance("mailjet") is Hindrance.SUPPORT
    assert not upstream.can_be_asked("mailjet")
    assert not upstream.can_be_read("mailjet")
    assert upstream.limit("mailjet") is None
