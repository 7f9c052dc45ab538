"""Which part of a shared or passed-on credential's history is whose."""

from dataclasses import replace
from datetime import datetime

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import event_hex
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.people import Holder
from reachable.model.status import GOOD, mark
from reachable.rules import history
from reachable.rules import status as rules
from tests.builders import change_by, clock, text_event


def item(at: str) -> HistoryItem:
    hex_ = event_hex("ses", at)
    return HistoryItem(
        hex=hex_,
        kind=HistoryKind.BOUNCED,
        provider="ses",
        occurred_at=clock(at),
        received_at=clock(at),
        mark=mark(clock(at), hex_),
    )


def holder(user_id: str, since: str, until: str | None = None) -> Holder:
    ended: datetime | None = clock(until) if until else None
    return Holder(
        user_id=user_id,
        sourced_id=user_id,
        name="",
        language="en",
        schools=(),
        since=clock(since),
        until=ended,
    )


def standing(*holders: Holder) -> Standing:
    return Standing(Credential(CredentialKind.PHONE, "+12025550123"), GOOD, holders)


ALL = [item("12:00"), item("10:00"), item("08:00")]


@pytest.mark.parametrize(
    ("holders", "seen"),
    [
        ((holder("ada", "09:00"),), ALL),  # nobody else can be meant by what came before
        ((holder("ada", "09:00"), holder("bo", "09:00")), ALL),
        ((holder("ada", "11:00"), holder("bo", "09:00", "11:00")), ALL[:1]),
        ((holder("ada", "09:00", "11:00"), holder("bo", "11:00")), ALL[1:]),
        ((holder("bo", "09:00"),), []),
    ],
)
def test_a_user_sees_what_occurred_while_they_held_it(
    holders: tuple[Holder, ...], seen: list[HistoryItem]
) -> None:
    assert history.of_user(ALL, "ada", standing(*holders)) == seen


@pytest.mark.parametrize(
    ("holders", "since"),
    [
        ((holder("ada", "09:00"),), None),
        ((holder("ada", "09:00"), holder("bo", "09:00")), None),
        ((holder("ada", "09:00"), holder("bo", "11:00")), None),
        ((holder("ada", "11:00"), holder("bo", "09:00")), "11:00"),
        ((holder("ada", "11:00"), holder("bo", "09:00", "10:00")), "11:00"),
        ((holder("bo", "09:00"),), None),  # the index has not told of ada yet
    ],
)
def test_history_is_the_first_holder_s_from_its_beginning_and_another_s_from_when_they_got_it(
    holders: tuple[Holder, ...], since: str | None
) -> None:
    assert history.held_from("ada", standing(*holders)) == (clock(since) if since else None)


def test_a_user_s_status_has_the_blocks_of_the_time_in_which_they_held_it() -> None:
    block = change_by(text_event(sent_at=clock("10:00")), clock("12:00"))
    assert block is not None
    status = rules.join(GOOD, [block])
    left_before = replace(standing(holder("ada", "08:00", "09:00"), holder("bo", "09:00")), status=status)
    assert history.status_of_user("ada", left_before) == GOOD
    left_after = replace(standing(holder("ada", "08:00", "11:00"), holder("bo", "11:00")), status=status)
    assert history.status_of_user("ada", left_after) == status
