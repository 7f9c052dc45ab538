"""The event bus, attacked: what an event's id gives away, and two events under one id."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import pytest

from functions.reactions.app import handler as reactions
from reachable import aws
from reachable.model.bus_event import BusEvent, MessageMoved, StatusMoved
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, event_hex
from reachable.model.errors import RecipientRefused
from reachable.model.message import Message, MessageStatus
from reachable.model.send import Purpose
from reachable.model.status import (
    GOOD,
    Block,
    BlockRegister,
    Delivery,
    Reach,
    Status,
    Terms,
    TransientBounce,
    mark,
)
from reachable.model.upstream import Account, Listing, ListReason
from reachable.rules import announcements, taking_over
from reachable.rules import status as status_rules
from tests.builders import clock
from tests.functions import wire
from tests.functions.conftest import at_nine, bus
from tests.functions.district import ADA, CONTEXT
from tests.functions.streams import moved
from tests.functions.test_messages import Provider, deliver, post, queued

__all__ = ["at_nine", "bus"]

PHONE: Final = Credential(CredentialKind.PHONE, "+12025550123")
EMAIL: Final = Credential(CredentialKind.EMAIL, "ada@example.org")
WRITTEN: Final = clock("09:02")


def told(before: Status, after: Status, credential: Credential) -> BusEvent:
    announced = announcements.of_status(StatusMoved(credential, before, after, WRITTEN))
    assert announced is not None
    return announcements.of_credential(announced, [], key=b"key", with_address=False)


def guessed(event: BusEvent, hex_of_number: Any, register: str) -> str | None:
    """What a reader of the bus works out of an event: each number of an exchange is tried."""
    [block] = event.detail["blocks"]
    since = datetime.fromisoformat(block["since"])
    for last in range(10_000):
        number = f"+1202555{last:04}"
        name = f"{register}={mark(since, hex_of_number(number))}"
        id_ = sha256("\n".join([event.type, f"phone:{number}", name]).encode()).hexdigest()[:32]
        if id_ == event.detail["id"]:
            return number
    return None


def test_no_number_can_be_worked_out_of_the_id_of_what_was_taken_over() -> None:
    account = Account("twilio")
    listing = Listing(address=PHONE.address, reason=ListReason.OPT_OUT, since=clock("08:00"))

    def item(number: str) -> Any:
        event = taking_over.event_of(account, Channel.SMS, number, replace(listing, address=number), None)
        return taking_over.history_item(event, account, "maria", clock("09:00"), GOOD)

    kept = item(PHONE.address)
    block = Block(BlockRegister.of_name(kept.moves), kept.mark, Cause.OPT_OUT, None, "twilio")
    event = told(GOOD, Status((block,)), PHONE)
    assert guessed(event, lambda number: item(number).hex, kept.moves) is None


def test_no_number_can_be_worked_out_of_the_id_of_a_refused_send() -> None:
    message_id = "0b0c8a4e-7a3b-5f3c-9a55-3a4f6b1c2d3e_20260914T090000000_0123456789ab"
    hex_ = event_hex("aws_sms", f"{message_id}:refused")
    block = Block(
        BlockRegister.of_name("opt_out@sms"), mark(clock("09:00"), hex_), Cause.OPT_OUT, None, "aws_sms"
    )
    event = told(GOOD, Status((block,)), PHONE)
    told_of_message = announcements.of_message(
        MessageMoved(
            None,
            Message(
                id=message_id,
                user_id=message_id[:36],
                channel=Channel.SMS,
                purpose=Purpose.GENERAL,
                queued_at=clock("09:00"),
                provider="aws_sms",
                at={MessageStatus.REJECTED: clock("09:00")},
            ),
            WRITTEN,
        )
    )
    assert told_of_message is not None
    known = told_of_message.detail["message_id"]
    assert guessed(event, lambda _: event_hex("aws_sms", f"{known}:refused"), "opt_out@sms") is None


def bounce(message: str, at: str) -> TransientBounce:
    return TransientBounce(
        Reach.EMAIL, mark(clock(at), event_hex("ses", message)), message, Cause.MAILBOX_FULL, "ses"
    )


def course(*changes: Any, limit: int = 2) -> list[BusEvent]:
    """What is told as these changes are written one after the other."""
    now = replace(GOOD, terms=Terms(limit, timedelta(days=30)))
    events = []
    for change in changes:
        after = status_rules.join(now, [change])
        announced = announcements.of_status(StatusMoved(EMAIL, now, after, WRITTEN))
        if announced is not None:
            events.append(announcements.of_credential(announced, [], key=b"key", with_address=False))
        now = after
    return events


def arrived(at: str) -> Delivery:
    return Delivery(Reach.EMAIL, mark(clock(at), event_hex("ses", f"d{at}")))


def test_what_goes_bad_again_is_another_event() -> None:
    events = course(bounce("m5", "05:00"), bounce("m8", "08:00"), arrived("06:00"), bounce("m7", "07:00"))
    assert [event.detail["status"] for event in events] == ["bad", "good", "bad"]
    assert len({event.id for event in events}) == 3


def test_what_a_second_delivery_opens_is_another_event() -> None:
    events = course(
        bounce("m5", "05:00"),
        bounce("m8", "08:00"),
        arrived("06:00"),
        bounce("m7", "07:00"),
        arrived("07:30"),
    )
    assert [event.detail["status"] for event in events] == ["bad", "good", "bad", "good"]
    assert events[1].id != events[3].id


@pytest.mark.usefixtures("at_nine", "bus")
def test_the_bus_tells_no_number_to_who_reads_it(provider: Provider) -> None:
    provider.fails(RecipientRefused(Cause.OPT_OUT, None, "x"))
    with moved() as credentials, moved("messages") as messages:
        [queued_] = post({"user_id": ADA.id, "channel": "sms", "text": "Hello", "dedup_id": "d1"}).body[
            "results"
        ]
        assert queued_["outcome"] == "queued"
        deliver(*queued())
    with wire.overheard(aws.client("events"), "PutEvents") as asked:
        reactions({"Records": [*messages, *credentials]}, CONTEXT)
    entries = [entry for one in asked for entry in one["Entries"]]
    [bad] = [json.loads(e["Detail"]) for e in entries if e["DetailType"] == "Credential Marked Bad"]
    [message] = [json.loads(e["Detail"]) for e in entries if e["DetailType"] == "Message Status Changed"]
    assert PHONE.address not in json.dumps(entries, default=str)
    [block] = bad["blocks"]
    since = mark(
        datetime.fromisoformat(block["since"]),
        event_hex(block["provider"], f"{message['message_id']}:refused"),
    )
    numbers = [f"+1202555{last:04}" for last in range(10_000)]
    found = [
        number
        for number in numbers
        if bad["id"]
        == sha256(f"Credential Marked Bad\nphone:{number}\nopt_out@sms={since}".encode()).hexdigest()[:32]
    ]
    assert found == []
