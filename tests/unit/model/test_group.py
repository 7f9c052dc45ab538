"""What was said of a group, and whether it still is."""

from dataclasses import replace

import pytest

from reachable.model.group import Group, Hold, HoldState, Sweep
from tests.builders import clock

HELD = Hold(id="h1", state=HoldState.HELD, at=clock("09:00"))


@pytest.mark.parametrize(
    ("said", "still"),
    [
        (HELD, True),
        (replace(HELD, sweep=Sweep(1, 2)), True),  # whatever was swept meanwhile
        (replace(HELD, urgent_too=True), True),
        (replace(HELD, state=HoldState.RESUMED), False),
        (replace(HELD, id="h2"), False),
        (None, False),
    ],
)
def test_a_hold_is_still_what_it_was_until_somebody_decides_or_holds_anew(
    said: Hold | None, *, still: bool
) -> None:
    assert HELD.is_still(said) is still


def test_the_counts_of_a_group_are_added_up_over_its_windows() -> None:
    counts = {"2026-09-14T09": {"sent": 2, "refused": 1}, "2026-09-14T10": {"sent": 3}}
    assert Group(counts).totals == {"sent": 5, "refused": 1}
    assert Group().totals == {}
