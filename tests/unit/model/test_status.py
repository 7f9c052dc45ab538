"""The names of registers and the marks that they hold: what is stored must be read for ever."""

from datetime import datetime, timedelta, timezone

import pytest

from reachable.model.delivery_event import Cause, EventHex, Permanence
from reachable.model.status import (
    Block,
    BlockRegister,
    Change,
    Delivery,
    Ground,
    Lift,
    Lifting,
    Mark,
    Reach,
    TransientBounce,
    hex_of,
    mark,
    register_name,
    time_of,
)
from tests.builders import clock

HEX = EventHex("0123456789abcdef")
MARK = Mark("2026-09-14T08:30:04.501000Z#0123456789abcdef")


@pytest.mark.parametrize(
    "at",
    [clock("08:30:04.501"), datetime(2026, 9, 14, 3, 30, 4, 501000, timezone(timedelta(hours=-5)))],
)
def test_a_mark_is_a_time_in_utc_and_the_hex_of_its_event(at: datetime) -> None:
    assert mark(at, HEX) == MARK


def test_a_mark_tells_its_time_and_its_event() -> None:
    assert time_of(MARK) == clock("08:30:04.501")
    assert hex_of(MARK) == "0123456789abcdef"


@pytest.mark.parametrize(
    ("register", "name"),
    [
        (BlockRegister(Ground.BOUNCE, Reach.EMAIL), "bounce@email"),
        (BlockRegister(Ground.MANUAL, Reach.PHONE), "manual@phone"),
        (BlockRegister(Ground.OPT_OUT, Reach.SMS), "opt_out@sms"),
        (BlockRegister(Ground.SUPPRESSED, Reach.EMAIL), "suppressed@email"),
        (
            BlockRegister(Ground.SUPPRESSED, Reach.EMAIL, after_complaint=True),
            "suppressed+complaint@email",
        ),
    ],
)
def test_a_register_and_its_stored_name_lead_to_each_other(register: BlockRegister, name: str) -> None:
    assert BlockRegister.of_name(name) == register
    assert str(register) == name


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (
            Block(
                BlockRegister(Ground.BOUNCE, Reach.VOICE),
                MARK,
                Cause.INVALID_ADDRESS,
                Permanence.PERMANENT,
                "twilio",
            ),
            "bounce@voice",
        ),
        (Lifting(Lift.STAFF, MARK), "lift.staff"),
        (Lifting(Lift.START, MARK), "lift.start"),
        (TransientBounce(Reach.EMAIL, MARK, "m", Cause.MAILBOX_FULL, "ses"), "transient@email"),
        (Delivery(Reach.SMS, MARK), "delivered@sms"),
    ],
)
def test_a_change_moves_the_register_of_its_name(change: Change, name: str) -> None:
    assert register_name(change) == name
