"""A message's id, which leads to its record by itself, and which of its statuses counts."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from reachable.model.delivery_event import Channel
from reachable.model.message import Message, MessageStatus, message_id, read_message_id
from reachable.model.send import Purpose
from tests.builders import clock

USER = "6f1c0a52-1111-5222-8333-444455556666"
ADDRESS = "55a7f42158ed6c6b99f7bb7bd791e6a4"
AT = clock("08:30:04.501")
ID = f"{USER}_20260914T083004501_a7b08004e852"

QUEUED, HELD, BLOCKED, SENDING, UNCERTAIN, SENT, DELAYED, DELIVERED, FAILED, BOUNCED, COMPLAINED = (
    MessageStatus.QUEUED,
    MessageStatus.HELD,
    MessageStatus.BLOCKED,
    MessageStatus.SENDING,
    MessageStatus.UNCERTAIN,
    MessageStatus.SENT,
    MessageStatus.DELAYED,
    MessageStatus.DELIVERED,
    MessageStatus.FAILED,
    MessageStatus.BOUNCED,
    MessageStatus.COMPLAINED,
)


@pytest.mark.parametrize(
    "at",
    [
        AT,
        AT + timedelta(microseconds=999),  # the same millisecond
        datetime(2026, 9, 14, 3, 30, 4, 501000, timezone(timedelta(hours=-5))),
    ],
)
def test_the_same_owner_millisecond_and_seed_give_the_same_id(at: datetime) -> None:
    assert message_id(USER, at, "welcome") == ID


@pytest.mark.parametrize(
    ("owner", "at", "seed"),
    [
        (ADDRESS, AT, "welcome"),
        (USER, AT + timedelta(milliseconds=1), "welcome"),
        (USER, AT, "reminder"),
        (USER, AT, "\ud800"),  # half a character, which a client's JSON may hold
    ],
)
def test_another_owner_millisecond_or_seed_gives_another_id(owner: str, at: datetime, seed: str) -> None:
    assert message_id(owner, at, seed) != ID


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (ID, (USER, datetime(2026, 9, 14, 8, 30, 4, 501000, UTC))),
        (
            f"{ADDRESS}_00010101T000000000_a7b08004e852",
            (ADDRESS, datetime(1, 1, 1, tzinfo=UTC)),
        ),
        ("", None),
        ("0100018f-ses-id@email.amazonses.com", None),
        (f"{ID}\n", None),
        (f" {ID}", None),
        (ID.upper(), None),
        (f"{USER}_20260230T083004501_a7b08004e852", None),  # no day
        (f"{USER}_20260914T243004501_a7b08004e852", None),  # no hour
        (f"{USER}_٢٠٢٦0914T083004501_a7b08004e852", None),  # noqa: RUF001 - digits, and none of ours
        (f"{USER}_20260914T083004501_a7b08004e85", None),
        (f"{ADDRESS}4_20260914T083004501_a7b08004e852", None),
    ],
)
def test_an_id_of_ours_tells_owner_and_time_and_no_other_text_does(
    text: str, read: tuple[str, datetime] | None
) -> None:
    assert read_message_id(text) == read


def message(*came_to: MessageStatus, **reasons: str) -> Message:
    """A message that came to these statuses, a minute after each other from 09:00."""
    return Message(
        id=ID,
        user_id=USER,
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        queued_at=AT,
        at={status: clock(f"09:0{minute}") for minute, status in enumerate(came_to)},
        reasons={MessageStatus(status): reason for status, reason in reasons.items()},
    )


@pytest.mark.parametrize(
    ("came_to", "status"),
    [
        ((), QUEUED),
        ((QUEUED, HELD), HELD),
        ((QUEUED, HELD, BLOCKED), BLOCKED),
        ((QUEUED, SENDING), SENDING),
        ((SENDING, UNCERTAIN), UNCERTAIN),
        ((SENDING, UNCERTAIN, SENT), SENT),
        ((SENT, DELAYED, DELIVERED), DELIVERED),
        ((DELIVERED, SENT), DELIVERED),  # the events came in another order
        ((DELIVERED, DELAYED), DELIVERED),
        ((SENT, FAILED), FAILED),
        ((DELIVERED, BOUNCED), BOUNCED),  # taken, and sent back
        ((COMPLAINED, DELIVERED), COMPLAINED),
    ],
)
def test_the_highest_status_counts_whichever_came_first(
    came_to: tuple[MessageStatus, ...], status: MessageStatus
) -> None:
    assert message(*came_to).status is status


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (message(SENT, BOUNCED, bounced="mailbox_full"), "mailbox_full"),
        (message(DELAYED, BOUNCED, delayed="unknown", bounced="mailbox_full"), "mailbox_full"),
        (message(DELAYED, DELIVERED, delayed="unknown"), None),
        (message(), None),
    ],
)
def test_the_reason_is_that_of_the_status_that_counts(told: Message, reason: str | None) -> None:
    assert told.reason == reason


@pytest.mark.parametrize(
    ("told", "dispatched", "sent_at"),
    [
        (message(QUEUED), False, None),
        (message(QUEUED, BLOCKED), False, None),
        (message(QUEUED, SENDING), True, clock("09:01")),
        (message(QUEUED, SENDING, SENT), True, clock("09:01")),  # our own clock, not the provider's
        (message(SENT, DELIVERED), False, clock("09:00")),  # another system's
    ],
)
def test_what_dispatch_claimed_it_sent(told: Message, dispatched: bool, sent_at: datetime | None) -> None:
    assert (told.dispatched, told.sent_at) == (dispatched, sent_at)
