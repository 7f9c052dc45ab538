"""Whose a message is that another system sent, and the record that we make of it."""

import pytest

from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.message import Message, MessageStatus, Pointer
from reachable.model.people import Holder
from reachable.model.send import Purpose
from reachable.rules import foreign
from tests.builders import clock

ADA = "3a0ad5a5-3f9e-5cf1-8d2b-0a6f3a1a52b1"
BO = "7d5f0c3e-91a4-5b0a-9f6e-5d1f6a2c8e44"
PHONE = Credential.of_key("phone:+12025550123")


def holder(user_id: str) -> Holder:
    return Holder(user_id=user_id, sourced_id="", name="", language="en", schools=(), since=clock("06:00"))


def recorded(*held_by: str, tag: str | None = None, account: str | None = None) -> Message | None:
    pointer = Pointer("twilio", account, "SM1", PHONE)
    return foreign.message(pointer, Channel.SMS, clock("09:00"), [holder(id_) for id_ in held_by], tag)


def test_the_record_is_whole() -> None:
    assert recorded(ADA) == Message(
        id=f"{ADA}_20260914T090000000_94d92eec79d9",
        user_id=ADA,
        channel=Channel.SMS,
        purpose=Purpose.GENERAL,
        queued_at=clock("09:00"),
        credential=PHONE,
        provider="twilio",
        provider_message_id="SM1",
        at={MessageStatus.SENT: clock("09:00")},
    )


@pytest.mark.parametrize(
    ("held_by", "tag", "owner"),
    [
        ((ADA,), None, ADA),
        ((ADA,), BO, ADA),  # a tag never turns it to somebody who does not hold the address
        ((ADA, BO), BO, BO),
    ],
)
def test_it_is_of_who_holds_the_address(held_by: tuple[str, ...], tag: str | None, owner: str) -> None:
    record = recorded(*held_by, tag=tag)
    assert record is not None
    assert (record.user_id, record.id.partition("_")[0]) == (owner, owner)


@pytest.mark.parametrize("tag", [None, "somebody else"])
def test_what_several_share_belongs_to_the_address(tag: str | None) -> None:
    record = recorded(ADA, BO, tag=tag)
    assert record is not None
    assert (record.user_id, record.id.partition("_")[0]) == (None, PHONE.digest)


def test_of_an_address_that_nobody_holds_there_is_none() -> None:
    assert recorded() is None


def test_an_account_s_message_is_another_one() -> None:
    """Ids stay the same for ever: what is told of a message once more must find the same record."""
    ids = [record.id for account in (None, "north") if (record := recorded(ADA, account=account))]
    assert ids == [f"{ADA}_20260914T090000000_94d92eec79d9", f"{ADA}_20260914T090000000_c24193c35f18"]
