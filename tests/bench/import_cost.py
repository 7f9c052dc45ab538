"""What a cold start imports: how long each function's handler takes to import, and how many modules.

    python -m tests.bench.import_cost            # the work tree, by the packages of this environment
    python -m tests.bench.import_cost FOLDER     # what `sam build` left there: layer, functions, bytecode

Each import is a process of its own that has read the same files before, so this is Python's part of a cold
start: with bytecode, from a warm disk. Clients that are made at the first call are not in it.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import dropwhile
from pathlib import Path
from typing import Annotated, Final

import typer

from tests import conftest  # noqa: F401 - sets the variables that the functions read at import
from tests.bench.timing import show, show_machine
from tools.place import ROOT

STARTS: Final = 7
TOLD: Final = 3
SHOWN: Final = 6
"""Packages of each function that are named."""

_COUNT: Final = "import sys; before = set(sys.modules); import app; print(len(set(sys.modules) - before))"


def main(built: Annotated[Path | None, typer.Argument()] = None) -> None:
    """Print the tables."""
    show_machine()
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1" if built else ""  # what a build lacks, each start compiles
    paths = {
        one.parent.name: _path(one.parent.name, built) for one in sorted(ROOT.glob("functions/*/app.py"))
    }
    bare, *imports = _milliseconds([], *paths.values())
    show(
        f"Importing each handler, over a bare Python's {bare:.0f} ms",
        ("function", "ms", "modules"),
        [
            (name, took - bare, int(_run(["-c", _COUNT], path).stdout))
            for (name, path), took in zip(paths.items(), imports, strict=True)
        ],
    )
    show(
        "Where it goes: ms in the modules of each package (-X importtime, which slows them)",
        ("function", "packages"),
        [(name, _packages(path)) for name, path in paths.items()],
    )


def _path(function: str, built: Path | None) -> list[Path]:
    """Where Python looks on Lambda: the function's folder and the layer."""
    if built is None:
        return [ROOT / "functions" / function, ROOT / "layers"]
    return [built / "".join(word.title() for word in function.split("_")), built / "Layer" / "python"]


def _milliseconds(*paths: Sequence[Path]) -> list[float]:
    """The best of several starts with each path, by turns; the first, which may compile, does not count."""
    _starts(paths)
    return [min(times) * 1e3 for times in zip(*(_starts(paths) for _ in range(STARTS)), strict=True)]


def _starts(paths: Sequence[Sequence[Path]]) -> list[float]:
    times = []
    for path in paths:
        began = time.perf_counter()
        _run(["-c", "import app" if path else ""], path)
        times.append(time.perf_counter() - began)
    return times


def _packages(path: Sequence[Path]) -> str:
    """The costliest, in the best of a few starts."""
    own = min((_by_package(path) for _ in range(TOLD)), key=Counter.total)
    return ", ".join(f"{package} {us / 1000:.0f}" for package, us in own.most_common(SHOWN))


def _by_package(path: Sequence[Path]) -> Counter[str]:
    """The us of each. A line is ``import time: self [us] | cumulative | name``; site ends the start."""
    own: Counter[str] = Counter()
    lines = _run(["-X", "importtime", "-c", "import app"], path).stderr.splitlines()
    for line in list(dropwhile(lambda line: not line.endswith("| site"), lines))[1:]:
        self_us, _, name = line.removeprefix("import time:").split("|")
        package = name.strip().partition(".")[0]
        own["standard library" if package in sys.stdlib_module_names else package] += int(self_us)
    return own


def _run(arguments: Sequence[str], path: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)


if __name__ == "__main__":
    typer.run(main)
