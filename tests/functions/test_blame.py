"""Whom an event blames: whom it names, and of a forwarded bounce of our own message whom we sent to.

One provider's id may be of several people; a tag or custom data re-addresses nothing.
"""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from botocore.exceptions import ReadTimeoutError

from reachable.flows import apply, enqueue
from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.message import MessageStatus, Outgoing, message_id
from reachable.model.send import Purpose
from reachable.rules import status as status_rules
from reachable.store import dynamodb
from reachable.store.credentials import history, registers
from reachable.store.messages import pages, record, sending
from tests.builders import clock
from tests.functions import district
from tests.functions.district import ADA, FAR, PENDING
from tests.functions.test_delivery_events import deliver, posted

FAR_EMAIL = Credential.of_key("email:far@example.org")
PENNY_EMAIL = Credential.of_key("email:penny@example.org")
ADA_EMAIL = Credential.of_key("email:ada@example.org")
FORWARD = Credential.of_key("email:ada@forward.example")
SENT_AT: Final = clock("09:00")


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def in_force(*credential: Credential) -> list[list[str]]:
    found = registers.statuses(credential)
    return [[str(block.register) for block in status_rules.blocks(found[one])] for one in credential]


def ses(kind: str, to: tuple[str, ...] = ("far@example.org", "penny@example.org"), **extra: Any) -> str:
    mail = {"timestamp": SENT_AT.isoformat(), "messageId": "m1", "destination": list(to)}
    return json.dumps({"eventType": kind, "mail": mail | extra.pop("mail", {}), **extra})


def ses_bounce(address: str, feedback: str = "f1", **mail: Any) -> str:
    recipient = {"emailAddress": address, "status": "5.1.1", "diagnosticCode": "550 5.1.1"}
    bounce = {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "timestamp": clock("09:01").isoformat(),
        "feedbackId": feedback,
        "bouncedRecipients": [recipient],
    }
    return ses("Bounce", bounce=bounce, mail=mail)


def sendgrid(*events: dict[str, Any]) -> str:
    return posted("sendgrid", json.dumps(events).encode())


def sg(event: str, address: str, number: int, **more: Any) -> dict[str, Any]:
    return {
        "event": event,
        "email": address,
        "timestamp": int(SENT_AT.timestamp()),
        "sg_message_id": f"SHARED.recv-{number}",
        "sg_event_id": f"{event}{number}",
    } | more


def sg_bounce(address: str, number: int, **more: Any) -> dict[str, Any]:
    return sg(
        "bounce", address, number, type="bounce", status="5.1.1", reason="550 5.1.1 no such user", **more
    )


def sparkpost(type_: str, address: str, number: str, **more: Any) -> dict[str, Any]:
    told = {
        "type": type_,
        "rcpt_to": address,
        "transmission_id": "T1",
        "event_id": number,
        "timestamp": str(int(SENT_AT.timestamp())),
    }
    return {"msys": {"message_event": told | more}}


SHAPES: Final[dict[str, Callable[[], list[str]]]] = {
    "SES, two recipients": lambda: [ses("Send", send={}), ses_bounce("penny@example.org")],
    "SendGrid, two personalizations": lambda: [
        sendgrid(sg("processed", "far@example.org", 0), sg("processed", "penny@example.org", 1)),
        sendgrid(sg_bounce("penny@example.org", 1)),
    ],
    "SendGrid, one id for all": lambda: [
        sendgrid(
            sg("processed", "far@example.org", 0, sg_message_id="S"),
            sg("processed", "penny@example.org", 1, sg_message_id="S"),
        ),
        sendgrid(sg_bounce("penny@example.org", 1, sg_message_id="S")),
    ],
    "SparkPost, a transmission": lambda: [
        posted(
            "sparkpost",
            json.dumps(
                [
                    sparkpost("injection", "far@example.org", "1"),
                    sparkpost("injection", "penny@example.org", "2"),
                ]
            ).encode(),
        ),
        posted(
            "sparkpost",
            json.dumps(
                [sparkpost("bounce", "penny@example.org", "3", bounce_class="10", raw_reason="550 5.1.1")]
            ).encode(),
        ),
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("bounce_first", [False, True])
def test_a_bounce_under_a_shared_id_blames_whom_it_names(shape: str, *, bounce_first: bool) -> None:
    calls = SHAPES[shape]()
    for call in reversed(calls) if bounce_first else calls:
        assert deliver(call) == []
    assert in_force(PENNY_EMAIL, FAR_EMAIL) == [["bounce@email"], []]
    [penny] = pages.of_user(PENDING.id, 10)
    [far] = pages.of_user(FAR.id, 10)
    assert (penny.status, far.status) == ("bounced", "sent")


def test_a_text_under_a_shared_batch_id_blames_whom_it_names() -> None:
    district.import_(*(one for one in district.ALL if one is not district.DENNIS))

    def report(number: str, status: str, code: int) -> str:
        body = {
            "type": "recipient_delivery_report_sms",
            "batch_id": "B1",
            "recipient": number,
            "status": status,
            "code": code,
            "at": SENT_AT.isoformat(),
        }
        return posted("sinch", json.dumps(body).encode())

    deliver(report("12025550123", "Dispatched", 401), report("12025559999", "Failed", 1))
    stranger, ada = Credential.of_key("phone:+12025559999"), Credential.of_key("phone:+12025550123")
    assert in_force(stranger, ada) == [["bounce@phone"], []]


def test_a_tag_of_ours_in_another_system_s_event_addresses_nobody_else() -> None:
    """Custom data is the sender's: a copy of our tag in a SendGrid call is on all its personalizations."""
    sent_to_ada = dispatched("ses", "m9")
    tagged = {"reachable_id": sent_to_ada, "reachable_user": ADA.id}
    assert deliver(sendgrid(sg("processed", "stranger@example.net", 1, **tagged))) == []
    assert deliver(sendgrid(sg_bounce("stranger@example.net", 1, **tagged))) == []
    stranger = Credential.of_key("email:stranger@example.net")
    assert in_force(stranger, ADA_EMAIL) == [["bounce@email"], []]
    assert record.get(sent_to_ada).status == "sent"
    assert [message.id for message in pages.of_user(ADA.id, 10)] == [sent_to_ada]


def dispatched(provider: str, provider_message_id: str | None) -> str:
    """A message that dispatch has claimed and, with a provider's id, sent to Ada at 08:00."""
    id_ = message_id(ADA.id, clock("07:59"), provider)
    outgoing = Outgoing(
        id=id_,
        user_id=ADA.id,
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        queued_at=clock("07:59"),
        text="x",
        subject="x",
    )
    record.put(enqueue._record(outgoing, clock("07:59")))
    sending.claim(id_, provider, ADA_EMAIL, None, clock("08:00"))
    if provider_message_id is not None:
        moved = record.note(
            id_, {MessageStatus.SENT: clock("08:00")}, provider_message_id=provider_message_id
        )
        assert moved is not None
        apply.link(moved.message)
    return id_


def test_a_forwarded_bounce_of_our_own_message_blames_whom_we_sent_to() -> None:
    id_ = dispatched("ses", "m1")
    assert deliver(ses_bounce("ada@forward.example")) == []
    assert in_force(ADA_EMAIL, FORWARD) == [["bounce@email"], []]
    assert record.get(id_).status == "bounced"


@pytest.mark.parametrize("known_id", [None, "m1"])
def test_so_it_does_by_our_tag_also_before_the_send_call_has_returned(known_id: str | None) -> None:
    id_ = dispatched("ses", known_id)
    assert deliver(ses_bounce("ada@forward.example", tags={"reachable_id": [id_]})) == []
    assert in_force(ADA_EMAIL, FORWARD) == [["bounce@email"], []]
    assert record.get(id_).status == "bounced"


def test_a_tag_counts_only_under_the_id_by_which_its_message_was_sent() -> None:
    id_ = dispatched("ses", "another")
    assert deliver(ses_bounce("penny@example.org", tags={"reachable_id": [id_]})) == []
    assert in_force(PENNY_EMAIL, ADA_EMAIL) == [["bounce@email"], []]
    assert record.get(id_).status == "sent"


def test_a_forwarded_bounce_that_came_before_we_knew_the_id_blames_us_sent_to_once_we_know() -> None:
    """Without a tag it can be told by nothing but the provider's id, which the send call gives."""
    assert deliver(ses_bounce("ada@forward.example")) == []
    assert in_force(ADA_EMAIL) == [[]]
    id_ = dispatched("ses", "m1")
    assert in_force(ADA_EMAIL) == [["bounce@email"]]
    assert record.get(id_).status == "bounced"


def test_a_forwarded_bounce_of_another_system_s_message_blames_whom_it_names() -> None:
    assert deliver(ses("Send", ("ada@example.org",), send={})) == []
    assert deliver(ses_bounce("ada@forward.example")) == []
    assert in_force(ADA_EMAIL, FORWARD) == [[], ["bounce@email"]]


def test_an_address_that_nobody_holds_is_treated_alike_and_has_no_record() -> None:
    nobody = Credential.of_key("email:nobody@example.org")
    told = {"sg_message_id": "N"}
    assert deliver(sendgrid(sg("processed", nobody.address, 1, **told))) == []
    assert (
        deliver(sendgrid(sg_bounce(nobody.address, 1, **told, timestamp=int(clock("09:04").timestamp()))))
        == []
    )
    assert in_force(nobody) == [["bounce@email"]]
    [item] = history.of(nobody)
    assert item.sent_at == SENT_AT  # its `processed` told it, though nobody's page shows it


def test_accounts_of_one_provider_do_not_take_each_other_s_events() -> None:
    """An event's id is its account's own: what one account calls 1 may be another thing with the next."""

    def bounce(account: str | None) -> str:
        entry = json.loads(sendgrid(sg_bounce("far@example.org", 1)))
        return json.dumps(entry | {"account": account})

    deliver(bounce("north"), bounce("south"), bounce(None), bounce("south"))
    assert sorted(item.account or "" for item in history.of(FAR_EMAIL)) == ["", "north", "south"]


def test_who_was_blamed_before_we_knew_of_the_forwarding_is_blocked_though_the_worker_died() -> None:
    """Its history says so, and history and status must agree; the repeat then blames whom we sent to."""
    id_ = dispatched("ses", None)
    bounce = ses_bounce("ada@forward.example")

    def die(params: dict[str, Any], **_: Any) -> None:
        if b"bounce@email" in params["body"]:
            raise ReadTimeoutError(endpoint_url="credentials")

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb.UpdateItem", die)
    assert deliver(bounce) != []
    events.unregister("before-call.dynamodb.UpdateItem", die)
    assert [item.kind.value for item in history.of(FORWARD)] == ["bounced"]
    assert in_force(FORWARD) == [[]]
    moved = record.note(id_, {MessageStatus.SENT: clock("08:00")}, provider_message_id="m1")
    assert moved is not None
    apply.link(moved.message)
    assert deliver(bounce) == []
    assert in_force(ADA_EMAIL, FORWARD) == [["bounce@email"], ["bounce@email"]]
    assert record.get(id_).status == "bounced"
