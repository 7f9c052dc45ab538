"""What today's tables make of what a line of the history was made of."""

from dataclasses import replace
from typing import Any, Final

import pytest

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence, event_hex
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.status import mark
from reachable.rules import replay
from reachable.rules.event import ReceivedEvent, received
from reachable.rules.replay import Verdict
from tests.builders import clock, delivery_event, text_event

ADA: Final = Credential.of_key("email:ada@example.org")
PHONE: Final = Credential.of_key("phone:+12025550123")
HEX: Final = event_hex("ses", "1")


def line(**changes: Any) -> HistoryItem:
    told: dict[str, Any] = {
        "hex": HEX,
        "kind": HistoryKind.BOUNCED,
        "provider": "ses",
        "occurred_at": clock("09:00"),
        "received_at": clock("09:00"),
        "mark": mark(clock("09:00"), HEX),
        "cause": Cause.INVALID_ADDRESS,
        "moves": "bounce@email",
        "raw": "raw/2026/09/14/1.jsonl",
    }
    return HistoryItem(**told | changes)


def read(*events: DeliveryEvent) -> list[ReceivedEvent]:
    return [received(event, None, clock("09:00")) for event in events]


DELAYED: Final = delivery_event(kind=Kind.DELAYED, permanence=None, cause=None)
OF_THE_SENDER: Final = delivery_event(cause=Cause.CONTENT_OR_SIZE)


@pytest.mark.parametrize(
    ("today", "verdict"),
    [
        ([delivery_event()], Verdict.SAME),
        ([delivery_event(cause=Cause.MAILBOX_FULL, permanence=Permanence.TRANSIENT)], Verdict.SAME),
        ([DELAYED], Verdict.FREE),
        ([OF_THE_SENDER], Verdict.FREE),
        ([], Verdict.FREE),
        ([delivery_event(kind=Kind.COMPLAINED, permanence=None, cause=Cause.COMPLAINT)], Verdict.OTHERWISE),
        # By its name, whatever its neighbours say.
        ([DELAYED, delivery_event(event_id="2")], Verdict.FREE),
        ([delivery_event(address="dennis@example.org")], Verdict.OTHERWISE),
        # By another name: of the same credential, or of the same message.
        ([delivery_event(event_id="new")], Verdict.SAME),
        ([replace(DELAYED, event_id="new")], Verdict.FREE),
        ([delivery_event(event_id="new", address="dennis@example.org")], Verdict.FREE),
        (
            [delivery_event(event_id="new", address="dennis@example.org", provider_message_id="m")],
            Verdict.OTHERWISE,
        ),
    ],
)
def test_what_today_s_tables_do_not_close_is_free(today: list[DeliveryEvent], verdict: Verdict) -> None:
    assert replay.verdict(ADA, line(provider_message_id="m"), read(*today)) is verdict


def test_a_number_of_which_they_close_less_is_not_free() -> None:
    whole = line(provider="twilio", hex=event_hex("twilio", "1"), moves="bounce@phone")
    landline = text_event(cause=Cause.LANDLINE_OR_INCAPABLE)
    assert replay.verdict(PHONE, whole, read(landline)) is Verdict.OTHERWISE
    assert replay.verdict(PHONE, whole, read(text_event())) is Verdict.SAME


def test_a_transient_bounce_that_counts_is_what_one_that_blocks_at_once_is() -> None:
    counted = line(moves="transient@email", permanence=Permanence.TRANSIENT)
    assert replay.verdict(ADA, counted, read(delivery_event())) is Verdict.SAME
    assert replay.verdict(ADA, counted, read(DELAYED)) is Verdict.FREE


@pytest.mark.parametrize(
    ("changes", "is_one"),
    [
        ({}, True),
        ({"moves": "transient@email"}, True),
        ({"moves": "suppressed@email"}, True),
        ({"raw": None}, False),
        ({"moves": None}, False),
        ({"moves": "lift.staff"}, False),
        ({"moves": "complaint@email"}, False),
        ({"moves": "opt_out@sms", "channel": Channel.SMS}, False),
    ],
)
def test_a_line_is_compared_that_closes_came_by_a_dialect_and_is_staff_s_to_lift(
    changes: dict[str, Any], is_one: bool
) -> None:
    assert replay.is_of_a_table(line(**changes)) is is_one
