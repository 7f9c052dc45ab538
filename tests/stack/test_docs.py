"""The pages for who uses and runs Reachable: their commands, as printed, on the deployed stack."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import pytest

from tests.stack import pages
from tests.stack.pages import Ran
from tests.stack.people import Person, person
from tools import place, webhook_posts
from tools.stack import Stack

_ENDED: Final = {"sent", "delivered", "blocked", "rejected", "failed", "bounced", "uncertain"}


def _ended(stack: Stack, id_: str) -> dict[str, Any]:
    """A message, once it has come to its end."""

    def told() -> dict[str, Any] | None:
        shown: dict[str, Any] = stack.api("GET", f"/messages/{id_}", token=stack.token("sends")).body
        return shown if shown["status"] in _ENDED else None

    return stack.wait_until(told, 60, "the message to end")


# docs/sending.md


@pytest.fixture(scope="module")
def guardian(stack: Stack) -> Iterator[Person]:
    """Whom the page writes to; good before and after."""
    yield from person(stack, stack.users["guardian"].user_id)


@pytest.fixture(scope="module")
def bounced(stack: Stack, guardian: Person) -> Person:
    """The same, whose email came back."""
    message = webhook_posts.ses_bounce(guardian.address("email"), datetime.now(UTC))
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)
    stack.wait_until(lambda: guardian.when_bad("email"), 60, "the bounce")
    return guardian


@pytest.fixture(scope="module")
def sending(stack: Stack, bounced: Person, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("sending")
    return pages.run("sending.md", folder, stack, STAGE=place.NAME, CAMPAIGN=f"campaign-{uuid4()}")


def _example(number: int) -> dict[str, Any]:
    """A JSON block of the page."""
    found: dict[str, Any] = json.loads(pages.blocks("sending.md", "json")[number])
    return found


def test_the_gate_answers_as_the_page_shows(sending: Ran, bounced: Person) -> None:
    text, mail, other, any_ = json.loads(sending.by("$API/sends/check"))["results"]
    assert [one["send"] for one in (text, mail, other, any_)] == [True, False, True, True]
    assert mail | {"since": None} == _example(0) | {"since": None}
    assert any_["open"] == ["sms", "voice"]
    assert mail["credential"] == f"email:{bounced.address('email')}"


def test_the_gate_is_asked_from_python(sending: Ran, bounced: Person) -> None:
    assert sending.by("python3 check.py").splitlines() == [
        f"send to phone:{bounced.address('phone')} ",
        "do not send: invalid_address ['sms', 'voice']",
        "do not send: invalid_recipient []",
    ]


def test_the_gate_is_asked_by_iam(sending: Ran) -> None:
    [answer] = json.loads(sending.by("python3 gate.py"))
    assert (answer["send"], set(answer)) == (True, set(_example(0)))
    invoked, _, body = sending.by("aws lambda invoke").partition("}\n")
    assert '"StatusCode": 200' in invoked
    answer = json.loads(body)
    assert answer["statusCode"] == 200
    assert [one["send"] for one in json.loads(answer["body"])["results"]] == [True]


def test_messages_are_queued_and_shown_as_the_page_shows(stack: Stack, sending: Ran) -> None:
    queued = json.loads(sending.by("-o queued.json"))["results"]
    assert [(set(one), one["outcome"]) for one in queued] == [(set(_example(2)["results"][0]), "queued")] * 2
    shown = json.loads(sending.by("$API/messages/$MESSAGE_ID"))
    assert (shown["id"], set(shown)) == (queued[0]["id"], set(_example(3)))
    text, mail = (_ended(stack, one["id"]) for one in queued)
    assert (text["status"], text["segments"]) == ("sent", 1)
    assert (mail["status"], mail["reason"]) == ("blocked", "invalid_address")


def test_a_message_is_sent_once_from_python(sending: Ran) -> None:
    *sent, listed = sending.by("python3 send.py").splitlines()
    assert [line.strip() for line in sent] == ["queued", "duplicate", "sent"]
    assert listed.split()[1] == "uncertain"
    assert "items" in json.loads(sending.by("$API/messages/search"))
