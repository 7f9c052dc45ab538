"""What ends by age, up to which mark, and which days' lists an hour goes through."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from reachable.model.delivery_event import Cause, EventHex, Permanence
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.status import (
    GOOD,
    Block,
    BlockRegister,
    Ground,
    Lift,
    Lifting,
    Mark,
    Reach,
    Status,
    Terms,
    TransientBounce,
    mark,
)
from reachable.rules import expiry
from reachable.rules import status as status_rules

BEFORE: Final = datetime(2026, 6, 16, 9, tzinfo=UTC)
"""What occurred before that is old enough."""
OLD, YOUNG = datetime(2026, 6, 16, 8, 59, tzinfo=UTC), BEFORE
HEXES: Final = {name: EventHex(f"{number:016x}") for number, name in enumerate("abc", 1)}


def sent(day: int, event: str) -> Mark:
    """The mark of an event about a message of that day of June."""
    return mark(datetime(2026, 6, day, tzinfo=UTC), HEXES[event])


def block(register: str, day: int, event: str) -> Block:
    name = BlockRegister.of_name(register)
    return Block(name, sent(day, event), Cause.MAILBOX_FULL, Permanence.TRANSIENT, "ses")


def occurred(**at: datetime) -> dict[EventHex, HistoryItem]:
    return {
        HEXES[event]: HistoryItem(
            hex=HEXES[event],
            kind=HistoryKind.BOUNCED,
            provider="ses",
            occurred_at=when,
            received_at=when,
            mark=mark(when, HEXES[event]),
        )
        for event, when in at.items()
    }


def lifted_to(status: Status, **at: datetime) -> Mark | None:
    lifting = expiry.lifting(status, occurred(**at), BEFORE)
    assert lifting is None or lifting.by is Lift.STAFF
    return None if lifting is None else lifting.at


@pytest.mark.parametrize("register", ["bounce@email", "manual@email", "bounce@sms", "manual@phone"])
@pytest.mark.parametrize(("when", "expires"), [(OLD, True), (YOUNG, False)])
def test_a_bounce_and_a_mark_by_hand_end_once_they_are_old_enough(
    register: str, when: datetime, expires: bool
) -> None:
    status = Status((block(register, 2, "a"),))
    assert lifted_to(status, a=when) == (sent(2, "a") if expires else None)


@pytest.mark.parametrize(
    "register",
    [
        "complaint@email",
        "unsubscribed@email",
        "unsubscribed@sms",
        "opt_out@sms",
        "suppressed@email",
        "suppressed+complaint@email",
    ],
)
def test_what_a_person_or_a_provider_s_own_list_says_does_not_age(register: str) -> None:
    status = Status((block(register, 2, "a"),))
    assert (lifted_to(status, a=OLD), expiry.may_expire(status)) == (None, False)


@pytest.mark.parametrize("register", ["complaint@email", "unsubscribed@email", "opt_out@sms"])
@pytest.mark.parametrize("day", [1, 3])
def test_a_person_s_word_outlives_the_bounce_beside_it(register: str, day: int) -> None:
    status = Status((block("bounce@email", 2, "a"), block(register, day, "b")))
    lifting = expiry.lifting(status, occurred(a=OLD, b=OLD), BEFORE)
    assert lifting == Lifting(Lift.STAFF, sent(2, "a"))
    [left] = status_rules.blocks(status_rules.join(status, [lifting]))
    assert str(left.register) == register


@pytest.mark.parametrize("register", ["suppressed@sms", "suppressed+complaint@sms"])
@pytest.mark.parametrize("day", [1, 3])
def test_where_a_provider_s_own_list_refuses_a_person_decides(register: str, day: int) -> None:
    """After a lift the provider is asked to release it, which nobody has decided."""
    status = Status((block("bounce@voice", 2, "a"), block(register, day, "b")))
    assert (lifted_to(status, a=OLD, b=OLD), expiry.may_expire(status)) == (None, False)


def test_several_that_are_old_enough_end_together() -> None:
    status = Status(
        (block("bounce@sms", 2, "a"), block("manual@phone", 5, "b"), block("bounce@voice", 3, "c"))
    )
    assert lifted_to(status, a=OLD, b=OLD, c=OLD) == sent(5, "b")


def test_what_is_younger_stays_closed() -> None:
    status = Status((block("bounce@sms", 2, "a"), block("bounce@voice", 5, "b")))
    lifting = expiry.lifting(status, occurred(a=OLD, b=YOUNG), BEFORE)
    assert lifting == Lifting(Lift.STAFF, sent(2, "a"))
    [left] = status_rules.blocks(status_rules.join(status, [lifting]))
    assert left == block("bounce@voice", 5, "b")


def test_what_is_younger_and_about_an_earlier_message_keeps_all_closed() -> None:
    """Its lift would open that, too: it waits until both are old enough."""
    status = Status((block("bounce@sms", 5, "a"), block("bounce@voice", 2, "b")))
    assert lifted_to(status, a=OLD, b=YOUNG) is None
    assert lifted_to(status, a=OLD, b=OLD) == sent(5, "a")


def test_a_bounce_that_comes_late_about_a_message_after_the_expired_one_closes() -> None:
    """Whenever it comes: the lift has the mark of what expired, never that of now."""
    status = Status((block("bounce@email", 2, "a"),))
    lifting = expiry.lifting(status, occurred(a=OLD), BEFORE)
    assert lifting is not None
    late = block("bounce@email", 3, "b")
    assert status_rules.blocks(status_rules.join(status, [lifting, late])) == [late]
    same = block("bounce@email", 2, "a")
    assert status_rules.blocks(status_rules.join(status, [lifting, same])) == []


def test_what_comes_back_is_a_new_block_with_an_age_of_its_own() -> None:
    status = status_rules.join(
        Status((block("bounce@email", 2, "a"),)),
        [Lifting(Lift.STAFF, sent(2, "a")), block("bounce@email", 9, "b")],
    )
    assert lifted_to(status, a=OLD, b=YOUNG) is None
    assert lifted_to(status, a=OLD, b=OLD) == sent(9, "b")


def test_what_is_lifted_already_is_not_lifted_again() -> None:
    status = Status((block("bounce@email", 2, "a"),), {Lift.STAFF: sent(2, "a")})
    assert lifted_to(status, a=OLD) is None
    assert lifted_to(GOOD) is None


def test_without_its_history_item_a_block_is_as_old_as_its_mark() -> None:
    assert lifted_to(Status((block("bounce@email", 15, "a"),))) == sent(15, "a")
    assert lifted_to(Status((block("bounce@email", 17, "a"),))) is None


def test_transient_bounces_that_came_to_a_block_end_with_the_newest_of_them() -> None:
    bounces = tuple(
        TransientBounce(Reach.EMAIL, sent(day, event), event, Cause.MAILBOX_FULL, "ses")
        for day, event in ((9, "c"), (5, "b"), (2, "a"))
    )
    status = Status(transient={Reach.EMAIL: bounces}, terms=Terms(3, timedelta(days=30)))
    assert lifted_to(status, a=OLD, b=OLD, c=YOUNG) is None
    assert lifted_to(status, a=OLD, b=OLD, c=OLD) == sent(9, "c")


def test_a_lift_by_age_lifts_as_staff_do_what_may_age_and_nothing_else() -> None:
    """Otherwise the rule above would have to look at more grounds."""
    by_staff = {ground for ground, lifts in status_rules.LIFTED_BY.items() if Lift.STAFF in lifts}
    assert by_staff == {Ground.BOUNCE, Ground.MANUAL, Ground.SUPPRESSED}


DAYS: Final = [date(2026, 6, 17), date(2026, 6, 16), date(2026, 6, 10), date(2026, 6, 9), date(2026, 5, 17)]


@pytest.mark.parametrize(
    ("hour", "due"),
    [
        (0, [date(2026, 6, 9), date(2026, 6, 10), date(2026, 6, 16)]),
        (1, [date(2026, 5, 17), date(2026, 6, 10), date(2026, 6, 16)]),
        (2, [date(2026, 6, 10), date(2026, 6, 16)]),
    ],
)
def test_the_newest_old_days_come_each_hour_and_the_others_once_a_day(hour: int, due: list[date]) -> None:
    now = datetime(2026, 9, 14, hour, 30, tzinfo=UTC)
    assert expiry.days_due(DAYS, BEFORE, now) == due


def test_every_old_day_has_its_hour() -> None:
    old = [date(2020, 1, 1) + timedelta(days=number) for number in range(60)]
    hours = [expiry.days_due(old, BEFORE, datetime(2026, 9, 14, hour, tzinfo=UTC)) for hour in range(24)]
    assert sorted(day for days in hours for day in days) == old
