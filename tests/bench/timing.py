"""Time functions side by side and show the figures; nothing here is ever asserted.

Of several rounds the best counts: whatever else the machine does only makes a round longer. The rounds of
the functions that are compared take turns, so that a slow minute is everybody's.
"""

import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from timeit import Timer
from typing import Final

from rich.console import Console
from rich.table import Table

ROUNDS: Final = 9

type Cell = str | int | float
type Row = tuple[Cell, ...]

screen: Final = Console(width=None if sys.stdout.isatty() else 120)


def seconds(*acts: Callable[[], object]) -> list[float]:
    """How long each takes once, with the garbage collector on, as it is in a Lambda function."""
    timers = [Timer(act, setup="import gc; gc.enable()") for act in acts]
    counts = [max(1, timer.autorange()[0] // 4) for timer in timers]  # rounds of some 50 to 100 ms
    rounds = [
        [timer.timeit(count) / count for timer, count in zip(timers, counts, strict=True)]
        for _ in range(ROUNDS)
    ]
    return [min(times) for times in zip(*rounds, strict=True)]


def show(title: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """A table: figures to the right, words to the left."""
    table = Table()
    for column, value in zip(columns, rows[0], strict=True):
        table.add_column(column, justify="left" if isinstance(value, str) else "right")
    for row in rows:
        table.add_row(*map(_figure, row))
    screen.print(f"\n[bold]{title}[/]", table)


def show_machine() -> None:
    """What the figures are of."""
    screen.print(f"Python {platform.python_version()}, {_processor()}, {os.cpu_count()} cores")


def _figure(value: Cell) -> str:
    match value:
        case str():
            return value
        case int():
            return f"{value:,}"
        case _:
            return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return f"{next(named, '')} {platform.machine()}".strip()
