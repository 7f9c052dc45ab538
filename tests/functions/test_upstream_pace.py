"""When a provider's account may be asked next: one line for all who ask."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from reachable.model.upstream import Account, Limit
from reachable.store import upstream_pace
from reachable.store.upstream_pace import Closed
from tests.builders import clock

pytestmark = pytest.mark.usefixtures("aws")

BREVO = Account("brevo")
NOW = clock("09:00")
HOURLY = Limit(calls=300, seconds=3600)


def test_turns_come_one_after_the_other_as_the_rate_allows() -> None:
    turns = [upstream_pace.take(BREVO, HOURLY, NOW) for _ in range(4)]
    assert turns == [NOW + timedelta(seconds=12 * i) for i in range(4)]


def test_after_a_pause_the_next_turn_is_now() -> None:
    upstream_pace.take(BREVO, HOURLY, NOW)
    later = NOW + timedelta(minutes=5)
    assert upstream_pace.take(BREVO, HOURLY, later) == later


def test_who_makes_two_calls_takes_two_turns() -> None:
    limit = Limit(calls=5, seconds=1, each=2)
    turns = [upstream_pace.take(BREVO, limit, NOW) for _ in range(3)]
    assert turns == [NOW + timedelta(milliseconds=400 * i) for i in range(3)]


def test_each_account_has_a_line_of_its_own() -> None:
    others = [BREVO, Account("brevo", "north"), Account("resend")]
    assert [upstream_pace.take(other, HOURLY, NOW) for other in others] == [NOW, NOW, NOW]


def test_many_at_once_get_a_turn_each_and_none_the_same() -> None:
    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(lambda _: upstream_pace.take(BREVO, HOURLY, NOW), range(40)))
    assert sorted(turns) == [NOW + timedelta(seconds=12 * i) for i in range(40)]


def test_5000_in_line_take_sixteen_hours_and_forty_minutes() -> None:
    """A turn a credential: 300 an hour, no more in any hour."""
    turns = [upstream_pace.take(BREVO, HOURLY, NOW) for _ in range(301)]
    assert turns[300] - turns[0] == timedelta(hours=1)
    assert 5000 * (turns[1] - turns[0]) == timedelta(hours=16, minutes=40)


def test_an_account_is_closed_until_a_time_and_open_after() -> None:
    assert upstream_pace.closed(BREVO, NOW) is None
    upstream_pace.close(BREVO, clock("09:10"), NOW, denied=False)
    assert upstream_pace.closed(BREVO, NOW) == Closed(clock("09:10"), denied=False)
    assert upstream_pace.closed(BREVO, clock("09:10")) is None
    assert upstream_pace.closed(Account("brevo", "north"), NOW) is None


@pytest.mark.parametrize(
    ("first", "second", "until", "denied"),
    [
        (("09:10", False), ("10:00", True), "10:00", True),
        (("10:00", True), ("09:10", False), "10:00", True),  # an earlier end changes nothing
    ],
)
def test_of_two_ends_the_later_counts(
    first: tuple[str, bool], second: tuple[str, bool], until: str, *, denied: bool
) -> None:
    for at, why in (first, second):
        upstream_pace.close(BREVO, clock(at), NOW, denied=why)
    assert upstream_pace.closed(BREVO, NOW) == Closed(clock(until), denied=denied)


def test_a_closed_account_keeps_its_line() -> None:
    upstream_pace.take(BREVO, HOURLY, NOW)
    upstream_pace.close(BREVO, clock("09:10"), NOW, denied=False)
    assert upstream_pace.take(BREVO, HOURLY, NOW) == NOW + timedelta(seconds=12)
