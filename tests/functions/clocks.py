"""The clock of a test that has the fixture ``at_nine``."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import time_machine

_held: list[time_machine.Traveller] = []


@contextmanager
def held_at(at: datetime) -> Iterator[time_machine.Traveller]:
    """It stands still, until somebody moves it."""
    with time_machine.travel(at, tick=False) as clock:
        _held.append(clock)
        yield clock
        _held.remove(clock)


def later(**span: float) -> datetime:
    """The clock moves on; what time it is then."""
    at = datetime.now(UTC) + timedelta(**span)
    _held[-1].move_to(at, tick=False)
    return at
