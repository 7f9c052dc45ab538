"""The weekly digest on the deployed stack: a bounce, the list, a run, a mail in the secretary's language."""

import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import pytest

from tests.stack.people import Person, person
from tools.stack import SENDER, Stack

SECRETARY: Final = "ines.villanueva@example.org"
"""Of the bouncing guardian's school; she reads Spanish."""


@pytest.fixture
def bouncing(stack: Stack) -> Iterator[Person]:
    """Rosa Salazar, a guardian at Northgate; her email is good before and after."""
    yield from person(stack, "bounce@simulator.amazonses.com")


@pytest.fixture
def secretary(stack: Stack) -> Iterator[Person]:
    yield from person(stack, SECRETARY)


def test_a_bounce_stands_in_the_week_s_mail_to_the_school_s_secretary(
    stack: Stack, bouncing: Person, secretary: Person
) -> None:
    bounce(stack, bouncing)
    stack.wait_until(bouncing.when_listed, "the list of bad credentials")
    week = a_week_that_nobody_has_had()

    run(stack, week)

    subject, text = stack.wait_until(lambda: digest_to(stack, secretary), "the digest")
    assert subject.startswith("Sin recibir mensajes en Northgate High School: ")
    lines = text.splitlines()
    assert lines[lines.index(bouncing.profile()["name"]) + 1].startswith("Sin correos electrónicos. Desde ")
    assert bouncing.address("email") not in text


def test_a_week_s_second_run_sends_nothing(stack: Stack, bouncing: Person, secretary: Person) -> None:
    bounce(stack, bouncing)
    stack.wait_until(bouncing.when_listed, "the list of bad credentials")
    week = a_week_that_nobody_has_had()
    known = len(digests(stack, secretary))

    run(stack, week)
    stack.wait_until(lambda: is_worked_off(stack), "the run")
    once = len(digests(stack, secretary))
    assert once > known

    run(stack, week)
    stack.wait_until(lambda: is_worked_off(stack), "the second run")
    assert len(digests(stack, secretary)) == once


def bounce(stack: Stack, bouncing: Person) -> None:
    stack.aws.ses.send_email(
        Source=SENDER,
        Destination={"ToAddresses": [bouncing.address("email")]},
        Message={"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "A test."}}},
    )
    stack.wait_until(lambda: bouncing.when_bad("email"), what="the bounce")


def a_week_that_nobody_has_had() -> str:
    """A time of a week of its own, so that the test can run again: as the schedule tells it."""
    return f"{2100 + uuid4().int % 7000}-03-01T14:00:00Z"


def run(stack: Stack, at: str) -> None:
    """As the schedule does."""
    answer = stack.aws.functions.invoke(
        FunctionName=stack.functions["digest"], Payload=json.dumps({"time": at}).encode()
    )
    assert "FunctionError" not in answer, answer["Payload"].read()


def is_worked_off(stack: Stack) -> bool:
    """Whether every school of a run is done."""
    url = stack.queues["digests"]
    told = stack.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return told["ApproximateNumberOfMessages"] == told["ApproximateNumberOfMessagesNotVisible"] == "0"


def digests(stack: Stack, to: Person) -> list[dict[str, Any]]:
    """The messages to somebody that are digests, as a profile shows them."""
    path = f"/users/{to.user_id}/messages?limit=200"
    items: list[dict[str, Any]] = stack.api("GET", path, token=to.staff).body["items"]
    return [item for item in items if (item["subject"] or "").startswith("Sin recibir mensajes en ")]


def digest_to(stack: Stack, to: Person) -> tuple[str, str] | None:
    """Subject and text of the newest digest that SES was given for somebody."""
    address = to.address("email")
    by_account = stack.call("GET", f"{stack.endpoint_url}/_ministack/ses/messages", None, {}).body["messages"]
    found = [
        (mail["Subject"], mail["BodyText"])
        for mails in by_account.values()
        for mail in mails
        if any(address in recipient for recipient in mail["To"])
    ]
    return next((mail for mail in reversed(found) if "Sin recibir" in mail[0]), None)
