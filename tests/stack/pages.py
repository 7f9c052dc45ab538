"""The pages of docs/, run as they are printed.

A page's ``sh`` blocks are one session of bash, from the first to the last; its ``python`` blocks are files,
whose first line is a comment with their name. What else stands in a fence is shown, not run.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tools import place
from tools.stack import Stack

_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE: Final = re.compile(r"# (\w+\.py)\n")
_END: Final = "\x1e"
"""After what each block prints: the record separator of ASCII."""
_WITHIN_SECONDS: Final = 500
"""A page that builds, deploys and deletes takes two minutes."""


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in one fence, and in which language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What a page's commands printed, a text for each ``sh`` block."""

    commands: tuple[str, ...]
    printed: tuple[str, ...]

    def by(self, command: str) -> str:
        """What the one block printed in which this stands."""
        [found] = [told for block, told in zip(self.commands, self.printed, strict=True) if command in block]
        return found


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a page of docs/ in one language."""
    return [block.text for block in _blocks(page) if block.language == language]


def run(
    page: str,
    folder: Path,
    stack: Stack,
    given: Mapping[str, str] | None = None,
    **assigned: str,
) -> Ran:
    """Run a page of docs/ in a folder, empty or a copy of the repository, against this stack.

    ``given`` are variables that it takes from another page; ``assigned`` values for those that it sets to its
    reader's own, such as ``STAGE=prod``.
    """
    commands: list[str] = []
    for block in _blocks(page):
        if block.language == "python":
            name = _FILE.match(block.text)
            assert name, f"the block does not say how its file is called: {block.text[:40]}"
            (folder / name[1]).write_text(block.text)
        if block.language == "sh":
            commands.append(block.text)
    script = "\n".join(f"{command}\nprintf '\\036'\n" for command in commands)
    for variable, value in assigned.items():
        setting = re.compile(rf"^((?:export )?{variable}=)\S+", re.MULTILINE)
        script, count = setting.subn(rf"\g<1>{value}", script)
        assert count == 1, f"{page} sets {variable} {count} times"
    if not (folder / "dev").exists():
        (folder / "dev").write_text(f'#!/bin/sh\nexec "{place.ROOT}/dev" "$@"\n')
        (folder / "dev").chmod(0o755)
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**environment(stack), **(given or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=_WITHIN_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    printed = done.stdout.split(_END)
    return Ran(tuple(commands), tuple(printed[:-1]))


def _blocks(page: str) -> list[Block]:
    text = (place.ROOT / "docs" / page).read_text("utf-8")
    return [Block(found[1], found[2]) for found in _FENCE.finditer(text)]


def environment(stack: Stack) -> Mapping[str, str]:
    """What ``eval "$(./dev env)"`` sets, and a path on which python3 has boto3 and aws is there."""
    commands = [str(Path(sys.executable).parent), str(place.command("deploy", "aws").parent)]
    return {
        **place.clean_environment(),
        **place.aws_variables(urlsplit(stack.endpoint_url).port or 0),
        "REACHABLE_STACK": place.NAME,
        "PATH": os.pathsep.join([*commands, os.environ["PATH"]]),
    }
