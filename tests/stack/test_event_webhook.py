"""The event webhook on the deployed stack: what is told on the bus arrives, signed, at somebody's server."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.stack.people import Person, person
from tools import place, provider_lists
from tools.stack import SENDER, Stack


@pytest.fixture
def bouncing(stack: Stack) -> Iterator[Person]:
    """A guardian whose email bounces; good before and after."""
    yield from person(stack, "bounce+lindgren@simulator.amazonses.com")


def told_of(person: Person, type_: str) -> list[dict[str, Any]]:
    """The events of a type about somebody that the receiver has verified, the oldest first."""
    return [
        event
        for event in provider_lists.told(place.state())
        if event["type"] == type_
        and person.user_id in {holder["user_id"] for holder in event["data"].get("holders", [])}
    ]


def test_a_bounce_and_its_reset_arrive_signed_at_the_webhook(stack: Stack, bouncing: Person) -> None:
    marked, reset = (len(told_of(bouncing, f"credential.{what}")) for what in ("marked_bad", "reset"))
    stack.aws.ses.send_email(
        Source=SENDER,
        Destination={"ToAddresses": [bouncing.address("email")]},
        Message={"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "A test."}}},
    )
    stack.wait_until(lambda: len(told_of(bouncing, "credential.marked_bad")) > marked, "the bounce")

    event = told_of(bouncing, "credential.marked_bad")[-1]
    assert event["webhook_id"] == event["data"]["id"]
    assert (event["data"]["status"], event["data"]["credential"]) == ("bad", {"kind": "email"})

    bouncing.reset("email")
    stack.wait_until(lambda: len(told_of(bouncing, "credential.reset")) > reset, "the reset")
    assert told_of(bouncing, "credential.reset")[-1]["data"]["status"] == "good"
