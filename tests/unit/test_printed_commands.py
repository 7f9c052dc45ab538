"""What ./dev prints to be pasted comes through a shell as it was meant."""

import subprocess
from pathlib import Path
from typing import Final

import pytest
from rich.text import Text

from tools import demo, local
from tools.aws import Aws
from tools.stack import SampleUser, Stack

_API: Final = "http://127.0.0.1:4566/_aws/execute-api/a1b2c3/$default"
_ENDPOINT: Final = "http://127.0.0.1:4566"
_SHIM: Final = """#!/bin/sh
echo "$(basename "$0")" "$@" >> called
[ "$1" != env ] || echo export AWS_ENDPOINT_URL=there
"""


@pytest.fixture
def stack() -> Stack:
    nothing: dict[str, str] = {}
    return Stack(
        endpoint_url=_ENDPOINT,
        region="us-east-1",
        api_url=_API,
        console_url="http://localhost:5174",
        user_pool_id="us-east-1_pool",
        event_bus="reachable-local",
        tables=nothing,
        queues=nothing,
        topics=nothing,
        buckets=nothing,
        functions=nothing,
        state_machines=nothing,
        webhooks={},
        users={login: SampleUser("42", "sta-07", ()) for login in ("teacher", "user_manager")},
        aws=Aws(_ENDPOINT),
        clients=nothing,
        password="secret",
    )


def _paste(script: str, folder: Path) -> list[str]:
    """Give a shell these lines, as a person would; which commands it called, with what."""
    for name in ("dev", "aws", "curl"):
        (folder / name).write_text(_SHIM)
        (folder / name).chmod(0o755)
    (folder / "called").touch()
    path = f"{folder}:/usr/bin:/bin"
    command = ["/bin/bash", "-euc", script]
    subprocess.run(command, cwd=folder, env={"PATH": path}, check=True, capture_output=True)
    return (folder / "called").read_text().splitlines()


def test_the_demos_commands_can_be_pasted(stack: Stack, tmp_path: Path) -> None:
    called = _paste("\n".join(demo.commands(stack)), tmp_path)
    assert [line for line in called if line.startswith("curl")] == [
        f"curl -s -H Authorization: Bearer  {_API}/me",
        f"curl -s -H Authorization: Bearer  {_API}/users/42",
    ]
    assert [line for line in called if line.startswith("dev")] == [
        "dev token user_manager",
        "dev env",
        "dev test",
        "dev down",
    ]


def test_what_tells_where_everything_is_can_be_pasted(stack: Stack, tmp_path: Path) -> None:
    """Every line with a command in it, and the API's address behind an equals sign."""
    lines = Text.from_markup(local.where(stack)).plain.splitlines()
    told = dict(line.strip().split("  ", 1) for line in lines if line.startswith("  "))
    told = {name: value.strip() for name, value in told.items()}
    assert _paste(f'API={told["API"]}; curl "$API/me"', tmp_path) == [f"curl {_API}/me"]
    script = "\n".join(told[name] for name in ("AWS", "names", "tokens", "end it"))
    assert _paste(script, tmp_path)[1:] == ["dev env", "dev outputs", "dev token user_manager", "dev down"]
