"""How many schedules are run, or which one; and an AWS to run them on."""

import pytest

from tests.functions.conftest import aws

__all__ = ["aws"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--deep`` and ``--schedule``."""
    group = parser.getgroup("interleavings")
    group.addoption("--deep", action="store_true", help="run many more schedules of each scenario")
    group.addoption("--schedule", help="run this one alone, as a failure has told it")
