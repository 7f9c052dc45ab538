"""How long a message waits, and when it is too old."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reachable.model.delivery_event import Channel
from reachable.model.message import Outgoing
from reachable.model.send import Purpose
from reachable.rules import pace
from tests.bench.pace import WORKERS, play
from tests.builders import clock

NINE = clock("09:00")


def outgoing(purpose: Purpose = Purpose.GENERAL, **told: Any) -> Outgoing:
    whole = {"id": "m", "user_id": "u", "channel": Channel.EMAIL, "purpose": purpose, "text": "x"}
    return Outgoing(**whole | {"queued_at": NINE} | told)


@pytest.mark.parametrize(
    ("purpose", "age"),
    [
        (Purpose.SIGN_IN, timedelta(minutes=15)),
        (Purpose.EMERGENCY, timedelta(hours=6)),
        (Purpose.GENERAL, timedelta(hours=72)),
        (Purpose.INVITATION, timedelta(days=7)),
    ],
)
def test_a_message_ends_by_its_age(purpose: Purpose, age: timedelta) -> None:
    message = outgoing(purpose)
    assert not pace.is_too_old(message, NINE + age - timedelta(microseconds=1))
    assert pace.is_too_old(message, NINE + age)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("hours", [-1, 1, 400])
def test_its_sender_may_say_when_it_ends_sooner_or_later(purpose: Purpose, hours: int) -> None:
    end = NINE + timedelta(hours=hours)
    message = outgoing(purpose, expires_at=end, resumed_at=NINE + timedelta(days=30))
    assert not pace.is_too_old(message, end - timedelta(microseconds=1))
    assert pace.is_too_old(message, end)


@pytest.mark.parametrize(
    ("purpose", "end"),
    [
        (Purpose.GENERAL, NINE + timedelta(days=10, hours=72)),
        (Purpose.INVITATION, NINE + timedelta(days=17)),
        (Purpose.EMERGENCY, NINE + timedelta(hours=6)),  # nobody wants yesterday's emergency
        (Purpose.SIGN_IN, NINE + timedelta(minutes=15)),
    ],
)
def test_the_age_of_what_was_parked_begins_anew_when_it_is_let_go(purpose: Purpose, end: Any) -> None:
    assert pace.ends_at(outgoing(purpose, resumed_at=NINE + timedelta(days=10))) == end


@pytest.mark.parametrize(
    ("purpose", "attempts", "age", "longest"),
    [
        (Purpose.GENERAL, 1, 0, 5),
        (Purpose.GENERAL, 2, 0, 10),
        (Purpose.GENERAL, 5, 0, 80),
        (Purpose.GENERAL, 6, 0, 120),
        (Purpose.GENERAL, 400, 2399, 120),
        (Purpose.GENERAL, 400, 3600, 180),  # a twentieth of its age
        (Purpose.GENERAL, 400, 200_000, 900),  # SQS delays for no longer
        (Purpose.GENERAL, 3, 200_000, 20),
        (Purpose.GENERAL, 9, -3600, 120),  # a clock that lies
        (Purpose.EMERGENCY, 1, 0, 1),
        (Purpose.EMERGENCY, 3, 0, 4),
        (Purpose.EMERGENCY, 9, 100, 5),
        (Purpose.SIGN_IN, 9, 600, 30),
    ],
)
def test_the_longest_wait_doubles_up_to_a_share_of_the_age(
    purpose: Purpose, attempts: int, age: int, longest: int
) -> None:
    message = outgoing(purpose, attempts=attempts)
    now = NINE + timedelta(seconds=age)
    assert pace.delay_seconds(message, None, now, 1.0) == longest
    assert pace.delay_seconds(message, None, now, 0.5) == -(-longest // 2)
    assert pace.delay_seconds(message, None, now, 0.0) == 1  # never at once


def test_nobody_waits_past_their_end() -> None:
    """That an emergency is too old must be told then, not a quarter of an hour later."""
    message = outgoing(Purpose.EMERGENCY, attempts=400)
    assert pace.delay_seconds(message, None, NINE + timedelta(hours=6, seconds=-30), 1.0) == 30
    assert pace.delay_seconds(message, 800, NINE + timedelta(hours=6, seconds=-30), 1.0) == 30
    assert pace.delay_seconds(message, None, NINE + timedelta(hours=6), 1.0) == 1


def test_what_the_provider_asks_for_comes_first() -> None:
    message = outgoing(attempts=1)
    assert pace.delay_seconds(message, 60, NINE, 0.0) == 61
    assert pace.delay_seconds(message, 60, NINE, 1.0) == 65
    assert pace.delay_seconds(message, 4_000, NINE, 0.0) == 900


@pytest.mark.parametrize(
    ("purpose", "seconds", "gives_way"),
    [
        (Purpose.GENERAL, 0, True),
        (Purpose.INVITATION, 10, True),
        (Purpose.GENERAL, 10.001, False),
        (Purpose.GENERAL, -10, True),
        (Purpose.GENERAL, -11, False),  # another worker's clock is ahead
        (Purpose.SIGN_IN, 1, False),
        (Purpose.EMERGENCY, 1, False),
    ],
)
def test_others_make_room_while_an_urgent_message_finds_none(
    purpose: Purpose, seconds: float, gives_way: bool
) -> None:
    assert pace.gives_way(purpose, NINE, NINE + timedelta(seconds=seconds)) is gives_way
    assert pace.gives_way(purpose, None, NINE) is False


def test_who_makes_room_comes_back_after_it_and_not_all_at_once() -> None:
    assert (pace.give_way_seconds(0.0), pace.give_way_seconds(0.5), pace.give_way_seconds(1.0)) == (
        10,
        15,
        20,
    )


@pytest.mark.parametrize("workers", WORKERS)
def test_a_large_sending_ends_soon_after_its_ideal_and_its_emergencies_after_theirs(workers: int) -> None:
    """A small one here; 50,000 in tests/bench/pace.py, by the same model and the same functions."""
    told = play(5_000, 14, workers, emergencies=280, they_come_at=60)
    general, emergency = told[Purpose.GENERAL], told[Purpose.EMERGENCY]
    assert (general.sent, general.dropped, emergency.sent, emergency.dropped) == (5_000, 0, 280, 0)
    assert general.last <= 1.3 * (5_000 + 280) / 14
    assert emergency.last <= 1.3 * 280 / 14


def test_what_the_provider_never_takes_ends_too_old_and_is_not_tried_for_ever() -> None:
    told = play(50, 0, 2)[Purpose.GENERAL]
    assert (told.sent, told.dropped) == (0, 50)
    assert told.attempts < 50 * 800


def test_a_put_off_message_is_the_same_but_for_its_count() -> None:
    """Its age does not begin anew with each try."""
    late = NINE + timedelta(hours=71)
    again = replace(outgoing(), attempts=500)
    assert pace.ends_at(again) - late == timedelta(hours=1)
