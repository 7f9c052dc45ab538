"""A process of its own for each act: a private copy of our modules, as each Lambda worker has one.

What a module keeps for its process (Powertools' current event, a batch processor's lists, a cached client)
must not be shared by two acts that run side by side: no two workers share it.
"""

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar, Final, Self

_PRIVATE: Final = ("reachable", "functions", "aws_lambda_powertools")

type Handler = Callable[[dict[str, Any], Any], Any]


class Process:
    """While it is entered, imports (lazy ones too) find its own modules."""

    _entered: ClassVar["Process | None"] = None

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._own: dict[str, ModuleType] = {}
        self._others: dict[str, ModuleType] = {}

    def __enter__(self) -> Self:
        if Process._entered is not None:
            raise RuntimeError("Two processes cannot run at once.")
        self._others = _swap(self._own)
        Process._entered = self
        return self

    def __exit__(self, *_: object) -> None:
        self._own = _swap(self._others)
        Process._entered = None

    @classmethod
    def handler(cls, function: str) -> Handler:
        """A function's handler, as the process has it that is entered."""
        if cls._entered is None:
            raise RuntimeError("No process is entered.")
        before = dict(os.environ)
        os.environ.update(cls._entered._environment)  # read at import, and then only
        try:
            found: Handler = import_module(f"functions.{function}.app").handler
        finally:
            os.environ.clear()
            os.environ.update(before)
        return found


def _swap(modules: Mapping[str, ModuleType]) -> dict[str, ModuleType]:
    """Put these in place of ours that are loaded; those."""
    loaded = {name: sys.modules[name] for name in sys.modules if name.startswith(_PRIVATE)}
    for name in loaded:
        del sys.modules[name]
    sys.modules.update(modules)
    return loaded
