"""Whether a message can be sent as a client asks for it, and what is wrong with it where it cannot."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reachable.model.delivery_event import Channel
from reachable.model.enqueue import Reason, Wish
from reachable.model.send import Purpose
from reachable.rules import wish as rules
from tests.builders import clock

NINE = clock("09:00")
EMAIL = Wish(
    user_id="ada",
    channel=Channel.EMAIL,
    purpose=Purpose.GENERAL,
    dedup_id="trip-ada",
    text="The trip is on Friday.\nBring a hat.",
    subject="The trip",
)
SMS = replace(EMAIL, channel=Channel.SMS, subject=None)
CALL = replace(EMAIL, channel=Channel.VOICE, subject=None)


@pytest.mark.parametrize(
    "wish",
    [
        EMAIL,
        SMS,
        CALL,
        replace(EMAIL, html="<p>The trip is on Friday.</p>"),
        replace(EMAIL, html=""),
        replace(EMAIL, text="x" * 100_000, html="x" * 500_000, subject="x" * 300),
        replace(EMAIL, subject="Excursión\tel viernes 🎒"),
        replace(SMS, text="x" * 1500),
        replace(CALL, text="x" * 1500),
        replace(SMS, text="\t. "),
        replace(SMS, batch_id="x"),
        replace(SMS, batch_id="x" * 100),
        replace(SMS, batch_id="Trip_2026-09.14~a"),
        replace(SMS, batch_id="..a"),
        replace(SMS, batch_id="a.."),
    ],
)
def test_what_can_be_sent_is_not_refused(wish: Wish) -> None:
    assert rules.refusal(wish, NINE) is None


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (replace(EMAIL, text=""), Reason.NO_TEXT),
        (replace(SMS, text=" \n\u00a0"), Reason.NO_TEXT),
        (replace(EMAIL, text="", html="<p>The trip is on Friday.</p>"), Reason.NO_TEXT),
        (replace(SMS, batch_id=""), Reason.INVALID_BATCH_ID),
        (replace(SMS, batch_id="x" * 101), Reason.INVALID_BATCH_ID),
        (replace(SMS, batch_id="."), Reason.INVALID_BATCH_ID),
        (replace(SMS, batch_id=".."), Reason.INVALID_BATCH_ID),  # a browser takes it for a way up
        (replace(SMS, batch_id="a/b"), Reason.INVALID_BATCH_ID),
        (replace(SMS, batch_id="a b"), Reason.INVALID_BATCH_ID),
        (replace(SMS, batch_id="año"), Reason.INVALID_BATCH_ID),
        (replace(SMS, batch_id="a\n"), Reason.INVALID_BATCH_ID),
        (replace(SMS, text="a\x00b"), Reason.INVALID_CHARACTERS),
        (replace(SMS, text="half of one: \ud83c"), Reason.INVALID_CHARACTERS),
        (replace(EMAIL, subject="a\udfffb"), Reason.INVALID_CHARACTERS),
        (replace(EMAIL, html="<p>\x00</p>"), Reason.INVALID_CHARACTERS),
        (replace(EMAIL, subject=None), Reason.NO_SUBJECT),
        (replace(EMAIL, subject=""), Reason.NO_SUBJECT),
        (replace(EMAIL, subject="x" * 301), Reason.INVALID_SUBJECT),
        (replace(EMAIL, text="x" * 100_001), Reason.TOO_LONG),
        (replace(EMAIL, html="x" * 500_001), Reason.TOO_LONG),
        (replace(SMS, text="x" * 1501), Reason.TOO_LONG),
        (replace(CALL, text="x" * 1501), Reason.TOO_LONG),
        (replace(SMS, subject="The trip"), Reason.ONLY_FOR_EMAIL),
        (replace(SMS, subject=""), Reason.ONLY_FOR_EMAIL),
        (replace(CALL, html="<p>The trip is on Friday.</p>"), Reason.ONLY_FOR_EMAIL),
    ],
)
def test_what_cannot_be_sent_is_told_by_its_fault(wish: Wish, reason: Reason) -> None:
    assert rules.refusal(wish, NINE) is reason


@pytest.mark.parametrize(
    "end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
)
def test_a_subject_is_one_line_so_that_nobody_writes_a_header_of_their_own(end: str) -> None:
    told = replace(EMAIL, subject=f"The trip{end}Bcc: eve@example.org")
    assert rules.refusal(told, NINE) is Reason.INVALID_SUBJECT


@pytest.mark.parametrize(
    ("expires_in", "reason"),
    [
        (timedelta(days=30), None),
        (timedelta(days=30, seconds=1), Reason.EXPIRES_TOO_LATE),
        (timedelta(days=-1), None),  # it is dropped when its turn comes; its repeat must not be refused
    ],
)
def test_a_message_expires_within_the_time_for_which_a_parked_one_is_kept(
    expires_in: timedelta, reason: Reason | None
) -> None:
    assert rules.refusal(replace(EMAIL, expires_at=NINE + expires_in), NINE) is reason


def test_all_is_no_name_for_a_batch() -> None:
    assert rules.refusal(replace(EMAIL, batch_id="all"), NINE) is Reason.INVALID_BATCH_ID
