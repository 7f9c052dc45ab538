"""The deployed stack that REACHABLE_STACK names: ``./dev test`` brings one up; by hand, ``./dev up`` does."""

import pytest

from tools import stack as stacks
from tools.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Stack:
    """The stack as its users meet it."""
    return stacks.running()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the stack."""
    for item in items:
        if "tests/stack" in item.path.as_posix():
            item.add_marker(pytest.mark.stack)
