"""An incident's releases as a plain value."""

import json
from datetime import datetime
from typing import Any

import pytest

from reachable.model.releases import AccountReleases, Reading, Releases, Silence
from reachable.model.upstream import Listing, ListReason
from tests.builders import clock


def account(*left: str, **changes: Any) -> AccountReleases:
    told: dict[str, Any] = {"provider": "ses", "account": "default", "left": left} | changes
    return AccountReleases(**told)


def test_a_file_gives_back_what_was_put_into_it() -> None:
    listing = Listing(
        address="Ada@example.org",
        reason=ListReason.BOUNCE,
        since=clock("08:00"),
        words="550",
        place="bounces",
    )
    releases = Releases(
        (
            account(
                "email:ada@example.org",
                again=("email:bo@example.org",),
                again_at=clock("10:00"),
                released=1,
                refused=2,
                unknown=3,
                given_up=4,
                left_alone=5,
                next_at=clock("09:10"),
                ends_at=clock("11:00"),
                reading=Reading(
                    begun_at=clock("09:00"),
                    entries=(listing, Listing(address="x@example.org", reason=ListReason.PROVIDER)),
                    cursor="next",
                    pages=2,
                    anew=True,
                    read_at=clock("09:01"),
                ),
                silence=Silence("403", 60, denied=True, unclear=True),
                quiet_since=clock("07:00"),
                turns=25,
                turns_at=clock("09:05"),
                placed=7,
                failures=1,
            ),
            account(),
        )
    )
    assert Releases.of_json(json.loads(json.dumps(releases.to_json()))) == releases


@pytest.mark.parametrize(
    ("accounts", "is_done", "next_at", "ends_at"),
    [
        ((), True, None, None),
        ((account(),), True, None, None),
        ((account("a"),), False, None, None),  # before the first turn
        (
            (account("a", next_at=clock("10:00"), ends_at=clock("12:00")), account()),
            False,
            clock("10:00"),
            clock("12:00"),
        ),
        (
            (
                account(again=("a",), next_at=clock("10:00"), ends_at=clock("12:00")),
                account("a", next_at=clock("09:30"), ends_at=clock("13:00")),
            ),
            False,
            clock("09:30"),
            clock("13:00"),
        ),
        (
            (
                account("a", next_at=clock("10:00"), ends_at=clock("12:00")),
                account("a", next_at=clock("11:00")),
            ),
            False,
            clock("10:00"),
            None,  # of the second nobody can tell
        ),
    ],
)
def test_it_comes_again_for_the_first_and_ends_with_the_last(
    accounts: tuple[AccountReleases, ...],
    next_at: datetime | None,
    ends_at: datetime | None,
    *,
    is_done: bool,
) -> None:
    releases = Releases(accounts)
    assert (releases.is_done, releases.next_at, releases.ends_at) == (is_done, next_at, ends_at)
