"""Dispatch sends several messages under one provider's id."""

import pytest

from reachable.flows import apply, enqueue
from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.message import MessageStatus, Outgoing, message_id
from reachable.model.people import User
from reachable.model.send import Purpose
from reachable.store.messages import record, sending
from tests.builders import clock
from tests.functions import district
from tests.functions.district import ADA, FAR
from tests.functions.test_blame import ADA_EMAIL, FAR_EMAIL, in_force, ses_bounce
from tests.functions.test_delivery_events import deliver


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def claimed(who: User, credential: Credential) -> str:
    id_ = message_id(who.id, clock("07:59"), "x")
    outgoing = Outgoing(
        id=id_,
        user_id=who.id,
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        queued_at=clock("07:59"),
        text="x",
    )
    record.put(enqueue._record(outgoing, clock("07:59")))
    sending.claim(id_, "ses", credential, None, clock("08:00"))
    return id_


def sent(id_: str) -> None:
    moved = record.note(id_, {MessageStatus.SENT: clock("08:00")}, provider_message_id="m1")
    assert moved is not None
    apply.link(moved.message)


def test_an_early_bounce_blames_whom_it_names_and_not_another_under_the_id() -> None:
    far, ada = claimed(FAR, FAR_EMAIL), claimed(ADA, ADA_EMAIL)
    assert deliver(ses_bounce("far@example.org")) == []
    for id_ in (far, ada):
        sent(id_)
    assert in_force(FAR_EMAIL, ADA_EMAIL) == [["bounce@email"], []]


def test_a_late_bounce_does() -> None:
    for id_ in (claimed(FAR, FAR_EMAIL), claimed(ADA, ADA_EMAIL)):
        sent(id_)
    assert deliver(ses_bounce("far@example.org")) == []
    assert in_force(FAR_EMAIL, ADA_EMAIL) == [["bounce@email"], []]
