"""``./dev play`` on the deployed stack, as a command beside ``./dev env``: what holds, and what does not.

A fault is a stage of names alone: SSM's names lead to the same stack, but for the one thing that is wrong.
"""

import io
import json
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import pytest

from tests.stack import pages
from tests.stack.people import Person, person
from tools import deploy, place
from tools.stack import Stack

_ALWAYS: Final = (
    *("stack", "gate", "no-token", "cors", "bounce", "failed-text", "wrong-signature", "unknown-account"),
    "reset",
)


@dataclass(frozen=True)
class Played:
    """How a play ended."""

    code: int
    told: str
    printed: str

    def outcomes(self) -> Mapping[str, str]:
        """By step."""
        return {line["step"]: line["outcome"] for line in json.loads(self.printed)["lines"]}

    def unheld(self) -> Mapping[str, str]:
        """What did not hold, with its code."""
        lines = json.loads(self.printed)["lines"]
        return {line["step"]: line["code"] for line in lines if line["outcome"] == "did not hold"}


def play(stack: Stack, *options: str) -> Played:
    """Play it in a process of its own, in whose environment only AWS's variables lead to the stack."""
    variables = {n: v for n, v in pages.environment(stack).items() if n != "REACHABLE_STACK"}
    command = [*place.tools_command("play", "--json", *options)]
    done = subprocess.run(
        command, cwd=place.ROOT, env=variables, capture_output=True, text=True, check=False, timeout=300
    )
    return Played(done.returncode, done.stderr, done.stdout)


def but_the_bounce(played: Played) -> Mapping[str, str]:
    """What did not hold of the rest."""
    return {step: code for step, code in played.unheld().items() if step != "bounce"}


@pytest.fixture
def guardian(stack: Stack) -> Iterator[Person]:
    """Whose email is good, before and after."""
    yield from person(stack, stack.users["guardian"].user_id)


@pytest.fixture
def names(stack: Stack) -> Iterator[dict[str, str]]:
    """The names of a stage of names alone; what a test changes in them is put by ``_put``."""
    path = f"/reachable/{place.NAME}/"
    pages_ = stack.aws.ssm.get_paginator("get_parameters_by_path").paginate(Path=path)
    yield {one["Name"].removeprefix(path): one["Value"] for page in pages_ for one in page["Parameters"]}
    pages_ = stack.aws.ssm.get_paginator("get_parameters_by_path").paginate(Path=_FAULTY, Recursive=True)
    for name in [one["Name"] for page in pages_ for one in page["Parameters"]]:
        stack.aws.ssm.delete_parameter(Name=name)


_FAULTY: Final = "/reachable/faulty/"
_HASTY: Final = ("--stage", "faulty", "--stack-name", deploy.STACK, "--yes", "--within", "2")
"""What bounces in so short a time depends on the machine."""


def _put(stack: Stack, names: Mapping[str, str]) -> None:
    for name, value in names.items():
        stack.aws.ssm.put_parameter(Name=f"{_FAULTY}{name}", Value=value, Type="String", Overwrite=True)


def test_all_holds_on_the_deployed_stack(stack: Stack, guardian: Person) -> None:
    user = stack.users["guardian"].sourced_id
    played = play(stack, "--stage", place.NAME, "--yes", "--user", user, "--text", "+14065550123")
    assert played.outcomes() == dict.fromkeys((*_ALWAYS, "text"), "held"), played.told
    assert played.code == 0
    assert guardian.credential("email")["status"] == "good"
    acts = [one for one in guardian.events("email") if one["by"] is not None]
    assert [(one["kind"], one["by"]) for one in acts[:2]] == [
        ("reset", "aws:play"),
        ("marked", "aws:play"),
    ]


def test_what_is_sent_on_names_nobody(stack: Stack) -> None:
    played = play(stack, "--stage", place.NAME, "--yes")
    assert played.outcomes() == dict.fromkeys(_ALWAYS, "held") | {"reset": "left out"}, played.told
    told = ("@", "+1", "000000000000", "http", f'"{place.NAME}"')
    assert not [word for word in told if word in played.printed]


def test_without_yes_and_nobody_to_ask_it_tells_and_does_nothing(stack: Stack) -> None:
    mails = _mails(stack)
    played = play(stack, "--stage", place.NAME)
    assert (played.code, played.printed) == (1, "")
    assert "send one mail from office@district.example.org to bounce+" in played.told
    assert "Nothing was sent" in played.told
    assert _mails(stack) == mails


def test_a_stage_that_is_not_there_is_said(stack: Stack) -> None:
    played = play(stack, "--stage", "nowhere", "--yes")
    assert (played.code, played.printed) == (1, "")
    assert "SSM has no names under /reachable/nowhere/" in played.told


def test_a_secret_that_the_webhook_does_not_know_does_not_hold(stack: Stack, names: dict[str, str]) -> None:
    _put(stack, names | {"webhooks/twilio/default": json.dumps({"secrets": [uuid4().hex]})})
    played = play(stack, *_HASTY)
    assert (played.code, but_the_bounce(played)) == (1, {"failed-text": "status 401"})


def test_a_secret_that_cannot_be_read_does_not_hold(stack: Stack, names: dict[str, str]) -> None:
    _put(stack, names | {"webhooks/twilio/default": '{"secrets": []}'})
    played = play(stack, *_HASTY)
    unheld = dict.fromkeys(("failed-text", "wrong-signature"), "secret not readable")
    assert (played.code, but_the_bounce(played)) == (1, unheld)


def test_a_gate_that_says_send_does_not_hold(stack: Stack, names: dict[str, str], yes_man: str) -> None:
    known = json.dumps({"secrets": [stack.webhooks["twilio"]["secret"]], "base_url": stack.api_url})
    _put(stack, names | {"sends-function": yes_man, "webhooks/twilio/default": known})
    played = play(stack, *_HASTY)
    assert (played.code, played.unheld()) == (1, {"bounce": "send", "failed-text": "send"})


def test_where_no_secret_stands_the_play_has_its_own_and_takes_it_away(
    stack: Stack, guardian: Person
) -> None:
    """Its workers are new before and after: they keep what they know of secrets for a minute and longer."""
    name = f"/reachable/{place.NAME}/webhooks/twilio/default"
    before = stack.aws.ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    stack.aws.ssm.delete_parameter(Name=name)
    _new_webhook_workers(stack)
    try:
        played = play(stack, "--stage", place.NAME, "--yes")
    finally:
        stack.aws.ssm.put_parameter(Name=name, Type="SecureString", Value=before, Overwrite=True)
        _new_webhook_workers(stack)
    assert (played.code, played.unheld()) == (0, {}), played.told
    assert played.outcomes()["clean-up"] == "held"
    page = stack.aws.ssm.get_parameters_by_path(Path=f"/reachable/{place.NAME}/webhooks/twilio")
    assert [one["Name"] for one in page["Parameters"]] == [name]


@pytest.fixture
def yes_man(stack: Stack) -> Iterator[str]:
    """A function in the gate's place that lets everything pass."""
    verdict = {"send": True, "reason": None, "credential": "one"}
    code = f"""import json
def handler(event, context):
    return {{"statusCode": 200, "headers": {{}}, "body": json.dumps({{"results": [{verdict}]}})}}
"""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("app.py", code)
    functions: Any = stack.aws.functions
    role = functions.get_function_configuration(FunctionName=stack.functions["sends"])["Role"]
    name = f"yes-man-{uuid4().hex[:8]}"
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": packed.getvalue()},
    )
    yield name
    functions.delete_function(FunctionName=name)


def _new_webhook_workers(stack: Stack) -> None:
    """A function that is configured anew starts anew; here with the timeout that it has."""
    name, functions = stack.functions["webhooks"], stack.aws.functions
    functions.update_function_configuration(
        FunctionName=name, Timeout=functions.get_function_configuration(FunctionName=name)["Timeout"]
    )


def _mails(stack: Stack) -> int:
    sent: int = stack.aws.ses.get_send_quota()["SentLast24Hours"]  # type: ignore[assignment] # a float of AWS's
    return sent
