"""Whether what is left of a batch, or for a sender or domain, is held back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.group import Drop, Hold, HoldState, Tally
from reachable.model.message import Outgoing
from reachable.model.send import Purpose
from reachable.rules import hold
from reachable.rules.hold import GO, Limits, Permit, Ruling
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
    assert hold.must_hold("b1", None, tallies, LIMITS, clock("09:00")) is held


@pytest.mark.parametrize(
    ("group", "state", "hours", "again"),
    [
        ("b1", HoldState.RESUMED, 1, False),
        ("b1", HoldState.RESUMED, 1000, False),  # what was decided of a batch counts for ever
        ("b1", HoldState.CANCELLED, 1000, False),
        ("sender:ses", HoldState.RESUMED, 23, False),
        ("sender:ses", HoldState.RESUMED, 24, True),
        ("domain:example.org", HoldState.DROPPED, 24, True),
        ("domain:example.org", HoldState.HELD, 1000, False),  # it is held already
    ],
)
def test_who_let_a_group_go_is_not_asked_again_the_same_day(
    group: str, state: HoldState, hours: int, again: bool
) -> None:
    said = a_hold(state, at=clock("09:00"))
    now = clock("09:00") + timedelta(hours=hours)
    assert hold.must_hold(group, said, [Tally(100, 50)], LIMITS, now) is again


def a_hold(state: HoldState = HoldState.HELD, **told: Any) -> Hold:
    whole: dict[str, Any] = {"id": "h1", "state": state, "at": clock("09:00")}
    return Hold(**whole | told)


def outgoing(purpose: Purpose = Purpose.GENERAL, queued: str = "08:00") -> Outgoing:
    return Outgoing(
        id="m", user_id="u", channel=Channel.EMAIL, purpose=purpose, queued_at=clock(queued), text="x"
    )


HELD = a_hold()
DROPPED = a_hold(HoldState.DROPPED)
CANCELLED = a_hold(HoldState.CANCELLED)
RESUMED = a_hold(HoldState.RESUMED)


@pytest.mark.parametrize(
    ("said", "ruling"),
    [
        ({}, GO),
        ({"b1": None, "all": None}, GO),
        ({"b1": RESUMED}, GO),
        ({"b1": HELD}, Ruling(Permit.PARK, "b1", HELD)),
        ({"b1": RESUMED, "sender:ses": HELD}, Ruling(Permit.PARK, "sender:ses", HELD)),
        ({"b1": DROPPED, "all": HELD}, Ruling(Permit.DROP, "b1", DROPPED)),
        ({"all": HELD, "b1": CANCELLED}, Ruling(Permit.CANCEL, "b1", CANCELLED)),
    ],
)
def test_of_all_that_was_said_the_strictest_counts(said: dict[str, Hold | None], ruling: Ruling) -> None:
    assert hold.ruling(outgoing(), said) == ruling


@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.EMERGENCY])
def test_no_hold_stops_what_is_urgent_unless_ops_said_so_of_all(purpose: Purpose) -> None:
    said = {"b1": HELD, "sender:ses": DROPPED, "all": HELD}
    assert hold.ruling(outgoing(purpose), said) == GO
    everything = a_hold(urgent_too=True)
    assert hold.ruling(outgoing(purpose), said | {"all": everything}) == Ruling(
        Permit.PARK, "all", everything
    )


@pytest.mark.parametrize("purpose", Purpose)
def test_a_cancelled_batch_is_cancelled_for_all(purpose: Purpose) -> None:
    assert hold.ruling(outgoing(purpose), {"b1": CANCELLED}) == Ruling(Permit.CANCEL, "b1", CANCELLED)


@pytest.mark.parametrize(
    ("group", "queued", "permit"),
    [
        ("b1", "08:00", Permit.DROP),
        ("b1", "10:00", Permit.DROP),  # a batch that was dropped is at its end
        ("sender:ses", "08:59", Permit.DROP),
        ("sender:ses", "09:00", Permit.GO),
        ("domain:example.org", "10:00", Permit.GO),
        ("all", "10:00", Permit.GO),
        ("all", "08:00", Permit.DROP),
    ],
)
def test_a_drop_is_of_what_is_left_of_a_batch_and_of_what_was_queued_before_of_others(
    group: str, queued: str, permit: Permit
) -> None:
    dropped = replace(DROPPED, dropped=None if group == "b1" else Drop(clock("09:00")))
    assert hold.ruling(outgoing(queued=queued), {group: dropped}).permit is permit


@pytest.mark.parametrize("state", [HoldState.HELD, HoldState.RESUMED])
def test_what_was_dropped_stays_so_whatever_is_said_after_it(state: HoldState) -> None:
    """It may still be on its way when its sender is held anew and let go."""
    anew = a_hold(state, at=clock("10:00"), dropped=Drop(clock("09:00")))
    assert hold.ruling(outgoing(queued="08:00"), {"sender:ses": anew}).permit is Permit.DROP
    later = hold.ruling(outgoing(queued="09:30"), {"sender:ses": anew}).permit
    assert later is (Permit.PARK if state is HoldState.HELD else Permit.GO)


@pytest.mark.parametrize(("stopped", "permit"), [(True, Permit.DROP), (False, Permit.GO)])
def test_a_dropped_emergency_stays_dropped_where_emergencies_were_stopped(
    permit: Permit, *, stopped: bool
) -> None:
    anew = a_hold(HoldState.HELD, at=clock("10:00"), dropped=Drop(clock("09:00"), stopped))
    assert hold.ruling(outgoing(Purpose.EMERGENCY, "08:00"), {"all": anew}).permit is permit


def test_an_emergency_of_the_moment_of_a_drop_that_stopped_emergencies_passes_the_hold_after_it() -> None:
    """What is queued at that moment is not what was dropped: the hold that stands now says."""
    anew = a_hold(HoldState.HELD, at=clock("10:00"), dropped=Drop(clock("09:00"), urgent_too=True))
    assert hold.ruling(outgoing(Purpose.EMERGENCY, "09:00"), {"all": anew}) == GO
    assert hold.ruling(outgoing(Purpose.EMERGENCY, "08:59"), {"all": anew}).permit is Permit.DROP


@pytest.mark.parametrize(
    ("text", "batch", "group"),
    [
        ("b1", True, True),
        ("snow-day_2026.11~25", True, True),
        ("x" * 100, True, True),
        ("x" * 101, False, False),
        ("", False, False),
        ("..", False, False),
        ("all", False, True),  # the name of all is no batch's
        ("sender:ses", False, True),
        ("sender:SES", False, False),
        ("domain:example.org", False, True),
        ("domain:", False, False),
        ("other:x", False, False),
    ],
)
def test_what_can_name_a_batch_and_what_can_be_held(text: str, batch: bool, group: bool) -> None:
    assert (hold.is_batch_id(text), hold.is_group(text)) == (batch, group)


def test_all_counts_nothing_and_so_is_held_by_people_alone() -> None:
    assert hold.windows("all", clock("10:30")) == ()


def test_a_batch_counts_as_a_whole_and_others_by_their_last_hours() -> None:
    now = clock("10:30")
    assert hold.windows("b1", now) == ("whole",)
    assert hold.windows("domain:example.org", now) == ("2026-09-14T10", "2026-09-14T09")
    assert hold.window("sender:ses", now - timedelta(hours=3)) not in hold.windows("sender:ses", now)
