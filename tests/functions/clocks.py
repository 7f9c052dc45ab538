"""The clock of a test that has the fixture ``at_nine``."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from unittest.mock import patch

import time_machine

from reachable.flows import ask_upstream, release_incident, release_listed

_held: list[time_machine.Traveller] = []


@contextmanager
def held_at(at: datetime) -> Iterator[time_machine.Traveller]:
    """It stands still, until somebody moves it."""
    with time_machine.travel(at, tick=False) as clock:
        _held.append(clock)
        yield clock
        _held.remove(clock)


class Turns:
    """Time within turns of releases: only what waits moves it, no machine's speed.

    It stands where the module ``time`` stands in the flows of a turn; the wire keeps the real one.
    """

    def __init__(self) -> None:
        self._now = self._told = 0.0
        self._waiting = Lock()

    @property
    def lasted(self) -> float:
        """How many seconds all turns have lasted."""
        return self._now

    def monotonic(self) -> float:
        """What time it is, each time a microsecond later: no two steps are at once."""
        self._now += 1e-6
        self._told = self._now
        return self._now

    def sleep(self, seconds: float) -> None:
        """Those who wait side by side do so from the same moment, which was told last."""
        with self._waiting:
            self._now = max(self._now, self._told + seconds)


@contextmanager
def turns_held() -> Iterator[Turns]:
    """A turn lasts as long as its waits are meant to, on any machine, and nobody waits for it."""
    turns = Turns()
    with (
        patch.object(release_incident, "time", turns),
        patch.object(release_listed, "time", turns),
        patch.object(ask_upstream, "time", turns),
    ):
        yield turns


def later(**span: float) -> datetime:
    """The clock moves on; what time it is then."""
    at = datetime.now(UTC) + timedelta(**span)
    _held[-1].move_to(at, tick=False)
    return at
