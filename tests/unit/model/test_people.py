"""Who is staff, and when a credential was somebody's."""

import pytest

from reachable.model.people import Holder, Role
from tests.builders import clock


@pytest.mark.parametrize(
    ("role", "staff"),
    [(Role.GUARDIAN, False), (Role.TEACHER, True), (Role.SCHOOL_STAFF, True), (Role.DISTRICT, True)],
)
def test_all_but_guardians_are_staff(role: Role, staff: bool) -> None:
    assert role.is_staff is staff


@pytest.mark.parametrize(
    ("until", "at", "held"),
    [
        (None, "08:59", False),
        (None, "09:00", True),
        (None, "23:00", True),
        ("11:00", "08:59", False),
        ("11:00", "10:59", True),
        ("11:00", "11:00", False),  # the next holder's
    ],
)
def test_a_credential_is_held_from_its_first_moment_until_before_its_last(
    until: str | None, at: str, held: bool
) -> None:
    ada = Holder(
        user_id="ada",
        sourced_id="ada",
        name="Ada",
        language="en",
        schools=(),
        since=clock("09:00"),
        until=clock(until) if until else None,
    )
    assert ada.held(clock(at)) is held
