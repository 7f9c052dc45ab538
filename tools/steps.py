"""What a person sees while ``./dev`` works: steps with their times, and what to do when one fails.

Everything here goes to standard error, so that standard output carries answers alone.
"""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

screen: Final = Console(stderr=True, highlight=False)

_SHOWN_LINES: Final = 40
"""Of a failed command: its end, where the reason stands."""


class Failure(Exception):
    """Something went wrong that a person can mend.

    Args:
        what: went wrong.
        todo: what to do about it.
    """

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show that a step goes on, and how long it took."""
    began = time.monotonic()
    if screen.is_terminal:
        with screen.status(title):
            yield
    else:
        screen.print(f"  {title} ...")
        yield
    screen.print(f"[green]✓[/] {title} [dim]({time.monotonic() - began:.1f} s)[/]")


def until[T](found: Callable[[], T], seconds: float, pause: float = 0.5) -> T:
    """Ask again and again until the answer is true-ish, or the time is over. The last answer."""
    end = time.monotonic() + seconds
    while not (answer := found()) and time.monotonic() <= end:
        time.sleep(pause)
    return answer


def run(
    command: Sequence[str | Path],
    todo: str,
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a command quietly; its output goes to a log.

    Raises:
        Failure: it failed; the end of its output is shown.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, env=environment, check=False)
    if done.returncode != 0:
        screen.print("\n".join(log.read_text().splitlines()[-_SHOWN_LINES:]), markup=False)
        words = " ".join(Path(str(word)).name for word in command[:2])
        raise Failure(f"{words} failed (all it said: {log})", todo)
