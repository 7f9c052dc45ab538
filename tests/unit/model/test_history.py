"""Who holds a credential now, of all who ever held it."""

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.history import Standing
from reachable.model.people import Holder
from reachable.model.status import GOOD
from tests.builders import clock


def holder(user_id: str, until: str | None = None) -> Holder:
    return Holder(
        user_id=user_id,
        sourced_id=user_id,
        name="",
        language="en",
        schools=(),
        since=clock("09:00"),
        until=clock(until) if until else None,
    )


@pytest.mark.parametrize(
    ("holders", "current"),
    [
        ((), ()),
        ((holder("ada"), holder("bo")), (holder("ada"), holder("bo"))),
        ((holder("ada", "11:00"), holder("bo")), (holder("bo"),)),
        ((holder("ada", "11:00"),), ()),
    ],
)
def test_who_had_it_until_a_time_holds_it_no_more(
    holders: tuple[Holder, ...], current: tuple[Holder, ...]
) -> None:
    phone = Credential(CredentialKind.PHONE, "+12025550123")
    assert Standing(phone, GOOD, holders).current == current
