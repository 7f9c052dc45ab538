"""Transient bounces that are counted: how many block, what begins the count anew, what is shown (option)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence, event_hex
from reachable.model.history import Standing
from reachable.model.message import Message, MessageStatus, Moved
from reachable.model.people import Holder
from reachable.model.send import Purpose
from reachable.model.status import (
    LOWEST_HEX,
    Block,
    BlockRegister,
    Change,
    Delivery,
    Ground,
    Lift,
    Lifting,
    Reach,
    Status,
    Terms,
    TransientBounce,
    mark,
)
from reachable.rules import event as event_rules
from reachable.rules import history as history_rules
from reachable.rules import reset as reset_rules
from reachable.rules import status as rules
from reachable.rules.event import UNKNOWN, Known
from tests.builders import DAY, change_by, clock, delivery_event, text_event

THREE = Terms(limit=3, window=timedelta(days=30))
TRANSIENT, PERMANENT = Permanence.TRANSIENT, Permanence.PERMANENT
LATER = clock("23:00")
EMAIL = CredentialKind.EMAIL


def bounce(day: float, message: str | None = None, reach: Reach = Reach.EMAIL) -> TransientBounce:
    """A full mailbox, of a message of its own, sent so many days after the first."""
    event = event_hex("ses", f"{day} {message}")
    at = mark(DAY + timedelta(days=day), event)
    return TransientBounce(reach, at, message or event[:8], Cause.MAILBOX_FULL, "ses")


def delivery(day: float, reach: Reach = Reach.EMAIL) -> Delivery:
    return Delivery(reach, mark(DAY + timedelta(days=day), LOWEST_HEX))


def reset(day: float, by: Lift = Lift.STAFF) -> Lifting:
    return Lifting(by, mark(DAY + timedelta(days=day), LOWEST_HEX))


def status(*changes: Change, terms: Terms = THREE) -> Status:
    return rules.join(Status(terms=terms), changes)


@pytest.mark.parametrize(
    ("changes", "bad"),
    [
        ([], False),
        ([bounce(0), bounce(1)], False),
        ([bounce(0), bounce(1), bounce(2)], True),
        ([bounce(2), bounce(0), bounce(1)], True),
        # Several events of one message are one.
        ([bounce(0, "a"), bounce(0.1, "a"), bounce(0.2, "a"), bounce(1)], False),
        # The window is that of the messages, to the microsecond.
        ([bounce(0), bounce(1), bounce(30)], True),
        ([bounce(0), bounce(1), bounce(30.1)], False),
        # A seldom one after them opens nothing.
        ([bounce(0), bounce(1), bounce(2), bounce(90)], True),
        # What arrived begins the count anew, and what was sent before tells nothing.
        ([bounce(0), bounce(1), delivery(1.5), bounce(2)], False),
        ([bounce(0), bounce(1), bounce(2), delivery(3)], False),
        ([delivery(-1), bounce(0), bounce(1), bounce(2)], True),
        ([bounce(0), bounce(1), bounce(2), delivery(3, Reach.SMS)], True),
        # The same message arrived and then bounced after all.
        ([delivery(0), bounce(0), bounce(1), bounce(2)], True),
        # So does a reset.
        ([bounce(0), bounce(1), bounce(2), reset(3)], False),
        ([bounce(0), bounce(1), bounce(2), reset(3, Lift.CONSENT)], False),
        ([bounce(0), bounce(1), reset(1.5), bounce(2)], False),
        ([bounce(0), bounce(1), bounce(2), reset(3, Lift.PROOF)], False),
        ([bounce(0), bounce(1), reset(1.5, Lift.PROOF), bounce(2)], False),
        ([bounce(0), reset(0.5), bounce(1), bounce(2), bounce(3)], True),
        ([bounce(0), bounce(1), bounce(2), reset(3, Lift.START)], True),
        ([bounce(0), bounce(1), bounce(2), reset(3, Lift.RELEASE)], True),
    ],
)
def test_so_many_messages_within_the_window_block(changes: list[Change], *, bad: bool) -> None:
    assert bool(rules.blocks(status(*changes))) is bad
    assert rules.open_channels(EMAIL, status(*changes)) == (() if bad else (Channel.EMAIL,))


@pytest.mark.parametrize(("limit", "bad"), [(1, True), (2, True), (3, True), (4, True), (5, False)])
def test_another_limit_reads_the_same_bounces_otherwise(limit: int, *, bad: bool) -> None:
    four = [bounce(day) for day in range(4)]
    assert bool(rules.blocks(status(*four, terms=Terms(limit)))) is bad


def test_it_is_the_block_that_the_newest_of_them_would_be() -> None:
    newest = bounce(2)
    assert rules.blocks(status(newest, bounce(0), bounce(1))) == [
        Block(
            BlockRegister(Ground.BOUNCE, Reach.EMAIL),
            newest.at,
            Cause.MAILBOX_FULL,
            Permanence.TRANSIENT,
            "ses",
        )
    ]


def test_a_permanent_bounce_blocks_at_once_and_the_newer_of_both_is_told() -> None:
    dead = Block(
        BlockRegister(Ground.BOUNCE, Reach.EMAIL),
        mark(DAY + timedelta(days=1.5), LOWEST_HEX),
        Cause.INVALID_ADDRESS,
        PERMANENT,
        "ses",
    )
    assert rules.blocks(status(dead)) == [dead]
    assert rules.blocks(status(dead, bounce(0), bounce(1))) == [dead]
    assert rules.blocks(status(dead, bounce(0), bounce(1), bounce(2))) == [bounce(2).block]
    assert rules.blocks(status(dead, bounce(-1), bounce(0), bounce(1))) == [dead]


def test_a_number_is_given_up_whole_until_a_text_or_a_call_arrives() -> None:
    gone = [bounce(day, reach=Reach.PHONE) for day in range(3)]
    assert rules.open_channels(CredentialKind.PHONE, status(*gone)) == ()
    for reach in (Reach.SMS, Reach.VOICE):
        assert not rules.blocks(status(*gone, delivery(3, reach)))


def test_texts_are_counted_apart_from_calls() -> None:
    mixed = [bounce(0, reach=Reach.SMS), bounce(1, reach=Reach.VOICE), bounce(2, reach=Reach.SMS)]
    assert not rules.blocks(status(*mixed))
    closed = status(*mixed, bounce(3, reach=Reach.SMS))
    assert rules.open_channels(CredentialKind.PHONE, closed) == (Channel.VOICE,)


def test_what_a_reset_has_ended_is_still_known_with_what_ended_it() -> None:
    lifted = status(bounce(0), bounce(1), bounce(2), reset(3), bounce(4))
    assert rules.blocks(lifted) == []
    assert rules.all_blocks(lifted) == [bounce(2).block]
    assert rules.lift_of(bounce(2).block, lifted) == reset(3)


def test_a_reset_covers_all_that_it_saw_and_counts_anew() -> None:
    closed = status(bounce(0), bounce(1), bounce(2))
    decision = reset_rules.decide(EMAIL, closed, DAY + timedelta(days=5), consent=False)
    assert decision.lifting == reset(5)
    after = rules.join(closed, [reset(5)])
    # A message of before the reset bounces late; then one of after it.
    assert not rules.blocks(rules.join(after, [bounce(4), bounce(4.5), bounce(4.6), bounce(6)]))
    assert rules.blocks(rules.join(after, [bounce(6), bounce(7), bounce(8)]))


def test_a_reset_of_what_blocks_nothing_yet_writes_nothing() -> None:
    decision = reset_rules.decide(EMAIL, status(bounce(0), bounce(1)), LATER, consent=False)
    assert decision == reset_rules.Decision(reset_rules.ResetOutcome.ALREADY_GOOD)


def etag(*changes: Change) -> str:
    return rules.etag([Standing(Credential(EMAIL, "ada@example.org"), status(*changes), ())])


def test_an_etag_changes_with_what_blocks_and_with_nothing_else_that_is_counted() -> None:
    assert etag(bounce(0), bounce(1)) == etag(bounce(0), delivery(1)) == etag()
    closed = etag(bounce(0), bounce(1), bounce(2))
    assert closed not in {etag(), etag(bounce(0), bounce(1), bounce(2), bounce(3))}
    assert etag(bounce(0), bounce(1), bounce(2), delivery(3)) == etag()


def test_of_another_s_time_no_bounce_counts_against_who_had_it_before() -> None:
    """A former address is shown as it was while they had it."""
    holder = Holder(
        user_id="ada", sourced_id="ada", name="Ada Reyes", language="en", schools=(), since=DAY - timedelta(9)
    )
    gone = replace_until(holder, 1.5)
    standing = Standing(
        Credential(EMAIL, "ada@example.org"), status(bounce(0), bounce(1), bounce(2)), (gone,)
    )
    assert rules.blocks(standing.status)
    assert not rules.blocks(history_rules.status_of_user("ada", standing))


def replace_until(holder: Holder, day: float) -> Holder:
    return replace(holder, until=DAY + timedelta(days=day))


# What an event moves


FULL = {"permanence": TRANSIENT, "cause": Cause.MAILBOX_FULL}


@pytest.mark.parametrize(
    ("event", "moves"),
    [
        (delivery_event(**FULL), "transient@email"),
        (delivery_event(**FULL, kind=Kind.FAILED), "transient@email"),
        (text_event(permanence=TRANSIENT, cause=Cause.INACTIVE_OR_UNREACHABLE), "transient@sms"),
        (text_event(permanence=TRANSIENT, cause=Cause.INVALID_ADDRESS), "transient@phone"),
        (delivery_event(permanence=Permanence.UNDETERMINED, cause=Cause.UNKNOWN), "bounce@email"),
        (delivery_event(permanence=None, cause=Cause.UNKNOWN), "bounce@email"),
        (delivery_event(), "bounce@email"),
        (delivery_event(permanence=TRANSIENT, cause=Cause.PROVIDER_SUPPRESSED), "suppressed@email"),
        (
            delivery_event(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, permanence=TRANSIENT),
            "complaint@email",
        ),
        # An out-of-office answer is no bounce.
        (delivery_event(permanence=TRANSIENT, cause=Cause.UNKNOWN), None),
    ],
)
def test_only_a_bounce_that_passes_is_counted(event: Any, moves: str | None) -> None:
    effect = event_rules.decide(event_rules.received(event, None, LATER), UNKNOWN, THREE)
    assert effect.history is not None
    assert effect.history.moves == moves
    assert effect.delivery is None


def test_a_history_item_tells_the_bounce_that_it_counts_as() -> None:
    event = delivery_event(**FULL, provider_message_id="<0100-1@email.amazonses.com>", event_id="e")
    assert change_by(event, LATER, terms=THREE) == TransientBounce(
        Reach.EMAIL, mark(clock("09:00"), event_hex("ses", "e")), "35d0784b", Cause.MAILBOX_FULL, "ses"
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"provider_message_id": "m1"}, {"provider_message_id": "m1"}, True),
        ({"provider_message_id": "m1"}, {"provider_message_id": "<m1@eu.amazonses.com>"}, True),
        ({"provider_message_id": "m1"}, {"provider_message_id": "m2"}, False),
        ({"provider_message_id": "m1"}, {"provider_message_id": "m1", "provider": "resend"}, False),
        # Without an id every event is a message of its own.
        ({"provider_message_id": None}, {"provider_message_id": None}, False),
    ],
)
def test_events_of_one_message_are_known_by_its_provider_s_id(
    one: dict[str, Any], other: dict[str, Any], *, same: bool
) -> None:
    bounces = [
        change_by(delivery_event(**FULL, event_id=id_, **event), LATER, terms=THREE)
        for id_, event in (("1", one), ("2", other))
    ]
    first, second = (bounce for bounce in bounces if isinstance(bounce, TransientBounce))
    assert (first.message == second.message) is same


def test_what_tells_no_cause_counts_for_an_unknown_one() -> None:
    event = delivery_event(permanence=TRANSIENT, cause=None, kind=Kind.FAILED)
    counted = change_by(event, LATER, terms=THREE)
    assert isinstance(counted, TransientBounce)
    assert counted.cause is Cause.UNKNOWN


def delivered(terms: Terms = THREE, known: Known = UNKNOWN, **changes: Any) -> Delivery | None:
    event = delivery_event(kind=Kind.DELIVERED, permanence=None, cause=None, **changes)
    return event_rules.decide(event_rules.received(event, None, LATER), known, terms).delivery


def test_a_delivery_counts_from_when_its_message_was_sent() -> None:
    """As bounces do: both are compared by the order in which the messages went."""
    assert delivered(occurred_at=clock("12:00")) == Delivery(Reach.EMAIL, mark(clock("09:00"), LOWEST_HEX))
    text = delivered(channel=Channel.SMS, address="+12025550123")
    assert text == Delivery(Reach.SMS, mark(clock("09:00"), LOWEST_HEX))


@pytest.mark.parametrize(("dispatched", "at"), [(True, "08:00"), (False, None)])
def test_whose_send_time_the_event_does_not_tell_counts_where_dispatch_sent_it(
    dispatched: bool, at: str | None
) -> None:
    """Another system's may be told of before or after: it must count from one time, or never."""
    status = MessageStatus.SENDING if dispatched else MessageStatus.SENT
    message = Message(
        id="m1",
        user_id="u1",
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        queued_at=clock("08:00"),
        at={status: clock("08:00")},
    )
    known = Known(Moved(message, had_bounced=False), sent_at=clock("08:00"))
    counted = delivered(known=known, sent_at=None, occurred_at=clock("12:00"))
    assert counted == (at and Delivery(Reach.EMAIL, mark(clock(at), LOWEST_HEX)))


def test_nothing_is_kept_of_a_delivery_where_nothing_is_counted() -> None:
    assert delivered(Terms()) is None


def test_what_an_account_s_own_message_is_another_account_does_not_say() -> None:
    told = delivery_event(**FULL, provider_message_id="m1")
    marks = {
        account: event_rules.decide(event_rules.received(told, account, LATER), UNKNOWN, THREE).history
        for account in ("north", "south")
    }
    messages = {rules.change_of(item) for item in marks.values() if item is not None}
    assert len({bounce.message for bounce in messages if isinstance(bounce, TransientBounce)}) == 2
