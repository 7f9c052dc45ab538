"""Half minutes, and how a place is spelled where it is stored."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from reachable.model.guard import Past, Place, begins, cell


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (datetime(2026, 9, 14, 9, 0, 29, 999_999, UTC), datetime(2026, 9, 14, 9, 0, 0, 0, UTC)),
        (datetime(2026, 9, 14, 9, 0, 30, 0, UTC), datetime(2026, 9, 14, 9, 0, 30, 0, UTC)),
        (
            datetime(2026, 9, 14, 11, 0, 31, 0, timezone(timedelta(hours=2))),
            datetime(2026, 9, 14, 9, 0, 30, 0, UTC),
        ),
    ],
)
def test_a_time_is_of_a_half_minute_wherever_it_is_told(at: datetime, first: datetime) -> None:
    assert begins(cell(at)) == first


@pytest.mark.parametrize(
    ("place", "spelled"),
    [
        (Place(domain="gmail.com"), "domain:gmail.com"),
        (Place(account="ses/main"), "account:ses/main"),
        (Place(account="twilio", code="30003"), "code:twilio#30003"),
    ],
)
def test_a_place_keeps_its_name_where_it_is_stored(place: Place, spelled: str) -> None:
    assert str(place) == spelled


@pytest.mark.parametrize(
    ("past", "share"), [(Past(1_000, 7, 2), 0.007), (Past(0, 3, 0), 0.0), (Past(10, 12, 1), 1.0)]
)
def test_the_usual_share_is_none_where_nothing_was_sent_and_at_most_all(past: Past, share: float) -> None:
    assert past.share == share
