"""How far an import is."""

import pytest

from reachable.model.roster_import import ImportState


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        ("waiting", False),
        ("validating", False),
        ("refused", True),
        ("applying", False),
        ("done", True),
        ("failed", True),
    ],
)
def test_of_an_import_that_was_refused_done_or_failed_nothing_more_comes(state: str, ended: bool) -> None:
    assert ImportState(state).has_ended is ended
