"""What an event does to the record of its message: whose that is, to what it came when, and why."""

from typing import Any

import pytest

from functions.profiles.app import handler as profiles
from reachable.flows import apply
from reachable.flows.apply import Applied
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.message import Message, MessageStatus, read_message_id
from reachable.model.send import Purpose
from reachable.store import dynamodb
from reachable.store.credentials import history
from reachable.store.messages import pages, record
from tests.builders import clock, delivery_event, text_event
from tests.functions import district
from tests.functions.api import call
from tests.functions.district import ADA, DENNIS, FAR
from tests.functions.test_blame import ADA_EMAIL, FORWARD, dispatched, in_force

PHONE = Credential.of_key("phone:+12025550123")


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def tell(*told: DeliveryEvent, received: str = "10:00") -> Applied:
    applied = apply.events(told, clock(received))
    assert applied.failed is None
    return applied


def of(kind: Kind, at: str = "09:00", **changes: Any) -> DeliveryEvent:
    """Something that SES says of its message m1 to Ada."""
    told: dict[str, Any] = {
        "kind": kind,
        "occurred_at": clock(at),
        "event_id": f"{kind} {at}",
        "provider_message_id": "m1",
    }
    if kind is not Kind.BOUNCED:
        told |= {"cause": None, "permanence": None}
    return delivery_event(**told | changes)


def last_message(user_id: str, kind: str) -> Any:
    profile = call(profiles, "GET", f"/users/{user_id}", district.manager()).body
    [found] = [one["last_message"] for one in profile["credentials"] if one["kind"] == kind]
    return found and (found["status"], found["at"])


# Another system's messages


def test_another_system_s_message_is_recorded_whole_and_moves() -> None:
    tell(of(Kind.SENT))
    [found] = pages.of_user(ADA.id, 10)
    assert read_message_id(found.id) == (ADA.id, clock("09:00"))
    sent = Message(
        id=found.id,
        user_id=ADA.id,
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        queued_at=clock("09:00"),
        credential=ADA_EMAIL,
        provider="ses",
        provider_message_id="m1",
        at={MessageStatus.SENT: clock("09:00")},
    )
    assert found == sent
    assert last_message(ADA.id, "email") == ("sent", "2026-09-14T09:00:00Z")
    tell(of(Kind.BOUNCED, "09:05"))
    [moved] = pages.of_user(ADA.id, 10)
    assert moved.at == {MessageStatus.SENT: clock("09:00"), MessageStatus.BOUNCED: clock("09:05")}
    assert moved.reasons == {MessageStatus.BOUNCED: "invalid_address"}
    assert last_message(ADA.id, "email") == ("bounced", "2026-09-14T09:05:00Z")


def test_of_a_shared_phone_the_record_is_the_phone_s_own() -> None:
    told = {"kind": Kind.SENT, "cause": None, "permanence": None, "provider_message_id": "SM1"}
    tell(text_event(**told, occurred_at=clock("09:00")))
    [found] = pages.of_address(PHONE, 10, None, None)
    assert found == Message(
        id=found.id,
        user_id=None,
        channel=Channel.SMS,
        purpose=Purpose.GENERAL,
        queued_at=clock("09:00"),
        credential=PHONE,
        provider="twilio",
        provider_message_id="SM1",
        at={MessageStatus.SENT: clock("09:00")},
    )
    assert read_message_id(found.id) == (PHONE.digest, clock("09:00"))
    assert [pages.of_user(user.id, 10) for user in (ADA, DENNIS)] == [[], []]


@pytest.mark.parametrize(("sent", "owner"), [("05:00", ADA), ("09:00", ADA), ("12:00", FAR)])
def test_a_message_is_of_whom_had_the_address_when_it_was_sent(sent: str, owner: Any) -> None:
    """At 11:00 the roster gives Ada another address, and hers to Fara; before 06:00 it told nothing."""
    ada = district.user("ada", "Ada Reyes", email="ada.reyes@example.org", phone="202-555-0123")
    fara = district.user("far", "Fara Way", email="ada@example.org", schools=FAR.schools)
    district.import_(*(r for r in district.ALL if r not in (ADA, FAR)), ada, fara, at=clock("11:00"))
    tell(of(Kind.SENT, sent, sent_at=clock(sent)), received="13:00")
    assert [len(pages.of_user(one.id, 10)) for one in (ADA, FAR)] == [owner is ADA, owner is FAR]


def test_a_message_of_when_nobody_had_the_address_any_more_is_nobody_s() -> None:
    district.import_(*(r for r in district.ALL if r is not ADA), at=clock("11:00"))
    tell(of(Kind.SENT, "12:00", sent_at=clock("12:00")), received="13:00")
    assert (pages.of_user(ADA.id, 10), pages.of_address(ADA_EMAIL, 10, None, None)) == ([], [])


def test_the_first_that_says_a_thing_says_when_and_why() -> None:
    tell(of(Kind.SENT), of(Kind.BOUNCED, "09:05", cause=Cause.MAILBOX_FULL))
    tell(of(Kind.BOUNCED, "09:02", cause=Cause.INVALID_ADDRESS))
    [found] = pages.of_user(ADA.id, 10)
    assert found.at[MessageStatus.BOUNCED] == clock("09:05")
    assert found.reasons == {MessageStatus.BOUNCED: "mailbox_full"}


def test_what_ses_calls_a_message_in_a_mail_and_in_an_event_is_one_message() -> None:
    tell(of(Kind.SENT))
    tell(of(Kind.DELIVERED, "09:01", provider_message_id="<m1@email.amazonses.com>"))
    assert [found.status for found in pages.of_user(ADA.id, 10)] == ["delivered"]


def test_with_other_providers_what_stands_before_the_at_may_be_the_same_of_all() -> None:
    for number in ("1", "2"):
        told = {"provider": "sendgrid", "provider_message_id": f"news@{number}.example"}
        tell(of(Kind.SENT, event_id=f"sent {number}", **told))
    tell(of(Kind.DELIVERED, "09:01", provider="sendgrid", provider_message_id="<news@1.example>"))
    assert sorted(found.status for found in pages.of_user(ADA.id, 10)) == ["delivered", "sent"]


def test_of_two_that_tell_at_once_when_a_message_was_sent_there_is_one_record() -> None:
    """The provider told two times; the first that was written down counts for both."""
    others = [of(Kind.SENT, sent_at=clock("09:00"), event_id="other")]

    def meanwhile(params: dict[str, Any], **_: Any) -> None:
        """Before the first says whose message it is."""
        if b"provider#ses#m1" in params["body"] and pages.of_user(ADA.id, 10) and others:
            tell(others.pop())

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb.UpdateItem", meanwhile)
    tell(of(Kind.SENT, sent_at=clock("09:01")))
    events.unregister("before-call.dynamodb.UpdateItem", meanwhile)
    assert others == []
    tell(of(Kind.DELIVERED, "09:02"))
    [found] = pages.of_user(ADA.id, 10)
    assert (found.status, found.sent_at) == ("delivered", clock("09:01"))
    assert last_message(ADA.id, "email") == ("delivered", "2026-09-14T09:02:00Z")


@pytest.mark.parametrize("id_", [None, "m1"])
def test_what_was_not_told_to_be_sent_has_no_record_and_blocks_all_the_same(id_: str | None) -> None:
    tell(of(Kind.BOUNCED, provider_message_id=id_))
    assert pages.of_user(ADA.id, 10) == []
    assert in_force(ADA_EMAIL) == [["bounce@email"]]
    pointers = [item["entity"]["S"] for item in dynamodb.client().scan(TableName="messages")["Items"]]
    assert pointers == ([] if id_ is None else ["provider#ses#m1"])


def test_one_id_in_two_accounts_of_a_provider_is_two_messages() -> None:
    for account in ("north", "south"):
        apply.events([of(Kind.SENT)], clock("10:00"), account=account)
    apply.events([of(Kind.DELIVERED, "09:01")], clock("10:00"), account="south")
    assert sorted(found.status for found in pages.of_user(ADA.id, 10)) == ["delivered", "sent"]


# Our own


def test_a_complaint_from_where_it_was_forwarded_to_moves_our_message_and_blames_whom_it_names() -> None:
    """Who complains is who reads it: only a bounce tells of the address that we wrote to."""
    id_ = dispatched("ses", "m1")
    tell(of(Kind.COMPLAINED, "09:01", cause=Cause.COMPLAINT, address="ada@forward.example"))
    assert record.get(id_).status == "complained"
    assert in_force(ADA_EMAIL, FORWARD) == [[], ["complaint@email"]]
    assert last_message(ADA.id, "email") == ("complained", "2026-09-14T09:01:00Z")


def test_what_was_said_before_we_knew_whose_message_it_is_is_all_said_of_it_then() -> None:
    tell(of(Kind.DELAYED, "08:02", cause=Cause.MAILBOX_FULL), of(Kind.DELIVERED, "08:03"))
    id_ = dispatched("ses", "m1")
    found = record.get(id_)
    assert (found.status, found.reasons) == ("delivered", {MessageStatus.DELAYED: "mailbox_full"})
    assert (found.at[MessageStatus.DELAYED], found.at[MessageStatus.DELIVERED]) == (
        clock("08:02"),
        clock("08:03"),
    )
    assert last_message(ADA.id, "email") == ("delivered", "2026-09-14T08:03:00Z")


@pytest.mark.parametrize("before", [True, False])
def test_a_bounce_without_a_time_counts_from_when_we_sent_its_message(*, before: bool) -> None:
    """Whether it comes before the send call has returned, or after."""
    told = of(Kind.BOUNCED, "09:30", sent_at=None)
    if before:
        tell(told)
    dispatched("ses", "m1")
    tell(told)
    [item] = history.of(ADA_EMAIL)
    expected = "09:30" if before else "08:00"  # what an event does is decided once
    assert item.mark.startswith(f"2026-09-14T{expected}:00")


def test_a_tag_of_a_message_that_nobody_has_begun_to_send_moves_nothing() -> None:
    from tests.functions.test_messages import enqueue_one

    id_ = enqueue_one()
    tell(of(Kind.DELIVERED, provider_message_id="m9", metadata={"reachable_id": id_}))
    assert record.get(id_).status == "queued"


def test_by_its_tag_a_message_learns_its_provider_s_id() -> None:
    """The worker died before it wrote it down; the next event may come without a tag."""
    id_ = dispatched("ses", None)
    tell(of(Kind.DELIVERED, "09:01", metadata={"reachable_id": id_}))
    assert (record.get(id_).status, record.get(id_).provider_message_id) == ("delivered", "m1")
    tell(of(Kind.BOUNCED, "09:02", metadata={"reachable_id": id_}, provider_message_id="another"))
    assert record.get(id_).status == "delivered"


# What is told of it


def test_what_events_did_is_told_in_numbers() -> None:
    id_ = dispatched("ses", "m1")
    told = {"cause": Cause.CONTENT_OR_SIZE, "permanence": Permanence.TRANSIENT, "event_id": "2"}
    fault = of(Kind.BOUNCED, **told, provider_message_id="m2")
    delivered = of(Kind.DELIVERED, "09:01", provider_message_id="m3")
    applied = tell(delivered, of(Kind.BOUNCED, "09:02"), fault)
    assert (applied.events, applied.blocked, applied.of_the_sender) == (3, 1, 1)
    assert [message.id for message in applied.bounced] == [id_]
    again = tell(of(Kind.BOUNCED, "09:02"), of(Kind.OPTED_IN, channel=Channel.SMS, address="+12025550123"))
    assert again == Applied(events=2)


def test_what_could_not_be_written_is_told_and_the_rest_counts() -> None:
    def refuse(params: dict[str, Any], **_: Any) -> None:
        if b"email:far@example.org" in params["body"]:
            raise TimeoutError

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb.PutItem", refuse)
    applied = apply.events([delivery_event(address="far@example.org"), delivery_event()], clock("10:00"))
    with pytest.raises(TimeoutError):
        apply.event(delivery_event(address="far@example.org"), clock("10:00"))
    events.unregister("before-call.dynamodb.PutItem", refuse)
    assert (applied.events, applied.blocked, type(applied.failed)) == (1, 1, TimeoutError)
    apply.event(delivery_event(address="far@example.org"), clock("10:00"))
    assert in_force(Credential.of_key("email:far@example.org")) == [["bounce@email"]]
