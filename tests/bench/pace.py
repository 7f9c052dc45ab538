"""How long a large sending takes that its provider throttles, by the delays and ages of ``rules.pace``.

    python -m tests.bench.pace

A model of what dispatch does: workers take ten messages a second each from their queue; the provider takes
some of all that are tried in a second, whoever comes first; who is put off waits as the rule says, and is
dropped once too old. Urgent messages have a queue and as many workers of their own, and others make room.
"""

import heapq
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.message import Outgoing
from reachable.model.send import Purpose
from reachable.rules import pace
from tests.bench.timing import Row, show

BATCH: Final = 10
"""Messages that a worker takes from its queue; it takes a second for them."""
WORKERS: Final = (2, 20, 1000)
BEGIN: Final = datetime(2026, 9, 14, 9, tzinfo=UTC)


@dataclass(slots=True)
class Queue:
    """What is to be seen on a queue, and what is delayed."""

    visible: deque[Outgoing] = field(default_factory=deque)
    delayed: list[tuple[float, int, Outgoing]] = field(default_factory=list)
    ties: Iterator[int] = field(default_factory=lambda: iter(range(10**12)))

    def put(self, outgoing: Outgoing, due: float) -> None:
        """Back on the queue, to be seen then."""
        heapq.heappush(self.delayed, (due, next(self.ties), outgoing))

    def take(self, second: int, most: int) -> list[Outgoing]:
        """What the workers get in this second."""
        while self.delayed and self.delayed[0][0] <= second:
            self.visible.append(heapq.heappop(self.delayed)[2])
        return [self.visible.popleft() for _ in range(min(most, len(self.visible)))]

    def __len__(self) -> int:
        return len(self.visible) + len(self.delayed)


@dataclass(slots=True)
class Told:
    """What came of one purpose: when the last was handed over, in seconds after it was queued, and counts."""

    sent: int = 0
    dropped: int = 0
    attempts: int = 0
    last: int = 0


def play(
    general: int, rate: int, workers: int, *, emergencies: int = 0, they_come_at: int = 0, seed: int = 1
) -> dict[Purpose, Told]:
    """Queue all general messages at once, and the emergencies later; until nothing is left."""
    dice = random.Random(seed)
    queues = {True: Queue(), False: Queue()}
    told = {Purpose.GENERAL: Told(), Purpose.EMERGENCY: Told()}
    queues[False].visible.extend(_messages(general, Purpose.GENERAL, 0))
    urgent_put_off_at: datetime | None = None
    second = 0
    while second <= they_come_at or any(queues.values()):
        if second == they_come_at:
            queues[True].visible.extend(_messages(emergencies, Purpose.EMERGENCY, second))
        now = BEGIN + timedelta(seconds=second)
        tried: list[Outgoing] = []
        for queue in queues.values():
            for outgoing in queue.take(second, workers * BATCH):
                if pace.is_too_old(outgoing, now):
                    told[outgoing.purpose].dropped += 1
                elif pace.gives_way(outgoing.purpose, urgent_put_off_at, now):
                    queue.put(outgoing, second + pace.give_way_seconds(dice.random()))
                else:
                    tried.append(outgoing)
        dice.shuffle(tried)
        for place, outgoing in enumerate(tried):
            of = told[outgoing.purpose]
            of.attempts += 1
            if place < rate:
                of.sent += 1
                of.last = second + 1 - int((outgoing.queued_at - BEGIN).total_seconds())
                continue
            again = replace(outgoing, attempts=outgoing.attempts + 1)
            delay = pace.delay_seconds(again, None, now, dice.random())
            queues[outgoing.purpose.is_urgent].put(again, second + 1 + delay)
            if outgoing.purpose.is_urgent:
                urgent_put_off_at = now
        second += 1
    return told


def _messages(count: int, purpose: Purpose, second: int) -> Iterator[Outgoing]:
    at = BEGIN + timedelta(seconds=second)
    some = Outgoing(id="x", user_id="x", channel=Channel.EMAIL, purpose=purpose, queued_at=at, text="x")
    return (some for _ in range(count))


def main() -> None:
    """Show each case against its ideal: all at the provider's rate from the first second on."""
    rows: list[Row] = []
    for what, general, rate, emergencies, they_come_at in (
        ("50,000 mails at 14 a second", 50_000, 14, 0, 0),
        ("... and 1,000 emergencies", 50_000, 14, 1_000, 600),
        ("20,000 texts at 20 a second", 20_000, 20, 0, 0),
        ("20,000 texts at 3 a second", 20_000, 3, 0, 0),
    ):
        for workers in WORKERS:
            told = play(general, rate, workers, emergencies=emergencies, they_come_at=they_come_at)
            for purpose, result in told.items():
                many = result.sent + result.dropped
                ideal = (many + (emergencies if purpose is Purpose.GENERAL else 0)) / rate
                if many:
                    share, tries = round(result.last / ideal, 2), round(result.attempts / many, 1)
                    rows.append((what, purpose, workers, result.dropped, result.last, share, tries))
    columns = ["", "purpose", "workers", "too old", "last after s", "of the ideal", "tries each"]
    show("Throttled by the provider", columns, rows)


if __name__ == "__main__":
    main()
