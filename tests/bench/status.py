"""How fast a status is joined from what happened, and read.

python -m tests.bench.status
"""

from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.status import GOOD, LOWEST_HEX, Change, Lift, Lifting, mark
from reachable.rules import status as rules
from tests.bench.timing import Row, seconds, show, show_machine
from tests.builders import change_by, clock, delivery_event

SIZES: Final = (1, 10, 100, 1000)
LATER: Final = clock("23:59")


def events(count: int) -> list[DeliveryEvent]:
    """Bounces, complaints and unsubscribes of one address, in no order; the same ones each time."""
    random = Random(7)
    kinds = (
        {"kind": Kind.BOUNCED, "cause": Cause.INVALID_ADDRESS},
        {"kind": Kind.BOUNCED, "cause": Cause.MAILBOX_FULL, "permanence": Permanence.TRANSIENT},
        {"kind": Kind.BOUNCED, "cause": Cause.PROVIDER_SUPPRESSED},
        {"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT, "permanence": None},
        {"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT, "permanence": None},
    )
    return [
        delivery_event(
            event_id=str(number),
            sent_at=clock("06:00") + timedelta(seconds=random.randrange(36000)),
            **random.choice(kinds),
        )
        for number in range(count)
    ]


def changes(told: list[DeliveryEvent]) -> list[Change]:
    """What the events do, and a reset after every tenth."""
    found = [change for event in told if (change := change_by(event, LATER))]
    resets = [
        Lifting(Lift.STAFF, mark(event.sent_at or LATER, LOWEST_HEX)) for event in told[::10] if len(told) > 1
    ]
    return [*found, *resets]


def main() -> None:
    """Print the table."""
    show_machine()
    rows: list[Row] = []
    for size in SIZES:
        told = events(size)
        moved = changes(told)
        status = rules.join(GOOD, moved)
        decided, joined, read = seconds(
            partial(changes, told), partial(rules.join, GOOD, moved), partial(rules.blocks, status)
        )
        rows.append((f"{size:,}", len(moved), decided / size * 1e6, joined / len(moved) * 1e6, read * 1e6))
    show(
        "A credential's status",
        ("events", "changes", "us to decide an event", "us to join a change", "us to read the blocks"),
        rows,
    )


if __name__ == "__main__":
    main()
