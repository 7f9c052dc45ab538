"""docs/first-deploy.md as printed, from the build to nothing left, on the emulator as the account.

What stands there in a fence of ``bash`` does not run here: the emulator has no Service Quotas and no End User
Messaging, its SES is never in the sandbox, so that nobody can ask to be let out of it, and a sender is
deleted only by who needs it no more. Those commands are checked by tests/unit/test_aws_commands.py alone. A
browser's part (the sign-in page, the authenticator) is a person's.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.stack import account, pages
from tests.stack.pages import Ran
from tools import place
from tools.stack import Stack

_PAGE: Final = "first-deploy.md"
_STAGE: Final = "page"
_STACK: Final = f"reachable-{_STAGE}"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work tree as a clone of its own, all of it committed. Its ./dev is ours, which has its packages."""
    folder = tmp_path_factory.mktemp("repository")
    listed = _git(place.ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.split("\0")):
        if (place.ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(place.ROOT / name, folder / name)
    (folder / "dev").write_text(f'#!/bin/sh\nexec "{place.ROOT}/dev" "$@"\n')
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "-c", "user.name=t", "-c", "user.email=t@t.example", "commit", "--quiet", "-m", "All.")
    return folder


@pytest.fixture(scope="module")
def ran(stack: Stack, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """The whole page, once."""
    stack.aws.ses.delete_identity(Identity=account.SENDER.partition("@")[2])  # of an earlier run
    shims = account.put_sam(tmp_path_factory.mktemp("shims"))
    variables = pages.environment(stack)
    uv = Path(place.uv()).parent
    path = os.pathsep.join([str(shims), variables["PATH"], str(uv)])
    try:
        yield pages.run(_PAGE, repository, stack, {"PATH": path}, STAGE=_STAGE)
    finally:
        stack.aws.cloudformation.delete_stack(StackName=_STACK)  # it is gone, unless the page broke off


def test_the_account_is_asked_before_anything_is_made(ran: Ran) -> None:
    assert ran.by("sts get-caller-identity").split() == ["000000000000"]
    assert int(ran.by("get-account-settings")) >= 100
    assert ran.by("sesv2 get-account").split()[0] == "True"


def test_a_sender_has_three_records_for_its_dns(ran: Ran) -> None:
    assert len(ran.by("create-email-identity").split()) == 3
    assert ran.by("get-email-identity").split()[0] == "True"


def test_it_is_built_and_deployed_and_answers(ran: Ran) -> None:
    assert "Successfully created/updated stack" in ran.by("sam deploy")
    assert ran.by("openapi.json").split() == ["200"]


def test_a_deploy_writes_no_file_of_the_repository(ran: Ran, repository: Path) -> None:
    """Nor anything beside what .gitignore names."""
    assert _git(repository, "status", "--porcelain") == ""


def test_both_addresses_are_told_to_confirm(ran: Ran) -> None:
    told = ran.by("list-subscriptions")
    assert {"it@ridge.example.org", "sis@ridge.example.org"} <= set(told.split())


def test_the_console_is_published(ran: Ran) -> None:
    assert re.fullmatch(r"https://\w+\.cloudfront\.net", ran.by("./dev publish").split()[-1])


def test_the_first_administrator_can_sign_in(ran: Ran) -> None:
    assert ran.by("admin-create-user").split()[-1] == "CONFIRMED"
    password, address = ran.by('echo "$PASSWORD" "$CONSOLE"').split()
    assert len(password) >= 14
    assert address == ran.by("./dev publish").split()[-1]


def test_the_first_program_asks_the_gate(ran: Ran) -> None:
    [answer] = json.loads(ran.by("CLIENT_SECRET="))["results"]
    assert answer["send"] is True


def test_the_first_secret_is_looked_at(ran: Ran) -> None:
    assert ran.by("webhooks/twilio").split()[-1] == "401"


def test_the_first_roster_is_imported(ran: Ran) -> None:
    assert ran.by("list-executions").split()[-1] == "SUCCEEDED"
    shown, *reports = ran.by("ask() {").splitlines()
    [imported] = json.loads(shown)["items"]
    assert imported["state"] == "done"
    assert [Path(line.split()[-1]).suffix for line in reports] == [".csv", ".json"]


def test_the_first_bounce_is_stopped_explained_and_reset(ran: Ran) -> None:
    assert ran.by("STATUS=queued").split()[-1] == "bounced"
    block = next(block for block in ran.commands if "sends/check" in block and "gua-014" in block)
    [stopped] = json.loads(ran.by(block))["results"]
    assert (stopped["send"], stopped["reason"]) == (False, "invalid_address")
    profile, reset, after = (json.loads(line) for line in ran.by("ask ResetFunction").splitlines())
    [mail] = [one for one in profile["credentials"] if one["kind"] == "email"]
    assert mail["status"] == "bad"
    assert [one["outcome"] for one in reset["results"]] == ["reset"]
    assert [one["send"] for one in after["results"]] == [True]


def test_all_holds_that_is_played(ran: Ran) -> None:
    played = json.loads(ran.by("./dev play"))
    assert {line["step"]: line["outcome"] for line in played["lines"]} == {
        "stack": "held",
        "gate": "held",
        "no-token": "held",
        "cors": "left out",
        "bounce": "held",
        "failed-text": "held",
        "wrong-signature": "held",
        "unknown-account": "held",
        "reset": "held",
    }


def test_nothing_is_left_of_it(ran: Ran, stack: Stack) -> None:
    aws = stack.aws
    assert ran.by("delete-stack").split() == ["DELETING"] * 4  # its tables, once it is gone
    names = [one["StackName"] for one in aws.cloudformation.describe_stacks()["Stacks"]]
    assert _STACK not in names
    assert not [name for name in aws.dynamodb.list_tables()["TableNames"] if name.startswith(_STACK)]
    assert not [one["Name"] for one in aws.s3.list_buckets()["Buckets"] if one["Name"].startswith(_STACK)]
    pools = [one["Name"] for one in aws.cognito.list_user_pools(MaxResults=60)["UserPools"]]
    assert pools
    assert not [name for name in pools if name.startswith(_STACK)]
    left = aws.ssm.get_parameters_by_path(Path=f"/reachable/{_STAGE}", Recursive=True)["Parameters"]
    assert left == []


def _git(folder: Path, *arguments: str) -> str:
    command = ["/usr/bin/env", "git", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
