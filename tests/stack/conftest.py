"""The deployed stack that REACHABLE_STACK names: ``./dev test`` brings one up; by hand, ``./dev up`` does."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tools import place
from tools import stack as stacks
from tools.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The stack as its users meet it; after all they did, the lists come to say what the tables say."""
    stack = stacks.running()
    yield stack
    command = place.tools_command("fold-lists")

    def folded() -> bool:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=place.ROOT)
        sys.stdout.write(done.stdout + done.stderr)
        return done.returncode == 0

    stack.wait_until(folded, "the lists to say what the tables say")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the stack; what compares whole tables comes first, as long as they are small."""
    items.sort(key=lambda item: item.path.name != "test_releases.py")
    for item in items:
        if "tests/stack" in item.path.as_posix():
            item.add_marker(pytest.mark.stack)
