"""Nobody learns of another's messages by getting their old phone."""

from typing import Any

import pytest

from functions.profiles.app import handler as profiles
from reachable.flows import apply
from reachable.model.delivery_event import Kind
from tests.builders import clock, text_event
from tests.functions import district
from tests.functions.api import call
from tests.functions.district import ADA, ALL, DENNIS

NEW = district.user("new", "Nora New", phone="202-555-0123")
OLD = district.user("ada", "Ada Reyes", email="Ada@example.org", phone="202-555-7777", students=ADA.students)
REST = tuple(one for one in ALL if one not in (ADA, DENNIS))


def sent(at: str, received: str, **event: Any) -> None:
    """Another system's text to the number."""
    told = {"kind": Kind.SENT, "permanence": None, "cause": None, "provider_message_id": "x1"} | event
    apply.events([text_event(sent_at=clock(at), occurred_at=clock(at), **told)], clock(received))


def texts(who: Any) -> list[Any]:
    answer = call(profiles, "GET", f"/users/{who.id}/messages", district.manager())
    assert answer.status == 200, answer.body
    return list(answer.body["items"])


def last(who: Any) -> Any:
    answer = call(profiles, "GET", f"/users/{who.id}", district.manager())
    return next(
        one["last_message"]
        for one in answer.body["credentials"]
        if one["kind"] == "phone" and not one["former"]
    )


@pytest.fixture
def moved(aws: None) -> None:
    """Ada alone had the number until 09:00; Nora has it since."""
    district.import_(*REST, ADA, at=clock("06:00"))
    district.import_(*REST, OLD, NEW, at=clock("09:00"))


@pytest.mark.usefixtures("moved")
@pytest.mark.parametrize("tag", [{}, {"reachable_user": ADA.id}])
def test_a_send_that_is_told_late_is_of_who_held_the_number_then(tag: dict[str, str]) -> None:
    """Sent to Ada at 08:00, told at 09:05 (a queue, a repeat): Nora had not got the number yet."""
    sent("08:00", "09:05", metadata=tag)
    assert texts(NEW) == []
    assert last(NEW) is None
