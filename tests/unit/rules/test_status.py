"""The table "What blocks", marks, lifts, and that a status is a join."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence, event_hex
from reachable.model.history import Standing
from reachable.model.status import (
    GOOD,
    LOWEST_HEX,
    Block,
    BlockRegister,
    Change,
    Delivery,
    Ground,
    Lift,
    Lifting,
    Mark,
    Reach,
    Status,
    Terms,
    TransientBounce,
    mark,
    time_of,
)
from reachable.rules import status as rules
from tests.builders import change_by, clock, delivery_event, text_event

LATER = clock("23:00")
PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
VOICE = {"channel": Channel.VOICE, "address": "+12025550123"}
SMS = {"channel": Channel.SMS, "address": "+12025550123"}


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2, max_size=2))
@example([datetime(999, 1, 1, tzinfo=UTC), datetime(2026, 9, 14, tzinfo=UTC)])
def test_marks_as_text_come_in_the_order_of_their_times(times: list[datetime]) -> None:
    """Of any year that a provider's wrong clock may tell."""
    marks = [mark(time, LOWEST_HEX) for time in times]
    assert sorted(marks) == [mark(time, LOWEST_HEX) for time in sorted(times)]
    assert [time_of(one) for one in marks] == times


def test_what_closes_and_tells_no_cause_closes_for_an_unknown_one() -> None:
    closed = change_by(delivery_event(cause=None), LATER)
    assert isinstance(closed, Block)
    assert closed.cause is Cause.UNKNOWN


def test_a_start_lifts_what_stop_closed_and_a_reset_does_not() -> None:
    stop = change_by(text_event(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT, event_id="stop"), LATER)
    start = change_by(
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
    ("sent", "reset", "bad"),
    [
        ("09:00", None, True),  # never reset
        ("09:00", "10:00", False),  # the bounce is about a message from before
        ("11:00", "10:00", True),  # it bounced again
    ],
)
def test_a_bounce_counts_from_when_its_message_was_sent(sent: str, reset: str | None, bad: bool) -> None:
    bounce = change_by(delivery_event(sent_at=clock(sent), occurred_at=clock("12:00")), LATER)
    lifts = [Lifting(Lift.STAFF, mark(clock(reset), event_hex("reachable", "1")))] if reset else []
    assert bounce is not None
    assert bool(rules.blocks(rules.join(GOOD, [*lifts, bounce]))) is bad


@pytest.mark.parametrize(
    ("ground", "lifts"),
    [
        (Ground.BOUNCE, {Lift.STAFF, Lift.CONSENT, Lift.PROOF}),
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


def test_start_lifts_an_unsubscribe_by_text_and_no_other() -> None:
    assert rules.lifted_by(BlockRegister(Ground.UNSUBSCRIBED, Reach.SMS)) == {Lift.CONSENT, Lift.START}
    assert rules.lifted_by(BlockRegister(Ground.UNSUBSCRIBED, Reach.PHONE)) == {Lift.CONSENT}


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


NINE, TEN, ELEVEN = (mark(clock(at), event_hex("ses", at)) for at in ("09:00", "10:00", "11:00"))
EMAIL_BOUNCE, SMS_BOUNCE = BlockRegister(Ground.BOUNCE, Reach.EMAIL), BlockRegister(Ground.BOUNCE, Reach.SMS)


def bounce(at: Mark, cause: Cause = Cause.UNKNOWN, register: BlockRegister = EMAIL_BOUNCE) -> Block:
    return Block(register, at, cause, PERMANENT, "ses")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ([], GOOD),
        ([bounce(NINE), bounce(TEN, Cause.MAILBOX_FULL)], Status((bounce(TEN, Cause.MAILBOX_FULL),))),
        # The newer event came first.
        ([bounce(TEN, Cause.MAILBOX_FULL), bounce(NINE)], Status((bounce(TEN, Cause.MAILBOX_FULL),))),
        (
            [bounce(TEN, register=SMS_BOUNCE), bounce(NINE)],
            Status((bounce(NINE), bounce(TEN, register=SMS_BOUNCE))),
        ),
        ([Lifting(Lift.STAFF, TEN), Lifting(Lift.STAFF, NINE)], Status((), {Lift.STAFF: TEN})),
        ([Lifting(Lift.STAFF, NINE), Lifting(Lift.STAFF, TEN)], Status((), {Lift.STAFF: TEN})),
        (
            [Lifting(Lift.STAFF, TEN), bounce(NINE), Lifting(Lift.CONSENT, NINE)],
            Status((bounce(NINE),), {Lift.STAFF: TEN, Lift.CONSENT: NINE}),
        ),
    ],
)
def test_each_register_keeps_its_newest(changes: list[Change], status: Status) -> None:
    assert rules.join(GOOD, changes) == status


def standing(status: Status, address: str = "ada@example.org") -> Standing:
    return Standing(Credential(CredentialKind.EMAIL, address), status, ())


BOUNCED = Status((bounce(TEN),), {Lift.STAFF: NINE, Lift.CONSENT: NINE})


def test_an_etag_is_a_short_word_in_quotes() -> None:
    """As RFC 9110 writes a strong one; of nobody's credentials too."""
    assert re.fullmatch('"[0-9a-f]{16}"', rules.etag([standing(BOUNCED)]))
    assert re.fullmatch('"[0-9a-f]{16}"', rules.etag([]))


def test_an_etag_stays_whatever_the_order_in_which_lifts_are_read() -> None:
    read_otherwise = Status((bounce(TEN),), {Lift.CONSENT: NINE, Lift.STAFF: NINE})
    assert rules.etag([standing(read_otherwise)]) == rules.etag([standing(BOUNCED)])


@pytest.mark.parametrize(
    "standings",
    [
        [],
        [standing(GOOD)],
        [standing(Status((bounce(ELEVEN),), BOUNCED.lifted))],
        [standing(Status((bounce(TEN, register=SMS_BOUNCE),), BOUNCED.lifted))],
        [standing(Status(BOUNCED.blocked, {Lift.STAFF: NINE, Lift.CONSENT: TEN}))],
        [standing(Status(BOUNCED.blocked, {Lift.STAFF: NINE}))],
        [standing(BOUNCED, "bo@example.org")],
        [standing(BOUNCED), standing(GOOD, "bo@example.org")],
    ],
)
def test_an_etag_changes_when_a_register_moves_or_a_credential_is_another(standings: list[Standing]) -> None:
    assert rules.etag(standings) != rules.etag([standing(BOUNCED)])


MARKS = st.builds(
    lambda minutes, event: mark(clock("09:00") + timedelta(minutes=minutes), event_hex("ses", str(event))),
    st.integers(0, 3),
    st.integers(0, 5),
)
TERMS = st.builds(Terms, st.integers(1, 5), st.builds(timedelta, minutes=st.integers(0, 4)))


def transient(minutes: int, event: int, reach: Reach) -> TransientBounce:
    """Events 0 and 5 are of one message, and so are 1 and 6, and so on."""
    at = mark(clock("09:00") + timedelta(minutes=minutes), event_hex("ses", str(event)))
    return TransientBounce(reach, at, f"m{event % 5}", Cause.MAILBOX_FULL, "ses")


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
    st.builds(transient, st.integers(0, 9), st.integers(0, 9), st.sampled_from(Reach)),
    st.builds(Delivery, st.sampled_from(Reach), MARKS),
)


@given(st.data(), st.lists(CHANGES, max_size=12), TERMS)
def test_any_order_and_any_repetition_give_the_same_status(
    data: st.DataObject, changes: list[Change], terms: Terms
) -> None:
    once = rules.join(Status(terms=terms), changes)
    again = data.draw(
        st.permutations(changes + data.draw(st.lists(st.sampled_from(changes)) if changes else st.just([])))
    )
    assert rules.join(Status(terms=terms), again) == once


@given(st.lists(CHANGES, max_size=8), st.lists(CHANGES, max_size=8))
def test_joining_in_parts_gives_what_joining_at_once_gives(first: list[Change], second: list[Change]) -> None:
    assert rules.join(rules.join(GOOD, first), second) == rules.join(GOOD, [*second, *first])


SETS = st.lists(
    st.builds(transient, st.integers(0, 40), st.integers(0, 40), st.just(Reach.EMAIL)), max_size=12
)


@given(SETS, SETS, SETS)
def test_the_newest_of_a_union_are_a_join(
    first: list[TransientBounce], second: list[TransientBounce], third: list[TransientBounce]
) -> None:
    """Cut short before or after, by whoever: the same few are left."""

    def both(one: Sequence[TransientBounce], other: Sequence[TransientBounce]) -> tuple[TransientBounce, ...]:
        return rules.newest_bounces([*one, *other])

    assert both(first, second) == both(second, first)
    assert both(both(first, second), third) == both(first, both(second, third))
    assert both(both(first, second), second) == both(first, second)
    assert len({bounce.message for bounce in both(first, second)}) == len(both(first, second)) <= 5


@given(st.lists(CHANGES, max_size=12), TERMS)
def test_a_lift_of_what_it_saw_opens_all_bounces_and_a_late_one_closes_nothing_again(
    changes: list[Change], terms: Terms
) -> None:
    """What a reset saw counts no more, nor what turns up later and was sent before it."""
    status = rules.join(Status(terms=terms), changes)
    seen = [block.at for block in rules.blocks(status) if block.register.ground is Ground.BOUNCE]
    after = rules.join(status, [Lifting(Lift.STAFF, max(seen, default=NINE))])
    late = [replace(bounce, message="late") for bounce in changes if isinstance(bounce, TransientBounce)]
    old = [bounce for bounce in late if bounce.at <= after.lifted[Lift.STAFF]]
    for known in (after, rules.join(after, old)):
        assert not [block for block in rules.blocks(known) if block.register.ground is Ground.BOUNCE]
