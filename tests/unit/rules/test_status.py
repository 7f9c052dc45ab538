"""The table "What blocks", marks, lifts, and that a status is a join."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence, event_hex
from reachable.model.status import (
    GOOD,
    LOWEST_HEX,
    Block,
    BlockRegister,
    Change,
    Ground,
    Lift,
    Lifting,
    Reach,
    Status,
    mark,
    time_of,
)
from reachable.rules import status as rules
from tests.builders import clock, delivery_event, text_event

LATER = clock("23:00")
PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
VOICE = {"channel": Channel.VOICE, "address": "+12025550123"}
SMS = {"channel": Channel.SMS, "address": "+12025550123"}


def register_of(**event: Any) -> str | None:
    change = rules.change(delivery_event(**event), LATER)
    return str(change.register) if isinstance(change, Block) else None


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2, max_size=2))
@example([datetime(999, 1, 1, tzinfo=UTC), datetime(2026, 9, 14, tzinfo=UTC)])
def test_marks_as_text_come_in_the_order_of_their_times(times: list[datetime]) -> None:
    """Of any year that a provider's wrong clock may tell."""
    marks = [mark(time, LOWEST_HEX) for time in times]
    assert sorted(marks) == [mark(time, LOWEST_HEX) for time in sorted(times)]
    assert [time_of(one) for one in marks] == times


@pytest.mark.parametrize("kind", [Kind.SENT, Kind.DELIVERED, Kind.DELAYED, Kind.REJECTED])
def test_what_is_of_the_message_alone_blocks_nothing(kind: Kind) -> None:
    assert rules.change(delivery_event(kind=kind), LATER) is None


@pytest.mark.parametrize(
    ("event", "register"),
    [
        ({"cause": Cause.INVALID_ADDRESS}, "bounce@email"),
        ({"cause": Cause.MAILBOX_FULL, "permanence": TRANSIENT}, "bounce@email"),
        ({"cause": Cause.UNKNOWN, "permanence": UNDETERMINED}, "bounce@email"),
        ({"cause": Cause.PROVIDER_SUPPRESSED}, "suppressed@email"),
        ({"kind": Kind.FAILED, "cause": Cause.PROVIDER_SUPPRESSED}, "suppressed@email"),
        ({"kind": Kind.COMPLAINED, "cause": Cause.PROVIDER_SUPPRESSED}, "suppressed+complaint@email"),
        ({"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT}, "complaint@email"),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT}, "unsubscribed@email"),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT} | SMS, "opt_out@sms"),
        ({"cause": Cause.INVALID_ADDRESS} | SMS, "bounce@phone"),
        ({"cause": Cause.INVALID_ADDRESS} | VOICE, "bounce@phone"),
        ({"cause": Cause.LANDLINE_OR_INCAPABLE} | SMS, "bounce@sms"),
        ({"cause": Cause.UNKNOWN, "kind": Kind.FAILED, "permanence": UNDETERMINED} | VOICE, "bounce@voice"),
        ({"cause": Cause.INACTIVE_OR_UNREACHABLE, "permanence": TRANSIENT} | SMS, "bounce@sms"),
        ({"cause": Cause.CARRIER_BLOCKED_OR_SPAM, "permanence": PERMANENT}, "bounce@email"),
    ],
)
def test_what_blocks_and_what_it_closes(event: dict[str, Any], register: str) -> None:
    assert register_of(**event) == register


@pytest.mark.parametrize(
    "event",
    [
        {"cause": Cause.CONTENT_OR_SIZE},
        {"cause": Cause.ACCOUNT_OR_QUOTA, "kind": Kind.FAILED},
        {"cause": Cause.CARRIER_BLOCKED_OR_SPAM, "permanence": UNDETERMINED},
        {"cause": Cause.CARRIER_BLOCKED_OR_SPAM, "permanence": TRANSIENT} | SMS,
        {"cause": Cause.UNKNOWN, "permanence": TRANSIENT},  # an out-of-office answer
        {"cause": Cause.INACTIVE_OR_UNREACHABLE, "permanence": TRANSIENT, "kind": Kind.FAILED} | VOICE,
        {"kind": Kind.COMPLAINED, "possible_recipients": 2},
        {
            "kind": Kind.COMPLAINED,
            "cause": Cause.PROVIDER_SUPPRESSED,
            "possible_recipients": 3,
        },
        {"kind": Kind.OPTED_IN, "cause": None},
    ],
)
def test_what_is_kept_in_history_and_blocks_nothing(event: dict[str, Any]) -> None:
    assert rules.change(delivery_event(**event), LATER) is None


def test_a_transient_bounce_with_a_status_is_no_out_of_office_answer() -> None:
    assert register_of(cause=Cause.UNKNOWN, permanence=TRANSIENT, smtp_status="4.0.0") == "bounce@email"


def test_a_complaint_that_can_be_but_one_persons_blocks() -> None:
    assert register_of(kind=Kind.COMPLAINED, possible_recipients=1) == "complaint@email"


def test_a_start_lifts_what_stop_closed_and_a_reset_does_not() -> None:
    stop = rules.change(text_event(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT, event_id="stop"), LATER)
    start = rules.change(
        text_event(kind=Kind.OPTED_IN, cause=None, event_id="start", occurred_at=clock("09:05")), LATER
    )
    assert stop is not None
    assert start == Lifting(Lift.START, mark(clock("09:05"), event_hex("twilio", "start")))
    blocked = rules.join(GOOD, [stop])
    reset = Lifting(Lift.CONSENT, mark(LATER, event_hex("reachable", "1")))
    assert rules.open_channels(CredentialKind.PHONE, rules.join(blocked, [reset])) == (Channel.VOICE,)
    assert rules.open_channels(CredentialKind.PHONE, rules.join(blocked, [start])) == (
        Channel.SMS,
        Channel.VOICE,
    )


@pytest.mark.parametrize(
    ("event", "counts_from"),
    [
        ({}, "09:00"),  # its message was sent then
        ({"sent_at": None}, "09:01"),
        ({"sent_at": None, "occurred_at": None}, "10:00"),
        ({"sent_at": clock("12:00")}, "10:00"),  # a provider's clock runs ahead
        ({"kind": Kind.COMPLAINED}, "09:01"),
        ({"kind": Kind.COMPLAINED, "occurred_at": None}, "10:00"),
        ({"kind": Kind.COMPLAINED, "cause": Cause.PROVIDER_SUPPRESSED}, "09:00"),
        ({"kind": Kind.OPTED_OUT}, "09:01"),
        ({"kind": Kind.OPTED_IN, "occurred_at": clock("11:00")}, "10:00"),
    ],
)
def test_from_when_an_event_counts(event: dict[str, Any], counts_from: str) -> None:
    assert time_of(rules.event_mark(delivery_event(**event), clock("10:00"))) == clock(counts_from)


@pytest.mark.parametrize(
    ("sent", "reset", "bad"),
    [
        ("09:00", None, True),  # never reset
        ("09:00", "10:00", False),  # the bounce is about a message from before
        ("11:00", "10:00", True),  # it bounced again
    ],
)
def test_a_bounce_counts_from_when_its_message_was_sent(sent: str, reset: str | None, bad: bool) -> None:
    bounce = rules.change(delivery_event(sent_at=clock(sent), occurred_at=clock("12:00")), LATER)
    lifts = [Lifting(Lift.STAFF, mark(clock(reset), event_hex("reachable", "1")))] if reset else []
    assert bounce is not None
    assert bool(rules.blocks(rules.join(GOOD, [*lifts, bounce]))) is bad


@pytest.mark.parametrize(
    ("ground", "lifts"),
    [
        (Ground.BOUNCE, {Lift.STAFF, Lift.CONSENT}),
        (Ground.MANUAL, {Lift.STAFF, Lift.CONSENT}),
        (Ground.SUPPRESSED, {Lift.STAFF, Lift.CONSENT, Lift.RELEASE}),
        (Ground.COMPLAINT, {Lift.CONSENT}),
        (Ground.UNSUBSCRIBED, {Lift.CONSENT}),
        (Ground.OPT_OUT, {Lift.START}),
    ],
)
def test_what_lifts_each_ground(ground: Ground, lifts: set[Lift]) -> None:
    block = Block(
        BlockRegister(ground, Reach.EMAIL),
        mark(clock("09:00"), event_hex("ses", "1")),
        Cause.UNKNOWN,
        None,
        "ses",
    )
    lifted = {
        by
        for by in Lift
        if not rules.blocks(Status((block,), {by: mark(clock("10:00"), event_hex("reachable", "1"))}))
    }
    assert lifted == lifts


def test_a_suppression_after_a_complaint_needs_consent_or_the_release() -> None:
    assert rules.lifted_by(BlockRegister(Ground.SUPPRESSED, Reach.EMAIL, after_complaint=True)) == {
        Lift.CONSENT,
        Lift.RELEASE,
    }


def test_the_oldest_lift_that_covers_a_block_ended_it() -> None:
    block = Block(
        BlockRegister(Ground.BOUNCE, Reach.EMAIL),
        mark(clock("09:00"), event_hex("ses", "1")),
        Cause.UNKNOWN,
        None,
        "ses",
    )
    staff = Lifting(Lift.STAFF, mark(clock("10:00"), event_hex("reachable", "1")))
    consent = Lifting(Lift.CONSENT, mark(clock("11:00"), event_hex("reachable", "2")))
    assert rules.lift_of(block, rules.join(GOOD, [block])) is None
    assert rules.lift_of(block, rules.join(GOOD, [block, consent, staff])) == staff


MARKS = st.builds(
    lambda minutes, event: mark(clock("09:00") + timedelta(minutes=minutes), event_hex("ses", str(event))),
    st.integers(0, 3),
    st.integers(0, 5),
)
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(
        Block,
        st.builds(BlockRegister, st.sampled_from(Ground), st.sampled_from(Reach)),
        MARKS,
        st.just(Cause.UNKNOWN),
        st.none(),
        st.just("ses"),
    ),
    st.builds(Lifting, st.sampled_from(Lift), MARKS),
)


@given(st.data(), st.lists(CHANGES, max_size=12))
def test_any_order_and_any_repetition_give_the_same_status(
    data: st.DataObject, changes: list[Change]
) -> None:
    once = rules.join(GOOD, changes)
    again = data.draw(
        st.permutations(changes + data.draw(st.lists(st.sampled_from(changes)) if changes else st.just([])))
    )
    assert rules.join(GOOD, again) == once


@given(st.lists(CHANGES, max_size=8), st.lists(CHANGES, max_size=8))
def test_joining_in_parts_gives_what_joining_at_once_gives(first: list[Change], second: list[Change]) -> None:
    assert rules.join(rules.join(GOOD, first), second) == rules.join(GOOD, [*second, *first])
