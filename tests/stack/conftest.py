"""The deployed stack that REACHABLE_STACK names: ``./dev test`` brings one up; by hand, ``./dev up`` does."""

import subprocess
from collections.abc import Iterator

import pytest

from tools import place
from tools import stack as stacks
from tools.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The stack as its users meet it; after all they did, the lists say what the tables say."""
    yield stacks.running()
    command = place.tools_command("fold-lists")
    folded = subprocess.run(command, capture_output=True, text=True, check=False, cwd=place.ROOT)
    assert folded.returncode == 0, folded.stdout + folded.stderr


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the stack."""
    for item in items:
        if "tests/stack" in item.path.as_posix():
            item.add_marker(pytest.mark.stack)
