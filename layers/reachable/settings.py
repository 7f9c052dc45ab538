"""The environment, read in one place, typed, failing with the variable's name.

An I/O module asks at import for its own table or queue, so what a function needs follows from what it
imports; ``tests/unit/test_template.py`` compares that with template.yaml.
"""

import os


class MissingSetting(RuntimeError):
    """A function was deployed without a variable that it needs."""

    def __init__(self, name: str) -> None:
        super().__init__(f"environment variable {name} is not set")


def text(name: str) -> str:
    """The value of a variable that must be there.

    Raises:
        MissingSetting: it is not, or it is empty.
    """
    value = os.environ.get(name, "")
    if not value:
        raise MissingSetting(name)
    return value


def optional(name: str, default: str) -> str:
    """The value of a variable that has a sensible default."""
    return os.environ.get(name) or default


def words(name: str, default: str = "") -> frozenset[str]:
    """A variable that holds words with commas between them."""
    return frozenset(filter(None, (word.strip() for word in optional(name, default).split(","))))
