"""Whether what is left of a batch, or for a sender or domain, is held back."""

from datetime import timedelta

import pytest

from reachable.model.credential import Credential
from reachable.model.group import Tally
from reachable.rules import hold
from reachable.rules.hold import Limits
from tests.builders import clock

EMAIL = Credential.of_key("email:ada@example.org")
PHONE = Credential.of_key("phone:+12025550123")
LIMITS = Limits(0.10, 100)


def test_a_message_is_part_of_its_batch_its_sender_and_its_receiving_domain() -> None:
    assert hold.groups("b1", "ses", EMAIL) == ("b1", "sender:ses", "domain:example.org")
    assert hold.groups(None, "aws_sms", PHONE) == ("sender:aws_sms",)


@pytest.mark.parametrize(
    ("tallies", "held"),
    [
        ([Tally(100, 10)], False),  # the limit itself is not past it
        ([Tally(100, 11)], True),
        ([Tally(99, 99)], False),  # too few to tell
        ([Tally(60, 6), Tally(60, 7)], True),  # the last two hours together
        ([Tally(0, 0)], False),
        ([], False),
    ],
)
def test_a_group_is_held_past_a_share_of_bounces_from_a_least_volume(
    tallies: list[Tally], held: bool
) -> None:
    assert hold.must_hold(tallies, LIMITS) is held


def test_a_batch_counts_as_a_whole_and_others_by_their_last_hours() -> None:
    now = clock("10:30")
    assert hold.windows("b1", now) == ("whole",)
    assert hold.windows("domain:example.org", now) == ("2026-09-14T10", "2026-09-14T09")
    assert hold.window("sender:ses", now - timedelta(hours=3)) not in hold.windows("sender:ses", now)
