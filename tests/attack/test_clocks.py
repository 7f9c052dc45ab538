"""Clocks that differ by seconds, and times that are taken too early."""

from typing import Any

import pytest

from reachable.flows import apply, reset
from reachable.model.credential import CredentialKind
from reachable.model.reset import ResetWish
from reachable.model.status import Ground
from reachable.model.viewer import Viewer
from reachable.rules import permissions
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.district import ADA
from tests.functions.test_reset import EMAIL, in_force

VIEWER = Viewer("aws:ops", permissions.OPERATOR)


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def test_a_mark_by_hand_after_a_reset_counts_though_the_clock_is_two_seconds_behind() -> None:
    """Two Lambdas, two clocks. The mark is decided by a status that shows the lift: it can come after it."""
    apply.events([delivery_event()], clock("09:05"))
    reset.reset(ADA.id, ResetWish(), VIEWER, clock("10:00:03"))
    assert in_force(EMAIL) == []
    reset.mark_by_hand(ADA.id, CredentialKind.EMAIL, None, Ground.MANUAL, "dead", VIEWER, clock("10:00:01"))
    assert in_force(EMAIL) == ["manual@email"]


def mailgun(event: str, message_id: str, at: str, **more: Any) -> str:
    import json

    from tests.functions.test_delivery_events import posted

    told = {
        "event": event,
        "id": f"{event}{at}",
        "timestamp": clock(at).timestamp(),
        "recipient": "far@example.org",
        "message": {"headers": {"message-id": message_id}},
    } | more
    return posted("mailgun", json.dumps({"signature": {}, "event-data": told}).encode(), "12:00")


@pytest.mark.parametrize(
    "ids",
    [
        ("weekly-1@school.example", "weekly-2@school.example"),  # green: they differ before the @
        ("weekly@1.school.example", "weekly@2.school.example"),
        ("@1", "@2"),
    ],
)
def test_a_message_is_not_as_old_as_another_whose_id_begins_alike(ids: tuple[str, str]) -> None:
    """A sender may set Message-ID (Mailgun's ``h:Message-Id``): cut at the ``@``, this week's is last week's.

    The first was delivered, the office reset the address, the second bounces: its bounce counts from the
    first one's send, before the reset, and the address stays open for ever.
    """
    from reachable.model.credential import Credential
    from tests.functions.test_delivery_events import deliver

    far = Credential.of_key("email:far@example.org")
    deliver(mailgun("accepted", ids[0], "08:00"))
    apply.events([delivery_event(address=far.address, event_id="b", sent_at=clock("09:00"))], clock("09:05"))
    reset.reset(district.FAR.id, ResetWish(), VIEWER, clock("10:00"))
    assert in_force(far) == []
    deliver(mailgun("accepted", ids[1], "11:00"))
    deliver(
        mailgun(
            "failed",
            ids[1],
            "11:01",
            severity="permanent",
            reason="bounce",
            **{
                "delivery-status": {
                    "code": 550,
                    "enhanced-code": "5.1.1",
                    "message": "550 5.1.1 no such user",
                }
            },
        )
    )
    assert in_force(far) == ["bounce@email"]
