"""What a sign-in says of the bounces from before it, and what it leaves alone (option)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachable.model.delivery_event import Cause, EventHex, Permanence, event_hex
from reachable.model.status import (
    GOOD,
    LOWEST_HEX,
    Block,
    BlockRegister,
    Change,
    Lift,
    Lifting,
    Reach,
    Status,
    Terms,
    TransientBounce,
    mark,
    time_of,
)
from reachable.rules import proof
from reachable.rules import status as rules
from tests.builders import clock

NOW = clock("12:00")
TEN = Lifting(Lift.PROOF, mark(clock("10:00"), LOWEST_HEX))


def block(register: str = "bounce@email", at: str = "09:00", cause: Cause = Cause.INVALID_ADDRESS) -> Block:
    hex_ = EventHex("1" * 16)
    return Block(BlockRegister.of_name(register), mark(clock(at), hex_), cause, Permanence.PERMANENT, "ses")


def bad(*changes: Change) -> Status:
    return rules.join(GOOD, changes)


def lift(by: Lift, at: str) -> Lifting:
    return Lifting(by, mark(clock(at), LOWEST_HEX))


@pytest.mark.parametrize(
    ("status", "lifting"),
    [
        (bad(block()), TEN),
        (bad(block(at="09:59:59.999999")), TEN),
        (bad(block("bounce@sms"), block("bounce@voice", "11:00")), TEN),
        # Sent at that moment or after it: it says nothing of those.
        (bad(block(at="10:00")), None),
        (bad(block(at="10:00:00.5")), None),
        (bad(block(at="11:00")), None),
        # What else closes it.
        (bad(block("manual@email", cause=Cause.MANUAL)), None),
        (bad(block("suppressed@email")), None),
        (bad(block("suppressed+complaint@email")), None),
        (bad(block("complaint@email", cause=Cause.COMPLAINT)), None),
        (bad(block("unsubscribed@email", cause=Cause.OPT_OUT)), None),
        (bad(block("opt_out@sms", cause=Cause.OPT_OUT)), None),
        (bad(block(), block("complaint@email", cause=Cause.COMPLAINT)), TEN),
        # A bounce that says what the person wishes, alone or beside another.
        (bad(block(cause=Cause.COMPLAINT)), None),
        (bad(block("bounce@sms"), block("bounce@voice", cause=Cause.REVOCATION)), None),
        (bad(block("bounce@sms"), block("bounce@voice", "11:00", Cause.REVOCATION)), TEN),
        # Nothing is in force.
        (GOOD, None),
        (bad(block(), lift(Lift.STAFF, "09:30")), None),
        (bad(block(), TEN), None),
        # A bounce since the last proof.
        (bad(block(at="09:30"), lift(Lift.PROOF, "09:15")), TEN),
    ],
)
def test_a_sign_in_at_ten_lifts_the_bounces_from_before_it(status: Status, lifting: Lifting | None) -> None:
    assert proof.of_sign_in(status, clock("10:00"), NOW) == lifting


@pytest.mark.parametrize(
    ("signed_in", "counts"), [("11:59", "11:59"), ("12:00", "12:00"), ("12:05", "12:00")]
)
def test_no_sign_in_is_later_than_now(signed_in: str, counts: str) -> None:
    lifting = proof.of_sign_in(bad(block()), clock(signed_in), NOW)
    assert lifting == Lifting(Lift.PROOF, mark(clock(counts), LOWEST_HEX))


def test_counted_bounces_that_block_are_lifted_too() -> None:
    told = [
        TransientBounce(Reach.EMAIL, mark(clock(at), event_hex("ses", at)), at, Cause.MAILBOX_FULL, "ses")
        for at in ("07:00", "08:00", "09:00")
    ]
    three = Status(terms=Terms(limit=3))
    assert proof.of_sign_in(rules.join(three, told[:2]), clock("10:00"), NOW) is None
    status = rules.join(three, told)
    assert proof.of_sign_in(status, clock("10:00"), NOW) == TEN
    assert rules.blocks(rules.join(status, [TEN])) == []


@pytest.mark.parametrize(
    ("register", "cause", "at", "against"),
    [
        ("bounce@email", Cause.INVALID_ADDRESS, "09:00", True),
        ("bounce@email", Cause.INVALID_ADDRESS, "10:00", False),
        ("bounce@email", Cause.COMPLAINT, "09:00", False),
        ("suppressed@email", Cause.PROVIDER_SUPPRESSED, "09:00", False),
    ],
)
def test_what_a_proof_speaks_against(register: str, cause: Cause, at: str, *, against: bool) -> None:
    assert proof.is_against(block(register, at, cause), clock("10:00")) is against


TIMES = st.integers(0, 300).map(lambda minutes: clock("08:00") + timedelta(minutes=minutes))
BOUNCES = st.builds(
    lambda at, reach, hex_: Block(
        BlockRegister.of_name(f"bounce@{reach}"), mark(at, event_hex("ses", hex_)), Cause.UNKNOWN, None, "ses"
    ),
    TIMES,
    st.sampled_from(["phone", "sms", "voice"]),
    st.text(max_size=2),
)
SIGN_INS = st.tuples(st.just("sign-in"), TIMES)
HAPPENINGS: st.SearchStrategy[Any] = st.lists(st.one_of(BOUNCES, SIGN_INS), max_size=10)


@given(HAPPENINGS, st.data())
def test_whatever_comes_when_and_how_often_what_was_sent_before_a_sign_in_that_saw_it_is_open(
    happenings: list[Any], data: st.DataObject
) -> None:
    """Each sign-in sees what came until then. Its lift joins the rest in any order, any number of times."""
    changes: list[Change] = []
    for happening in happenings:
        if isinstance(happening, Block):
            changes.append(happening)
            continue
        at: datetime = happening[1]
        before = rules.join(GOOD, changes)
        lifting = proof.of_sign_in(before, at, clock("23:00"))
        if lifting is None:
            assert all(time_of(known.at) >= at for known in rules.blocks(before))
            continue
        changes.append(lifting)
        left = rules.blocks(rules.join(before, [lifting]))
        assert left == [known for known in rules.blocks(before) if time_of(known.at) >= at]
    repeated = data.draw(st.lists(st.sampled_from(changes))) if changes else []
    again = data.draw(st.permutations([*changes, *repeated]))
    assert rules.join(GOOD, again) == rules.join(GOOD, changes)
